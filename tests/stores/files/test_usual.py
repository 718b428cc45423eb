"""The meta.yaml of a run that is as MLflow writes it is taken in at one glance, and says what careful reading says."""

from __future__ import annotations

import pytest

from qtui.store.files.layout.fast_meta import parse_run_info
from qtui.store.files.layout.meta import parse_meta

USUAL = """\
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

ALSO_USUAL = {
    "MLflow 1 and 2": USUAL.replace("source_name", f"run_uuid: {'0' * 32}\nsource_name"),
    "MLflow 1's number of the experiment": USUAL.replace("'12'", "12"),
    "still running": USUAL.replace("1600000005000", "null"),
    "deleted": USUAL.replace("end_time", "deleted_time: 1600000009000\nend_time").replace(": active", ": deleted"),
    "on a bucket": USUAL.replace("file:///data", "s3://bucket"),
}


@pytest.mark.parametrize("text", [USUAL, *ALSO_USUAL.values()], ids=["MLflow 3", *ALSO_USUAL])
def test_a_usual_text_says_what_careful_reading_says(text: str) -> None:
    info = parse_run_info(text)
    found = parse_meta(text.encode())
    assert info is not None
    assert info.run_id == found["run_id"]
    assert info.experiment_id == found["experiment_id"]
    assert info.name == found["run_name"]
    assert info.artifact_uri == found["artifact_uri"]
    assert info.user == found["user_id"]
    assert info.lifecycle_stage == found["lifecycle_stage"]
    assert str(info.start_time) == found["start_time"]
    assert (None if info.end_time is None else str(info.end_time)) == found["end_time"]
    assert info.status == "FINISHED"


@pytest.mark.parametrize(
    ("written", "instead"),
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
def test_whatever_is_unusual_is_left_to_careful_reading(written: str, instead: str) -> None:
    assert parse_run_info(USUAL.replace(written, instead)) is None
