"""R reports the active experiment and recorder, and a store that does not exist yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.errors import (
    ExperimentNotFound,
    LoadObjectError,
    RecorderInitializationError,
    RunNotFound,
    UsageError,
)
from qtui.recorder import from_config
from tests.unit.recorder.recording.process import Program


def test_a_search_before_anything_was_recorded_finds_an_empty_table(tmp_path: Path) -> None:
    made = from_config(f"file:{tmp_path}/mlruns")
    assert made.search_records().empty
    assert not (tmp_path / "mlruns").exists()


def test_the_active_experiment_and_recorder_are_returned_without_starting_one(tmp_path: Path) -> None:
    made = from_config(f"file:{tmp_path}/mlruns")
    assert made.get_active_experiment() is None
    assert made.get_active_recorder() is None
    with made.start(experiment_name="a", recorder_name="b") as experiment:
        assert made.get_active_experiment() is experiment
        recorder = made.get_active_recorder()
        assert recorder is not None and recorder.name == "b"
    assert made.get_active_recorder() is None


def test_the_error_about_a_missing_object_names_the_one_with_the_suffix_pkl(tmp_path: Path) -> None:
    made = from_config(f"file:{tmp_path}/mlruns")
    with made.start():
        made.save_objects(model=1)
        with pytest.raises(LoadObjectError, match="Did you mean 'model'"):
            made.load_object("model.pkl")
        with pytest.raises(LoadObjectError) as caught:
            made.load_object("other.pkl")
    assert "Did you mean 'model'" not in str(caught.value)


def test_reading_a_recorder_that_was_never_started_names_it(tmp_path: Path) -> None:
    made = from_config(f"file:{tmp_path}/mlruns")
    recorder = made.get_exp(experiment_name="a").get_recorder(recorder_name="never")
    with pytest.raises(RecorderInitializationError, match="'never'"):
        recorder.list_params()


def test_a_recorder_is_found_by_the_name_or_the_id_of_its_experiment(tmp_path: Path) -> None:
    made = from_config(f"file:{tmp_path}/mlruns")
    with made.start(experiment_name="a", recorder_name="r") as first:
        pass
    with made.start(experiment_name="b", recorder_name="r") as second:
        pass
    assert made.get_recorder(experiment="a", recorder_name="r").experiment_id == first.id
    assert made.get_recorder(experiment=second.id, recorder_name="r").experiment_id == second.id
    recorder = made.get_recorder(experiment=int(second.id), recorder_name="r")
    assert made.get_recorder(experiment=int(second.id), recorder_id=recorder.id) == recorder
    with pytest.raises(RunNotFound):
        made.get_recorder(experiment="a", recorder_id=recorder.id)
    with pytest.raises(ExperimentNotFound):
        made.get_recorder(experiment="c", recorder_name="r")
    with pytest.raises(UsageError, match="either experiment"):
        made.get_recorder(experiment="a", experiment_id=second.id)


def test_qlibs_exit_handler_may_be_called_by_name(tmp_path: Path) -> None:
    program = Program(tmp_path, f"file:{tmp_path}/mlruns")
    body = """
    from qtui.recorder import experiment_exit_handler
    experiment_exit_handler()
    R.start_exp()
    log()
    os.kill(os.getpid(), signal.SIGTERM)
    """
    assert program.run(body)[0] == 143
    assert program.only().info.status == "KILLED"
