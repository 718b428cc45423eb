"""Qlib reads, resumes and deletes what we wrote, and we read, resume and delete what Qlib wrote."""

from __future__ import annotations

from typing import Any

import numpy
import pandas
import pytest

from qtui.errors import ExperimentNotFound, RunNotFound
from qtui.recorder import QlibRecorder
from tests.interop.conftest import Qlib
from tests.interop.qlib_side import EXPERIMENT, FRAME_ROWS

PARAMS = {"model.class": "LGBModel", "lr": "0.05", "名": "值"}
LOSS = [1 / (step + 1) for step in range(5)]
PLAIN = {"a": [1, "二", None]}


def write(ours: QlibRecorder, name: str) -> str:
    """Record what Qlib's side records, with qtui."""
    with ours.start(experiment_name=EXPERIMENT, recorder_name=name):
        ours.log_params(**{"model.class": "LGBModel", "lr": 0.05, "名": "值"})
        for step in range(5):
            ours.log_metrics(step=step, loss=1 / (step + 1))
        ours.log_metrics(IC=0.5)
        ours.set_tags(stage="research")
        index = pandas.MultiIndex.from_product([pandas.to_datetime(["2020-01-02"]), ["A", "B", "C"]])
        pred = pandas.DataFrame({"score": FRAME_ROWS}, index.set_names(["datetime", "instrument"]))
        ours.save_objects(**{"pred.pkl": pred})
        ours.save_objects(artifact_path="deep/er", array=numpy.arange(3), plain=PLAIN)
        return ours.get_recorder().id


def test_qlib_reads_our_runs(ours: QlibRecorder, qlib: Qlib) -> None:
    result = qlib("read", recorder_id=write(ours, "我们的"))
    assert result["experiments"] == sorted(["Default", EXPERIMENT])
    assert (result["name"], result["listed"], result["status"], result["ended"]) == (
        "我们的",
        "我们的",
        "FINISHED",
        True,
    )
    assert PARAMS.items() <= result["params"].items()
    assert (result["metrics"], result["loss"]) == ({"IC": 0.5, "loss": 0.2}, LOSS)
    assert result["tags"]["stage"] == "research"
    assert {"deep", "pred.pkl"} <= set(result["artifacts"])
    assert result["deeper"] == ["deep/er/array", "deep/er/plain"]
    assert (result["pred"], result["array"], result["plain"]) == (FRAME_ROWS, [0, 1, 2], PLAIN)
    assert result["local"]


def test_we_read_the_runs_of_qlib(ours: QlibRecorder, qlib: Qlib) -> None:
    recorder = ours.get_recorder(recorder_id=qlib("write", name="他们的"), experiment_name=EXPERIMENT)
    assert (recorder.name, recorder.status, recorder.end_time is not None) == ("他们的", "FINISHED", True)
    assert PARAMS.items() <= recorder.list_params().items()
    assert recorder.list_metrics() == {"IC": 0.5, "loss": 0.2}
    assert recorder.history("loss").values.tolist() == LOSS
    assert recorder.list_tags()["stage"] == "research"
    assert recorder.list_artifacts("deep/er") == ["deep/er/array", "deep/er/plain"]
    assert recorder.load_object("pred.pkl")["score"].tolist() == FRAME_ROWS
    assert recorder.load_object("deep/er/array").tolist() == [0, 1, 2]
    assert recorder.load_object("deep/er/plain") == PLAIN


def test_qlib_resumes_our_runs(ours: QlibRecorder, qlib: Qlib) -> None:
    recorder_id = write(ours, "shared")
    assert qlib("resume", recorder_id=recorder_id) == recorder_id
    recorder = ours.get_recorder(recorder_id=recorder_id, experiment_name=EXPERIMENT)
    assert recorder.status == "FINISHED"
    assert recorder.history("loss").values.tolist() == [*LOSS, 0.125]
    assert recorder.list_tags()["resumed"] == "by Qlib"
    assert recorder.load_object("later") == [1, 2]


def test_we_resume_qlibs_runs_under_another_command(
    ours: QlibRecorder, qlib: Qlib, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder_id = qlib("write", name="shared")
    monkeypatch.setattr("sys.argv", ["train.py", "--again"])
    with ours.start(experiment_name=EXPERIMENT, recorder_id=recorder_id, resume=True):
        ours.log_metrics(step=5, loss=0.125)
        ours.set_tags(resumed="by us")
        ours.save_objects(later=[1, 2])
    result = qlib("read", recorder_id=recorder_id)
    assert (result["status"], result["loss"], result["tags"]["resumed"]) == ("FINISHED", [*LOSS, 0.125], "by us")
    assert result["params"]["cmd-sys.argv"] == "train.py"
    assert "later" in result["artifacts"]


def test_runs_that_qlib_deletes_are_hidden_until_they_are_restored(ours: QlibRecorder, qlib: Qlib) -> None:
    recorder_id = write(ours, "ours")
    qlib("delete", recorder_id=recorder_id)
    assert ours.list_recorders(experiment_name=EXPERIMENT) == {}
    ours.restore_recorder(recorder_id=recorder_id)
    assert qlib("names")[EXPERIMENT] == ["ours"]


def test_runs_that_we_delete_are_hidden_for_qlib(ours: QlibRecorder, qlib: Qlib) -> None:
    existing, gone = qlib("write", name="kept"), qlib("write", name="gone")
    ours.delete_recorder(recorder_id=gone)
    assert qlib("names")[EXPERIMENT] == ["kept"]
    with pytest.raises(RunNotFound):
        ours.get_recorder(recorder_name="gone", experiment_name=EXPERIMENT)
    assert existing in ours.list_recorders(experiment_name=EXPERIMENT)


def test_a_deleted_experiment_is_gone_for_the_other(ours: QlibRecorder, qlib: Qlib) -> None:
    write(ours, "ours")
    qlib("delete_experiment")
    with pytest.raises(ExperimentNotFound):
        ours.get_exp(experiment_name=EXPERIMENT, create=False)
    ours.restore_exp(experiment_name=EXPERIMENT)
    assert EXPERIMENT in qlib("names")
    ours.delete_exp(experiment_name=EXPERIMENT)
    assert EXPERIMENT not in qlib("names")


def test_objects_of_qlibs_classes_come_back_where_qlib_is(ours: QlibRecorder, qlib: Qlib) -> None:
    recorder = ours.get_recorder(recorder_id=qlib("write_position", name="x"), experiment_name=EXPERIMENT)
    position: Any = recorder.load_object("position")
    assert (type(position).__name__, position.get_cash()) == ("Position", 5.0)
    assert type(recorder.load_object("serializable")).__module__ == "qlib.utils.serial"
