"""Records fill a real recorder, in files and in a database, and find their artifacts again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from qtui.recorder import MLflowRecorder, QlibRecorder, Serializable, calc_ic, from_config, records_of
from tests.unit.quant.templates.signals import LABEL, PRED, Dataset, Model
from tests.unit.quant.templates.test_portfolio import CONFIG, PRICES

TASK = {
    "record": [
        {"class": "SignalRecord", "module_path": "qlib.workflow.record_temp", "kwargs": {"model": "<MODEL>"}},
        {"class": "SigAnaRecord", "kwargs": {"ana_long_short": True}},
        {"class": "HFSignalRecord"},
        {"class": "PortAnaRecord", "kwargs": {"config": CONFIG, "skip_existing": True}},
    ]
}


@pytest.fixture(params=["files", "sqlite"])
def recording(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[QlibRecorder]:
    """R over a new store."""
    monkeypatch.chdir(tmp_path)
    made = from_config({"files": f"file:{tmp_path}/mlruns", "sqlite": f"sqlite:///{tmp_path}/mlflow.db"}[request.param])
    yield made
    made.exp_manager.close()


def worked_out(recorder: MLflowRecorder) -> None:
    """Generate all records of the task."""
    for record in records_of(TASK, recorder=recorder, model=Model(), dataset=Dataset(), prices=PRICES):
        record.generate()


def test_a_whole_task_is_worked_out_and_read_back(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="因子", recorder_name="全流程"):
        worked_out(recording.get_recorder())
    recorder = recording.get_recorder(experiment_name="因子", recorder_name="全流程")
    ic, _ = calc_ic(PRED["score"], LABEL["LABEL0"])
    assert_frame_equal(recorder.load_object("pred.pkl"), PRED, check_freq=False)
    assert_series_equal(recorder.load_object("sig_analysis/ic.pkl"), ic, check_freq=False)
    assert recorder.list_metrics()["IC"] == ic.mean()
    assert "portfolio_analysis/report_normal_1day.pkl" in recorder.list_artifacts("portfolio_analysis")


def test_generating_again_adds_no_points_and_skips_existing_results(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="因子", recorder_name="全流程"):
        worked_out(recording.get_recorder())
        worked_out(recording.get_recorder())
    recorder = recording.get_recorder(experiment_name="因子", recorder_name="全流程")
    assert {len(recorder.history(key).values) for key in recorder.list_metrics()} == {1}


def test_a_serializable_is_saved_in_its_own_way(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="因子"):
        recording.save_objects(thing=Thing())
        assert sorted(vars(recording.load_object("thing"))) == ["kept"]


class Thing(Serializable):
    """With something that is not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.kept, self._dropped = 1, 2
