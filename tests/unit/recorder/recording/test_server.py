"""R records through a tracking server as it does into files and databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.recorder import from_config
from qtui.recorder.recording.mlflow_attachment import MlflowAttachment
from tests.unit.recorder.recording.process import Program


def test_a_run_is_recorded_gone_on_with_and_deleted(
    server_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(MlflowAttachment, "begin", lambda self: None)
    recording = from_config(server_uri)
    with recording.start(experiment_name="e", recorder_name="r"):
        recording.log_metrics(loss=[3, 2, 1])
        recording.log_params(lr=1)
        recording.save_objects(a=[1])
        recorder = recording.get_recorder()
        assert recorder.list_metrics() == {"loss": 1.0}
    with recording.start(recorder_id=recorder.id, resume=True):
        recording.log_metrics(loss=0)
    other = recording.get_recorder(experiment_name="e", recorder_name="r")
    assert (other.id, other.status) == (recorder.id, "FINISHED")
    assert other.history("loss").steps.tolist() == [0, 1, 2, 3]
    assert other.list_params()["lr"] == "1"
    assert other.load_object("a") == [1]
    recording.delete_recorder(recorder_id=recorder.id)
    assert recording.list_recorders(experiment_name="e") == {}


def test_the_line_of_mlflow_that_says_where_to_view_the_run_is_printed_once(server_uri: str, tmp_path: Path) -> None:
    code, output, stderr = Program(tmp_path, server_uri).run("""
    with R.start(experiment_name="printed"):
        R.log_metrics(loss=1)
    """)
    assert code == 0, stderr
    assert output.count("View run") == 1
