"""A recorder tells what its run holds, in Qlib's words."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from qtui.entities import RunInfo
from qtui.errors import ArtifactNotFound, MetricNotFound
from qtui.recorder import MLflowExpManager, MLflowRecorder
from qtui.recorder.store_access import StoreAccess
from qtui.store import ArtifactRoot, Store
from qtui.store.memory import MemoryStore


class MovedStore(MemoryStore):
    """A store whose artifacts were found somewhere."""

    def __init__(self, folder: Path | None, moved: bool) -> None:
        super().__init__()
        self._root = ArtifactRoot("file:///gone/artifacts", folder, moved)

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        return self._root


@pytest.fixture
def recorder(manager: MLflowExpManager) -> MLflowRecorder:
    """The recorder with most values."""
    return manager.recorder_of_id("aaaa1111")


def recorder_of(store: Store, info: RunInfo) -> MLflowRecorder:
    """Return the recorder of a run in an open store."""
    return MLflowRecorder(info.experiment_id, StoreAccess(store.uri, store=store), mlflow_run=info)


def test_times_are_local_strings(monkeypatch: pytest.MonkeyPatch, manager: MLflowExpManager) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    recorder = manager.recorder_of_id("aaaa1111")
    assert (recorder.start_time, recorder.end_time) == ("2023-11-15 01:13:20", "2023-11-15 02:13:20")


def test_a_run_that_has_not_ended_has_no_end(manager: MLflowExpManager) -> None:
    assert manager.recorder_of_id("aaaa2222").end_time is None


def test_a_time_beyond_the_calendar_is_no_time() -> None:
    assert recorder_of(MemoryStore(), RunInfo("a", "1", start_time=10**18)).start_time is None


def test_it_is_described_with_qlibs_keys(recorder: MLflowRecorder) -> None:
    assert recorder.info == {
        "class": "MLflowRecorder",
        "id": "aaaa1111",
        "name": "lgbm",
        "experiment_id": "1",
        "start_time": "2023-11-14 17:13:20",
        "end_time": "2023-11-14 18:13:20",
        "status": "FINISHED",
    }
    assert (recorder.uri, recorder.artifact_uri) == ("memory:", "")


def test_it_lists_its_values(recorder: MLflowRecorder) -> None:
    assert recorder.list_metrics() == {"ic": 0.04}
    assert recorder.list_params() == {"lr": "0.1"}
    assert recorder.list_tags() == {"mlflow.runName": "lgbm", "team": "red"}


def test_it_gives_a_history_as_columns_and_as_a_table(recorder: MLflowRecorder) -> None:
    assert recorder.history("ic").values.tolist() == [0.04, 0.01]
    table = recorder.get_metric_history("ic")
    assert list(table.columns) == ["step", "timestamp", "value"]
    assert table["step"].tolist() == [1, 0]
    with pytest.raises(MetricNotFound):
        recorder.history("nope")


def test_it_lists_one_level_of_artifacts_and_nothing_where_there_is_none(recorder: MLflowRecorder) -> None:
    assert recorder.list_artifacts() == ["pred.pkl", "sig_analysis"]
    assert recorder.list_artifacts("sig_analysis") == ["sig_analysis/deep", "sig_analysis/ic.pkl"]
    assert recorder.list_artifacts("nope") == []


def test_its_local_folder_is_the_one_above_its_artifacts(tmp_path: Path) -> None:
    folder = tmp_path / "1" / "run" / "artifacts"
    assert recorder_of(MovedStore(folder, False), RunInfo("run", "1")).get_local_dir() == str(tmp_path / "1" / "run")


def test_artifacts_that_were_moved_are_pointed_at_where_they_are(tmp_path: Path) -> None:
    run = RunInfo("run", "1", artifact_uri="file:///gone/artifacts")
    assert recorder_of(MovedStore(tmp_path, True), run).get_artifact_uri() == tmp_path.as_uri()
    assert recorder_of(MovedStore(tmp_path, False), run).get_artifact_uri() == "file:///gone/artifacts"


def test_a_run_whose_artifacts_are_elsewhere_has_no_local_folder(recorder: MLflowRecorder) -> None:
    with pytest.raises(ArtifactNotFound, match="are not on this machine"):
        recorder.get_local_dir()


def test_recorders_are_equal_by_id(recorder: MLflowRecorder) -> None:
    info = RunInfo("aaaa1111", "1", status="RUNNING")
    assert recorder == recorder_of(MemoryStore(), info)
    assert len({recorder, recorder_of(MemoryStore(), info)}) == 1
    assert recorder != recorder_of(MemoryStore(), replace(info, run_id="other"))


def test_its_repr_reads_nothing() -> None:
    run = RunInfo("a", "1", status="RUNNING")
    assert repr(recorder_of(MemoryStore(), run)) == "MLflowRecorder(id='a', experiment_id='1', status='RUNNING')"
