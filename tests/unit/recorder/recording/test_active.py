"""What R tells of what is active, and of a store that is not there yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.errors import LoadObjectError, RecorderInitializationError
from qtui.recorder import from_config


def test_a_search_before_anything_was_recorded_finds_an_empty_table(tmp_path: Path) -> None:
    made = from_config(f"file:{tmp_path}/mlruns")
    assert made.search_records().empty
    assert not (tmp_path / "mlruns").exists()


def test_the_active_experiment_and_recorder_are_given_without_starting_one(tmp_path: Path) -> None:
    made = from_config(f"file:{tmp_path}/mlruns")
    assert made.get_active_experiment() is None
    assert made.get_active_recorder() is None
    with made.start(experiment_name="a", recorder_name="b") as experiment:
        assert made.get_active_experiment() is experiment
        recorder = made.get_active_recorder()
        assert recorder is not None and recorder.name == "b"
    assert made.get_active_recorder() is None


def test_an_object_that_is_missing_is_told_beside_the_one_whose_name_differs_by_pkl(tmp_path: Path) -> None:
    made = from_config(f"file:{tmp_path}/mlruns")
    with made.start():
        made.save_objects(model=1)
        with pytest.raises(LoadObjectError, match="There is 'model'"):
            made.load_object("model.pkl")
        with pytest.raises(LoadObjectError) as caught:
            made.load_object("other.pkl")
    assert "There is 'model'" not in str(caught.value)


def test_reading_a_recorder_that_was_never_started_names_it(tmp_path: Path) -> None:
    made = from_config(f"file:{tmp_path}/mlruns")
    recorder = made.get_exp(experiment_name="a").get_recorder(recorder_name="never")
    with pytest.raises(RecorderInitializationError, match="'never'"):
        recorder.list_params()
