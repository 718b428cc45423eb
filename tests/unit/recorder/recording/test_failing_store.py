"""A store that fails loses nothing in silence, and R is as good as new afterwards."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tarfile
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import TEMPORARILY_UNAVAILABLE

from qtui.entities import Point, RunInfo
from qtui.errors import (
    ArtifactNotFound,
    ExperimentNotFound,
    MigrationNeeded,
    NotActive,
    NotLogged,
    StoreLocked,
    StoreUnreachable,
    StoreUnwritable,
)
from qtui.recorder import QlibRecorder, from_config
from qtui.recorder.recording.batch_writer import Retry
from qtui.recorder.recording.run_recording import RunRecording
from qtui.recorder.store_access import StoreAccess
from qtui.store.sql.writing import transactions
from qtui.store.writer import Batch, Metric
from tests.unit.recorder.recording.process import Program

RETRY = "qtui.recorder.recording.run_recording.Retry"
OLD = Path(__file__).parents[3] / "data" / "mlflow-2.22.0-sqlite.tar.xz"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a store to come back."""
    monkeypatch.setattr(RETRY, lambda: Retry(0.0))


def away(*given: object, **named: object) -> None:
    raise StoreUnreachable("The server is down.")


@pytest.mark.parametrize("answers_at_the_end", [True, False])
def test_a_store_that_takes_nothing_is_asked_for_one_minute_in_all(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch, answers_at_the_end: bool
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(RETRY, lambda: Retry(60, slept.append, lambda: sum(slept)))
    expected = NotLogged if answers_at_the_end else StoreUnreachable
    with monkeypatch.context() as down:
        with pytest.raises(expected), recording.start():
            recorder = recording.get_recorder()
            recorder.flush()
            down.setattr(recording.exp_manager.access.writer, "log", away)
            if not answers_at_the_end:
                down.setattr(recording.exp_manager.access.writer, "apply", away)
            recording.log_metrics(loss=[3, 2, 1])
        assert sum(slept) == 60
    assert recorder.status == ("FINISHED" if answers_at_the_end else "RUNNING")


def test_objects_are_saved_again_after_a_short_failure_of_the_store(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(RETRY, lambda: Retry(60, lambda seconds: None))
    (tmp_path / "report.txt").write_text("good")
    with recording.start():
        recorder, writer = recording.get_recorder(), recording.exp_manager.access.writer
        save = writer.save_artifact
        failures = iter([StoreUnreachable("The server is down."), StoreLocked("The store is locked.")] * 2)

        def failing(info: RunInfo, source: Path, folder: str = "") -> None:
            for failure in failures:
                raise failure
            save(info, source, folder)

        monkeypatch.setattr(writer, "save_artifact", failing)
        recording.save_objects(model=[1, 2])
        recording.log_artifact(str(tmp_path / "report.txt"), "texts")
    assert recorder.load_object("model") == [1, 2]
    assert recorder.list_artifacts("texts") == ["texts/report.txt"]


@pytest.mark.usefixtures("impatient")
def test_objects_that_a_store_never_took_are_kept_and_named_and_can_be_saved_later(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "report.txt").write_text("good")
    with recording.start():
        recorder = recording.get_recorder()
        with monkeypatch.context() as down:
            down.setattr(recording.exp_manager.access.writer, "save_artifact", away)
            with pytest.raises(NotLogged, match=r"The server is down\. model\.pkl: kept in ") as error:
                recording.save_objects(artifact_path="best", **{"model.pkl": [1, 2]})
            with pytest.raises(NotLogged, match=r"report\.txt: kept in "):
                recording.log_artifact(str(tmp_path / "report.txt"), "texts")
            with pytest.raises(ArtifactNotFound):
                recording.save_objects(str(tmp_path / "nothing"))
        recorder.log_leftovers(str(error.value).partition("kept in ")[2])
    assert recorder.status == "FINISHED"
    assert recorder.load_object("best/model.pkl") == [1, 2]
    assert recorder.list_artifacts("texts") == ["texts/report.txt"]
    assert not list((tmp_path / "state").rglob("*.artifacts"))


@pytest.mark.usefixtures("impatient")
def test_a_shortened_param_is_logged_and_reported_at_the_end(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with pytest.raises(NotLogged, match=r"The server is down\. params: kept in "), recording.start():
        recorder = recording.get_recorder()
        monkeypatch.setattr(recording.exp_manager.access.writer, "save_artifact", away)
        recording.log_params(long="x" * 10_000, short=1)
    assert recorder.list_params()["short"] == "1"
    assert recorder.list_params()["long"].startswith("xxx")


@pytest.mark.usefixtures("impatient")
def test_undelivered_values_are_reported_at_the_end_and_can_be_logged_later(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = r"The server is down\. The unwritten values are kept in "
    with pytest.raises(NotLogged, match=message) as error, recording.start(experiment_name="e"):
        recording.log_metrics(before=1)
        recorder = recording.get_recorder()
        recorder.flush()
        with monkeypatch.context() as down:
            down.setattr(recording.exp_manager.access.writer, "log", away)
            recording.log_metrics(loss=[3, 2, 1])
            recording.log_params(lr=1)
            recorder.flush()
        recording.log_metrics(after=1)
    assert recorder.status == "FINISHED"
    assert recorder.list_metrics() == {"before": 1.0, "after": 1.0}
    assert recording.exp_manager.active_experiment is None
    path = re.search(r"\S+\.jsonl", str(error.value))
    assert path is not None
    recorder.log_leftovers(path[0])
    assert recorder.history("loss").values.tolist() == [3, 2, 1]
    assert recorder.list_params()["lr"] == "1"


@pytest.mark.usefixtures("impatient")
def test_an_exception_of_the_program_is_not_hidden_by_undelivered_values(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*given: object) -> None:
        raise StoreUnwritable("The disk is full.")

    with pytest.raises(ZeroDivisionError), recording.start(), monkeypatch.context() as full:
        recorder = recording.get_recorder()
        full.setattr(recording.exp_manager.access.writer, "log", fail)
        recording.log_metrics(loss=1)
        recorder.flush()
        raise ZeroDivisionError
    assert recorder.status == "FAILED"
    assert "The disk is full. The unwritten values are kept in" in caplog.text


def test_points_that_a_server_took_before_it_failed_are_not_sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[float] = []
    failures = [False, False, True, True, False, False]

    def log_batch(run_id: str, metrics: Sequence[Any], params: Sequence[Any], tags: Sequence[Any]) -> None:
        if failures.pop(0):
            raise MlflowException("The server is down.", error_code=TEMPORARILY_UNAVAILABLE)
        sent.extend(item.step for item in metrics)

    monkeypatch.setattr(RETRY, lambda: Retry(sleep=lambda seconds: None))
    access = StoreAccess("http://127.0.0.1:1")
    vars(access.writer)["_client"] = SimpleNamespace(log_batch=log_batch)
    recording = RunRecording(access, RunInfo("ab12", "1"))
    recording.queue.put(Batch([Metric("loss", Point(step, 1, 0.5)) for step in range(2500)]))
    recording.flush()
    assert sent == list(range(2500))
    assert recording.failures() == ()


def test_a_param_that_another_process_has_set_meanwhile_is_named_at_the_end(recording: QlibRecorder) -> None:
    with pytest.raises(NotLogged, match="lr"), recording.start():
        recorder = recording.get_recorder()
        other = from_config(recording.get_uri()).get_recorder(recorder_id=recorder.id)
        other.log_params(lr=1)
        recording.log_params(lr=2, depth=3)
        recording.log_metrics(loss=1)
    assert recorder.status == "FINISHED"
    assert recorder.list_params().items() >= {"lr": "1", "depth": "3"}.items()
    assert recorder.list_metrics() == {"loss": 1.0}


def test_a_run_that_is_deleted_while_it_is_active_ends_without_an_error(recording: QlibRecorder) -> None:
    with pytest.raises(NotActive), recording.start():
        recorder = recording.get_recorder()
        from_config(recording.get_uri()).delete_recorder(recorder_id=recorder.id)
        recording.log_metrics(late=1)
    assert recording.exp_manager.active_experiment is None
    assert recorder.async_log is None
    with recording.start():
        recording.log_metrics(m=1)


def test_a_database_of_an_older_mlflow_is_written_only_when_somebody_says_how(tmp_path: Path) -> None:
    with tarfile.open(OLD) as archive:
        archive.extractall(tmp_path, filter="data")
    (database,) = tmp_path.glob("*.db")
    before = revision(database)
    refusing = from_config(f"sqlite:///{database}")
    with pytest.raises(MigrationNeeded, match="allow_migrate=True"), refusing.start():
        raise AssertionError("never here")
    assert refusing.exp_manager.active_experiment is None
    keeping = from_config(f"sqlite:///{database}", keep_schema=True)
    with keeping.start(experiment_name="new"):
        keeping.log_metrics(loss=[2, 1])
        keeping.save_objects(a=[1])
    (recorder,) = keeping.list_recorders(experiment_name="new").values()
    assert recorder.list_metrics() == {"loss": 1.0}
    assert recorder.load_object("a") == [1]
    assert revision(database) == before
    migrating = from_config(f"sqlite:///{database}", allow_migrate=True)
    with migrating.start(experiment_name="new", recorder_name="after"):
        migrating.log_metrics(loss=3)
    assert revision(database) != before
    assert {item.list_metrics()["loss"] for item in migrating.list_recorders(experiment_name="new").values()} == {1, 3}


def revision(database: Path) -> str:
    """The schema that a database has."""
    with closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_the_first_run_creates_mlflows_tables_in_an_empty_database(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mlflow.db"
    path.touch()
    monkeypatch.setattr(transactions, "create_tables", lambda uri, root: shutil.copyfile(database, path))
    recording = from_config(f"sqlite:///{path}")
    with recording.start(experiment_name="e"):
        recording.log_metrics(m=1)
    assert list(recording.list_experiments()) == ["e", "Default"]


def test_a_run_starts_when_a_lock_of_the_store_is_released(
    recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.exp_manager.create_exp("e")
    store = type(recording.exp_manager.store)
    usual, calls = store.experiments, count()

    def locked_once(self: Any, *options: Any) -> Any:
        if next(calls) == 0:
            raise StoreLocked("The store is locked.")
        return usual(self, *options)

    monkeypatch.setattr(store, "experiments", locked_once)
    with recording.start(experiment_name="e"):
        recording.log_metrics(m=1)
    assert len(recording.list_recorders(experiment_name="e")) == 1


def test_many_processes_start_in_one_new_experiment(store_uri: str, tmp_path: Path) -> None:
    program = Program(tmp_path, store_uri)
    body = "with R.start(experiment_name='shared'):\n    log(points=10)"
    processes = [program.start(body) for _ in range(4)]
    for process in processes:
        _, stderr = process.communicate(timeout=240)
        assert process.returncode == 0, stderr
    assert len(program.infos) == 4
    assert len({info.experiment_id for info in program.infos}) == 1
    assert {info.status for info in program.infos} == {"FINISHED"}


def test_a_missing_store_is_an_error_and_leaves_r_without_a_session(recording: QlibRecorder, tmp_path: Path) -> None:
    with recording.start(experiment_name="e") as experiment:
        pass
    recording.exp_manager.close()
    shutil.rmtree(tmp_path / "mlruns", ignore_errors=True)
    (tmp_path / "mlflow.db").unlink(missing_ok=True)
    with pytest.raises(ExperimentNotFound), recording.start(experiment_id=experiment.id):
        raise AssertionError("never here")
    assert recording.exp_manager.active_experiment is None
