"""The fast parser of a run's meta.yaml gives the same result as the full parser, or declines."""

from __future__ import annotations

import pytest

from qtui.store.files.layout.fast_meta import parse_run_info
from qtui.store.files.layout.meta import parse_meta

MLFLOW_3 = """\
artifact_uri: file:///data/mlruns/12/{run}/artifacts
end_time: 1600000005000
entry_point_name: ''
experiment_id: '12'
lifecycle_stage: active
run_id: {run}
run_name: a run (2) of 数据
source_name: ''
source_type: 4
source_version: ''
start_time: 1600000000000
status: 3
tags: []
user_id: researcher
""".format(run="0" * 32)

OTHER_VERSIONS = {
    "MLflow 1 and 2": MLFLOW_3.replace("source_name", f"run_uuid: {'0' * 32}\nsource_name"),
    "MLflow 1's number of the experiment": MLFLOW_3.replace("'12'", "12"),
    "still running": MLFLOW_3.replace("1600000005000", "null"),
    "deleted": MLFLOW_3.replace("end_time", "deleted_time: 1600000009000\nend_time").replace(": active", ": deleted"),
    "without a user": MLFLOW_3.replace("researcher", "''"),
    "on a bucket": MLFLOW_3.replace("file:///data", "s3://bucket"),
}


@pytest.mark.parametrize("text", [MLFLOW_3, *OTHER_VERSIONS.values()], ids=["MLflow 3", *OTHER_VERSIONS])
def test_the_fast_parser_gives_the_same_fields(text: str) -> None:
    info = parse_run_info(text)
    fields = parse_meta(text.encode())
    assert info is not None
    assert info.run_id == fields["run_id"]
    assert info.experiment_id == fields["experiment_id"]
    assert info.name == fields["run_name"]
    assert info.artifact_uri == fields["artifact_uri"]
    assert info.user == fields["user_id"]
    assert info.lifecycle_stage == fields["lifecycle_stage"]
    assert str(info.start_time) == fields["start_time"]
    assert (None if info.end_time is None else str(info.end_time)) == fields["end_time"]
    assert info.status == "FINISHED"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a run (2) of 数据", "'2'"),
        ("a run (2) of 数据", "null"),
        ("a run (2) of 数据", "~"),
        ("a run (2) of 数据", "a # comment"),
        ("a run (2) of 数据", "key: value"),
        ("a run (2) of 数据", "colon:"),
        ("a run (2) of 数据", '"a\\tb"'),
        ("a run (2) of 数据", "- a"),
        ("a run (2) of 数据", "a "),
        ("researcher", "Null"),
        ("status: 3", "status: 9"),
        ("start_time: 1600000000000", "start_time: 1.6e12"),
        ("tags: []", "tags: [a]"),
        ("user_id: researcher\n", "user_id: researcher"),
        ("user_id: researcher\n", "user_id: researcher\nmore: 1\n"),
    ],
)
def test_the_fast_parser_declines_other_forms(old: str, new: str) -> None:
    assert parse_run_info(MLFLOW_3.replace(old, new)) is None
