"""Going on with a run adds to it, whatever has changed since, and never starts another one by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from qtui.entities import Run
from qtui.errors import NotActive, ParamConflict, RecorderInitializationError, RunNotFound, UsageError
from qtui.recorder import MLflowRecorder, QlibRecorder, from_config
from qtui.recorder.recording.value_logger import ValueLogger
from tests.unit.recorder.recording.process import Program


def first_session(recording: QlibRecorder) -> MLflowRecorder:
    """A run that has ended, and is then gone on with."""
    with recording.start(experiment_name="e", recorder_name="r"):
        recording.log_params(lr=0.1)
        recording.log_metrics(loss=[4, 3], ic=0.1)
        recording.log_metrics(step=40, late=1.0)
        return recording.get_recorder()


@pytest.mark.parametrize(
    "how",
    [
        {"recorder_id": True},
        {"recorder_id": True, "experiment_name": "e"},
        {"recorder_name": "r", "experiment_name": "e"},
    ],
    ids=["id", "id and experiment", "name"],
)
def test_a_run_is_resumed_by_id_and_by_name(recording: QlibRecorder, how: dict[str, object]) -> None:
    first = first_session(recording)
    with recording.start(resume=True, **{**how, **({"recorder_id": first.id} if "recorder_id" in how else {})}):
        recorder = recording.get_recorder()
        assert (recorder.id, recorder.status, recorder.start_time) == (first.id, "RUNNING", first.start_time)
        recording.log_metrics(loss=2)
        recording.log_metrics(late=0.5)
        recording.log_params(more=1)
    assert recorder.status == "FINISHED"
    assert recorder.history("loss").steps.tolist() == [0, 1, 2]
    assert recorder.history("loss").values.tolist() == [4, 3, 2]
    assert recorder.history("late").steps.tolist() == [40, 41]
    assert recorder.list_params().items() >= {"lr": "0.1", "more": "1"}.items()
    assert len(recording.list_recorders(experiment_name="e")) == 1


def test_the_latest_run_of_a_name_is_resumed(recording: QlibRecorder) -> None:
    first_session(recording)
    latest = first_session(recording)
    with recording.start(experiment_name="e", recorder_name="r", resume=True):
        assert recording.get_recorder().id == latest.id


def test_an_unknown_name_starts_a_new_run(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="e", recorder_name="new", resume=True):
        assert recording.get_recorder().name == "new"


def test_another_command_line_is_recorded_beside_the_first_and_nothing_is_lost(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = first_session(recording)
    for arguments in (["train.py", "--more"], ["train.py", "--seed", "1"], ["train.py", "--most"]):
        monkeypatch.setattr("sys.argv", arguments)
        monkeypatch.setenv("_QLIB_MODE", arguments[1])
        with recording.start(recorder_id=first.id, resume=True):
            recording.log_metrics(loss=2)
    params = first.list_params()
    assert params["cmd-sys.argv"] == "train.py --seed 1"
    assert params["cmd-sys.argv.2"] == "train.py --more"
    assert params["cmd-sys.argv.3"] == "train.py --most"
    assert [params[key] for key in ("_QLIB_MODE", "_QLIB_MODE.2", "_QLIB_MODE.3")] == ["--more", "--seed", "--most"]
    assert len(first.history("loss")) == 5


def test_a_param_cannot_change_on_the_way(recording: QlibRecorder) -> None:
    first = first_session(recording)
    with recording.start(recorder_id=first.id, resume=True):
        with pytest.raises(Exception, match=r"'lr' is '0\.1' and cannot be changed to '0\.5'"):
            recording.log_params(lr=0.5)
        recording.log_params(lr=0.1)
        recording.log_metrics(after=1)
    assert first.list_metrics()["after"] == 1.0


def test_an_unknown_id_is_an_error_and_no_new_run(recording: QlibRecorder) -> None:
    first = first_session(recording)
    for how in ({}, {"experiment_name": "e"}):
        with pytest.raises(RunNotFound, match="'nobody'"), recording.start(recorder_id="nobody", resume=True, **how):
            raise AssertionError("never here")
    assert list(recording.list_recorders(experiment_name="e")) == [first.id]
    assert recording.exp_manager.active_experiment is None


def test_the_error_about_an_id_of_another_experiment_names_that_experiment(recording: QlibRecorder) -> None:
    first = first_session(recording)
    with (
        pytest.raises(RunNotFound, match=f"is in the experiment {first.experiment_id}"),
        recording.start(recorder_id=first.id, experiment_name="other", resume=True),
    ):
        raise AssertionError("never here")


def test_a_deleted_run_says_so_and_r_is_clean(recording: QlibRecorder) -> None:
    first = first_session(recording)
    recording.delete_recorder(recorder_id=first.id)
    with pytest.raises(NotActive, match="is deleted"), recording.start(recorder_id=first.id, resume=True):
        raise AssertionError("never here")
    assert recording.exp_manager.active_experiment is None
    with recording.start():
        recording.log_metrics(m=1)


def test_an_id_without_resume_is_an_error_instead_of_a_new_run(recording: QlibRecorder) -> None:
    first = first_session(recording)
    with pytest.raises(UsageError, match="resume=True"), recording.start(recorder_id=first.id):
        raise AssertionError("never here")


def test_a_recorder_from_a_search_can_be_started(recording: QlibRecorder) -> None:
    first = first_session(recording)
    other = recording.get_recorder(recorder_id=first.id)
    with other.start_run() as running:
        running.log_metrics(loss=2)
    assert other.status == "FINISHED"
    assert other.history("loss").steps.tolist() == [0, 1, 2]


def test_a_command_that_is_run_inside_a_run_resumes_it_once(store_uri: str, tmp_path: Path) -> None:
    program = Program(tmp_path, store_uri)
    assert program.run("with R.start(recorder_name='first'):\n    log()")[0] == 0
    run_id = program.only().info.run_id
    body = """
    assert os.environ["MLFLOW_RUN_ID"]
    with R.start(experiment_name="any"):
        R.log_metrics(resumed=1.0)
        R.log_metrics(loss=0.0)
        assert "MLFLOW_RUN_ID" not in os.environ
    with R.start(recorder_name="second"):
        pass
    """
    environ = {"QTUI_RECORDER_ID": run_id, "MLFLOW_RUN_ID": run_id}
    assert program.run(body, "--again", environ=environ) == (0, "", "")
    assert [info.name for info in program.infos] == ["first", "second"]
    assert program.store.history(program.infos[0], "loss")[0].steps.tolist() == list(range(3001))


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_run_cannot_be_resumed_inside_itself_and_stays_active(recording: QlibRecorder, by: str) -> None:
    with recording.start(experiment_name="e", recorder_name="r"):
        recorder = recording.get_recorder()
        named = {"recorder_id": recorder.id} if by == "id" else {"experiment_name": "e", "recorder_name": "r"}
        with pytest.raises(RecorderInitializationError, match=r"R\.bind"), recording.start(**named, resume=True):
            pass
        assert recorder.status == "RUNNING"
        recording.log_metrics(after=1.0)
    assert (recorder.status, recorder.list_metrics()) == ("FINISHED", {"after": 1.0})


def test_another_process_that_takes_the_number_of_our_command_fails_nothing(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recording.start():
        recorder_id = recording.get_recorder().id
    known = ValueLogger.known_params
    others = iter(["other.py"])

    def raced(value_logger: ValueLogger) -> Mapping[str, str]:
        other = dict(known(value_logger))
        for command in others:
            from_config(recording.get_uri()).get_recorder(recorder_id=recorder_id).log_params(
                **{"cmd-sys.argv.2": command}
            )
        return other

    monkeypatch.setattr("sys.argv", ["train.py", "--more"])
    monkeypatch.setattr(ValueLogger, "known_params", raced)
    with recording.start(recorder_id=recorder_id, resume=True):
        recording.log_metrics(loss=1)
    params = recording.get_recorder(recorder_id=recorder_id).list_params()
    assert params["cmd-sys.argv.2"] == "other.py"
    assert params["cmd-sys.argv.3"] == "train.py --more"


def test_a_resumed_run_is_read_once(recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = first_session(recording)
    reads: list[object] = []
    read = MLflowRecorder._read_before_logging

    def counted(recorder: MLflowRecorder) -> Run:
        reads.append(recorder)
        return read(recorder)

    monkeypatch.setattr("sys.argv", ["train.py", "--more"])
    monkeypatch.setattr(MLflowRecorder, "_read_before_logging", counted)
    with recording.start(recorder_id=first.id, resume=True):
        recording.log_metrics(loss=2)
        recording.log_params(more=1)
        with pytest.raises(ParamConflict):
            recording.log_params(**{"cmd-sys.argv.2": "other"})
    assert len(reads) == 1
    assert first.list_params()["cmd-sys.argv.2"] == "train.py --more"
