"""Values that a store cannot keep are refused at the line that logs them; what MLflow takes is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from qtui.errors import BadValue, NotLogged, UsageError
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
        with pytest.raises(BadValue, match="cannot hold both"):
            getattr(files, verb)(**{second: 2, "other": 3})
        getattr(files, verb)(**{first: 1, "other": 3})
    values: Mapping[str, object] = {**recorder.list_metrics(), **recorder.list_params(), **recorder.list_tags()}
    assert {first, "other"} <= values.keys()
    assert second not in values
    assert recorder.status == "FINISHED"


def test_a_resumed_run_remembers_its_keys(files: QlibRecorder) -> None:
    with files.start():
        files.log_metrics(loss=1)
        files.set_tags(team="red")
        run_id = files.get_recorder().id
    with files.start(recorder_id=run_id, resume=True):
        with pytest.raises(BadValue, match="and 'loss'"):
            files.log_metrics(**{"loss/val": 1})
        with pytest.raises(BadValue, match="and 'team'"):
            files.set_tags(**{"team/lead": "ann"})


def test_a_tag_in_the_way_of_those_that_a_run_begins_with_is_refused_where_it_is_set(files: QlibRecorder) -> None:
    with files.start():
        with pytest.raises(BadValue, match=r"cannot hold both the tag 'mlflow\.runName/x' and 'mlflow\.runName'"):
            files.set_tags(**{"mlflow.runName/x": "1"})
        files.get_recorder().delete_tags("mlflow.source.type")
        files.set_tags(**{"mlflow.source.type/x": "1"})


def test_a_deleted_tag_is_in_nobodys_way(files: QlibRecorder) -> None:
    with files.start():
        files.set_tags(team="red")
        files.get_recorder().delete_tags("team")
        files.set_tags(**{"team/lead": "ann"})
        assert files.get_recorder().list_tags()["team/lead"] == "ann"


def test_a_key_that_another_process_has_put_in_the_way_is_refused_without_waiting(
    files: QlibRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qtui.recorder.recording.batch_writer.FIRST_DELAY_S", 1e9)
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
    assert ("The tag 'note' is truncated to 8000 of its 9000 characters." in caplog.text) is not in_files


@pytest.fixture
def warning(recording: QlibRecorder) -> Iterator[QlibRecorder]:
    """R that leaves wrong values out with a warning."""
    made = from_config(recording.get_uri(), on_bad_value="warn")
    yield made
    made.exp_manager.close()


def test_with_warn_a_wrong_value_is_reported_once_and_training_goes_on(
    warning: QlibRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    with warning.start():
        recorder = warning.get_recorder()
        for step in range(3):
            warning.log_metrics(step=step, loss=None, accuracy=step)
        warning.log_params(lr=1)
        warning.log_params(lr=2, depth=3)
        warning.set_tags(**{"a;b": "x", "team": "red"})
    assert recorder.status == "FINISHED"
    assert recorder.history("accuracy").values.tolist() == [0, 1, 2]
    assert "loss" not in recorder.list_metrics()
    assert recorder.list_params().items() >= {"lr": "1", "depth": "3"}.items()
    assert recorder.list_tags()["team"] == "red"
    for name in ("'loss'", "'lr'", "'a;b'"):
        assert caplog.text.count(f"{name} ") == 1, name


def test_with_warn_a_value_that_only_the_store_refuses_does_not_fail_the_run(
    warning: QlibRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    with warning.start():
        recorder = warning.get_recorder()
        from_config(warning.get_uri()).get_recorder(recorder_id=recorder.id).log_params(lr=1)
        warning.log_params(lr=2, depth=3)
    assert recorder.status == "FINISHED"
    assert recorder.list_params().items() >= {"lr": "1", "depth": "3"}.items()
    assert re.search("Not logged: .*aram 'lr'", caplog.text)


def test_one_run_may_leave_wrong_values_out_where_others_raise(recording: QlibRecorder) -> None:
    with recording.start(on_bad_value="warn"):
        tolerant = recording.get_recorder()
        recording.log_metrics(loss=None, accuracy=1)
        with pytest.raises(BadValue), recording.start():
            recording.log_metrics(loss=None)
        recording.log_metrics(loss=None)
    recording.start_exp(recorder_id=tolerant.id, resume=True, on_bad_value="warn")
    recording.log_metrics(loss=None, accuracy=2)
    recording.end_exp()
    with pytest.raises(BadValue), recording.start(recorder_id=tolerant.id, resume=True):
        recording.log_metrics(loss=None)
    assert tolerant.history("accuracy").values.tolist() == [1, 2]
    with pytest.raises(UsageError, match="'raise' or 'warn'"), recording.start(on_bad_value="ignore"):
        raise AssertionError("never here")
    assert recording.exp_manager.active_experiment is None


def test_only_raise_and_warn_are_ways_to_treat_a_wrong_value() -> None:
    with pytest.raises(UsageError, match="is 'ignore', but must be 'raise' or 'warn'"):
        from_config("file:/nowhere", on_bad_value="ignore")


def test_a_key_may_be_called_self(recording: QlibRecorder) -> None:
    with recording.start():
        recorder = recording.get_recorder()
        recording.log_metrics(self=1)
        recording.log_params(self=2)
        recording.set_tags(self=3)
        recording.save_objects(self=[4])
    assert recorder.list_metrics()["self"] == 1.0
    assert recorder.list_params()["self"] == "2"
    assert recorder.list_tags()["self"] == "3"
    assert recorder.load_object("self") == [4]
