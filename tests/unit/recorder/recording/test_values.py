"""Values that a store cannot keep are refused at the line that logs them; what MLflow takes is taken."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from qtui.errors import BadValue, NotLogged
from qtui.recorder import QlibRecorder, from_config


@pytest.fixture
def files(recording: QlibRecorder) -> QlibRecorder:
    """R over a store of files, where every key is the path of a file."""
    if not recording.get_uri().startswith("file:"):
        pytest.skip("Only a store of files keeps keys as paths.")
    return recording


@pytest.mark.parametrize(("first", "second"), [("loss", "loss/val"), ("loss/val", "loss"), ("a/b/c", "a")])
@pytest.mark.parametrize("verb", ["log_metrics", "log_params", "set_tags"])
def test_a_key_that_is_the_folder_of_another_is_refused_where_it_is_logged(
    files: QlibRecorder, verb: str, first: str, second: str
) -> None:
    with files.start():
        recorder = files.get_recorder()
        getattr(files, verb)(**{first: 1})
        recorder.flush()
        with pytest.raises(BadValue, match="beside"):
            getattr(files, verb)(**{second: 2, "other": 3})
        getattr(files, verb)(**{first: 1, "other": 3})
    held: Mapping[str, object] = {**recorder.list_metrics(), **recorder.list_params(), **recorder.list_tags()}
    assert {first, "other"} <= held.keys()
    assert second not in held
    assert recorder.status == "FINISHED"


def test_a_resumed_run_remembers_its_keys(files: QlibRecorder) -> None:
    with files.start():
        files.log_metrics(loss=1)
        run_id = files.get_recorder().id
    with files.start(recorder_id=run_id, resume=True), pytest.raises(BadValue, match="beside 'loss'"):
        files.log_metrics(**{"loss/val": 1})


def test_a_deleted_tag_is_in_nobodys_way(files: QlibRecorder) -> None:
    with files.start():
        files.set_tags(team="red")
        files.get_recorder().delete_tags("team")
        files.set_tags(**{"team/lead": "ann"})
        assert files.get_recorder().list_tags()["team/lead"] == "ann"


def test_a_key_that_another_process_has_put_in_the_way_is_refused_without_waiting(
    files: QlibRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qtui.recorder.delivery.FIRST_DELAY", 1e9)
    with pytest.raises(NotLogged, match=r"loss/val.*in the way"), files.start():
        recorder = files.get_recorder()
        from_config(files.get_uri()).get_recorder(recorder_id=recorder.id).log_metrics(loss=1)
        files.log_metrics(**{"loss/val": [3, 2], "other": 1})
    assert recorder.status == "FINISHED"
    assert recorder.list_metrics() == {"loss": 1.0, "other": 1.0}


def test_a_long_tag_is_kept_in_files_and_cut_in_a_database(
    recording: QlibRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    with recording.start():
        recording.set_tags(note="y" * 9000)
        recorder = recording.get_recorder()
    in_files = recording.get_uri().startswith("file:")
    assert recorder.list_tags()["note"] == "y" * (9000 if in_files else 8000)
    assert ("The tag 'note' is cut to 8000 of its 9000 characters." in caplog.text) is not in_files
