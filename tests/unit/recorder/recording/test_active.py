"""What R tells of what is active, and of a store that is not there yet."""

from __future__ import annotations

from pathlib import Path

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
