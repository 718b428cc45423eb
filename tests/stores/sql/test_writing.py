"""Tests of the writer with old, new, foreign, missing and locked databases, and with many processes."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest

from qtui.entities import ExperimentInfo, Point, RunInfo
from qtui.errors import (
    ExperimentExists,
    MigrationNeeded,
    StoreLocked,
    StoreNotFound,
    StoreUnreachable,
    StoreUnreadable,
    StoreUnwritable,
)
from qtui.store import open_store, open_writer
from qtui.store.dirfd import rename_to_free_name
from qtui.store.edits import Delete, DropTags, Rename, Restore, SetStatus, apply_edits
from qtui.store.sql.schema import create_database
from qtui.store.sql.schema.revisions import SchemaAge, known_revisions, schema_age
from qtui.store.sql.writing.writer import SqlWriter
from qtui.store.writer import Batch, Metric, lock_timeout
from tests.data.packing import unpack
from tests.stores.conftest import ROOT
from tests.stores.processes import run_together, start_task

START = 1_700_000_000_000
ARCHIVES = ROOT / "tests" / "data"
OLD = ["mlflow-1.30.1", "mlflow-2.10.2", "mlflow-2.22.0", "qlib-0.9.7"]
BATCH = Batch([Metric("new/m", Point(step, START + step, step / 2)) for step in range(3)], {"new": "p"}, {"new": "t"})


@pytest.fixture
def path(empty_database: Path, tmp_path: Path) -> Path:
    """Return a database of the installed MLflow."""
    return Path(shutil.copy(empty_database, tmp_path / "mlflow.db"))


@pytest.fixture
def writer(path: Path) -> SqlWriter:
    """Return a writer of this database."""
    return SqlWriter(f"sqlite:///{path}")


@pytest.fixture
def info(writer: SqlWriter) -> RunInfo:
    """Return a run in this database."""
    return writer.create_run(writer.create_experiment("alpha"), name="r", start_time=START)


@pytest.fixture(params=OLD)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a database of an older MLflow."""
    unpack(ARCHIVES / f"{request.param}-sqlite.tar.xz", tmp_path)
    return tmp_path / "mlflow.db"


def digest(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def a_run_of(path: Path) -> RunInfo:
    """Return an existing run of a database."""
    store = open_store(f"sqlite:///{path}")
    return next(info for batch in store.infos() for info in batch.items)


def every_write(writer: SqlWriter, info: RunInfo) -> list[Callable[[], object]]:
    """Return a call of every method that writes."""
    experiment = ExperimentInfo(info.experiment_id, "")
    return [
        lambda: writer.create_experiment("new one"),
        lambda: writer.create_run(experiment, name="r", start_time=START),
        lambda: writer.log(info, BATCH),
        lambda: apply_edits(writer, SetStatus([info], "FAILED")),
        lambda: apply_edits(writer, DropTags([info], ["t"])),
        lambda: apply_edits(writer, Delete([info])),
        lambda: apply_edits(writer, Restore([info])),
        lambda: apply_edits(writer, Delete([experiment])),
        lambda: apply_edits(writer, Restore([experiment])),
    ]


def is_old(path: Path) -> bool:
    """Return whether the installed MLflow would migrate a database."""
    with closing(sqlite3.connect(path)) as connection:
        [(revision,)] = connection.execute("SELECT version_num FROM alembic_version")
    return schema_age(revision) is SchemaAge.OLDER


def test_older_database_is_refused_unchanged(old: Path) -> None:
    if not is_old(old):
        pytest.skip("this archive has today's schema")
    info, before = a_run_of(old), digest(old)
    writer = open_writer(f"sqlite:///{old}")
    for write in every_write(writer, info):
        with pytest.raises(MigrationNeeded, match=r"older MLflow.*allow_migrate=True"):
            write()
    assert digest(old) == before
    assert [item.name for item in old.parent.iterdir() if item.name.startswith("mlflow.db")] == ["mlflow.db"]


def test_older_database_is_written_with_keep_schema(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        schema = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    uri = f"sqlite:///{old}"
    writer = open_writer(uri, keep_schema=True)
    experiment = writer.create_experiment("new one", tags={"a": "b"})
    info = writer.create_run(experiment, name="new 名", start_time=START, user="quant")
    writer.log(info, BATCH)
    apply_edits(writer, SetStatus([info], "FINISHED", START + 5), Rename([info], "newer"))
    apply_edits(writer, Delete([info]))
    apply_edits(writer, Restore([info]))
    apply_edits(writer, Delete([experiment]))
    apply_edits(writer, Restore([experiment]))
    store = open_store(uri)
    [[run]] = [listing.items for listing in store.runs(store.find(info.run_id))]
    assert (run.info.name, run.info.status, run.info.user) == ("newer", "FINISHED", "quant")
    assert (run.params, run.metrics, run.tags["new"]) == ({"new": "p"}, {"new/m": BATCH.metrics[2].point}, "t")
    assert store.history(info, "new/m")[0].points() == [point for _, point in BATCH.metrics]
    assert list(store.examine()) == []
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == schema


def test_older_database_is_migrated_with_allow_migrate(old: Path) -> None:
    uri = f"sqlite:///{old}"
    info = a_run_of(old)
    [[before]] = [listing.items for listing in open_store(uri).runs([info])]
    open_writer(uri, allow_migrate=True).log(info, BATCH)
    from mlflow import MlflowClient

    run = MlflowClient(uri).get_run(info.run_id)
    assert run.data.params == {**before.params, "new": "p"}
    assert run.data.metrics["new/m"] == 1.0


def test_newer_database_is_written_with_its_columns(path: Path, info: RunInfo) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            UPDATE alembic_version SET version_num = 'fffffffffff1';
            ALTER TABLE runs ADD COLUMN mood TEXT DEFAULT 'good' NOT NULL;
            ALTER TABLE runs DROP COLUMN source_name;
            """
        )
    writer = SqlWriter(f"sqlite:///{path}")
    writer.log(writer.create_run(ExperimentInfo(info.experiment_id, ""), name="r", start_time=START), BATCH)


def test_newer_database_with_unknown_required_column_is_refused(path: Path, info: RunInfo) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """
            UPDATE alembic_version SET version_num = 'fffffffffff1';
            DROP TABLE experiment_tags;
            CREATE TABLE experiment_tags (experiment_id INT, key TEXT, value TEXT, colour TEXT NOT NULL);
            """
        )
    before = digest(path)
    with pytest.raises(StoreUnwritable, match=r"unsupported MLflow schema: column experiment_tags\.colour is required"):
        SqlWriter(f"sqlite:///{path}").log(info, BATCH)
    assert digest(path) == before


def test_foreign_database_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    before = digest(path)
    with pytest.raises(StoreUnreadable, match="not an MLflow database"):
        open_writer(f"sqlite:///{path}").create_experiment("alpha")
    assert digest(path) == before


def test_first_experiment_creates_the_database(tmp_path: Path) -> None:
    path = tmp_path / "new" / "mlflow.db"
    writer = open_writer(f"sqlite:///{path}")
    with pytest.raises(StoreNotFound, match="no database"):
        writer.create_run(ExperimentInfo("1", "x"), name="r", start_time=START)
    assert not path.parent.exists()
    experiment = writer.create_experiment("alpha")
    assert experiment.artifact_location == f"{path.parent}/mlruns/1"
    assert [item.name for item in path.parent.iterdir()] == ["mlflow.db"]
    store = open_store(f"sqlite:///{path}")
    assert {experiment.name for experiment in store.experiments().items} == {"Default", "alpha"}


def test_one_of_three_processes_creates_the_database(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    answers = run_together([start_task("create_experiment", uri, "alpha") for _ in range(3)])
    assert Counter(answers) == {"1": 1, "ExperimentExists": 2}
    assert [item.name for item in tmp_path.iterdir()] == ["mlflow.db"]


def test_one_of_two_threads_creates_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    created: list[str] = []
    both = Barrier(2)

    def create(uri: str, _: str) -> None:
        created.append(uri)
        with suppress(BrokenBarrierError):
            both.wait(0.1)
        Path(uri.removeprefix("sqlite:///")).touch()

    monkeypatch.setattr(create_database, "create_tables", create)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: create_database.create_sqlite_file(tmp_path / "mlflow.db", ""), range(2)))
    assert len(created) == 1
    assert os.listdir(tmp_path) == ["mlflow.db"]


def test_one_of_eight_processes_creates_the_experiment(path: Path) -> None:
    answers = run_together([start_task("create_experiment", f"sqlite:///{path}", "alpha") for _ in range(8)])
    assert Counter(answers) == {"1": 1, "ExperimentExists": 7}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_logging_to_one_run_lose_nothing(kind: str, request: pytest.FixtureRequest) -> None:
    uri = request.getfixturevalue(f"new_{kind}_uri")
    with closing(open_writer(uri)) as writer, closing(open_store(uri)) as store:
        experiment = writer.create_experiment("logged by many")
        info = writer.create_run(experiment, name="r", start_time=START)
        answers = run_together([start_task("log_points", uri, info.run_id, place, 40) for place in range(4)])
        assert answers == ["done"] * 4
        [[run]] = [listing.items for listing in store.runs([info])]
        assert run.metrics == {"m": Point(79, 3, 0.5)}
        logged = store.history(info, "m")[0].points()
        assert sorted(logged) == sorted(Point(step, place, 0.5) for place in range(4) for step in range(80))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_one_of_four_processes_sets_the_param(kind: str, request: pytest.FixtureRequest) -> None:
    uri = request.getfixturevalue(f"new_{kind}_uri")
    with closing(open_writer(uri)) as writer:
        info = writer.create_run(writer.create_experiment("one param"), name="r", start_time=START)
        answers = run_together([start_task("log_param", uri, info.run_id, place) for place in range(4)])
    assert Counter(answers) == {"done": 1, "ParamConflict": 3}


def test_locked_database_is_reported(path: Path, writer: SqlWriter, info: RunInfo) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with lock_timeout(0.05), pytest.raises(StoreLocked, match="locked by another program"):
            writer.log(info, BATCH)
        other.execute("ROLLBACK")
    writer.log(info, BATCH)


def test_full_disk_rolls_back(path: Path, info: RunInfo) -> None:
    with closing(sqlite3.connect(path)) as connection:
        before = list(connection.iterdump())
    [answer] = run_together(
        [start_task("log_with_little_room", f"sqlite:///{path}", info.run_id, path.stat().st_size - 8192)]
    )
    assert answer == "StoreUnwritable"
    with closing(sqlite3.connect(path)) as connection:
        assert list(connection.iterdump()) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_database_is_reported(path: Path, writer: SqlWriter, info: RunInfo) -> None:
    path.chmod(0o444)
    with pytest.raises(StoreUnwritable, match="readonly"):
        writer.log(info, BATCH)


def test_missing_server_is_reported_without_the_password() -> None:
    writer = open_writer("postgresql+psycopg://ann:secret@127.0.0.1:1/nothing")
    with pytest.raises(StoreUnreachable, match="cannot be reached") as error:
        writer.create_experiment("alpha")
    assert "secret" not in str(error.value)


def test_name_of_a_deleted_experiment_suggests_a_remedy(writer: SqlWriter) -> None:
    apply_edits(writer, Delete([writer.create_experiment("gone")]))
    with pytest.raises(ExperimentExists, match=r"deleted experiment.*Restore it"):
        writer.create_experiment("gone")


def test_new_experiments_use_the_artifact_root_of_the_default_one(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE experiments SET artifact_location = ?", (f"file://{tmp_path}/shared/0",))
    experiment = SqlWriter(f"sqlite:///{path}").create_experiment("alpha")
    assert experiment.artifact_location == f"file://{tmp_path}/shared/1"


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """Return the folder of a database whose experiment `alpha` has a run with an artifact."""
    folder = tmp_path / "original"
    store = SqlWriter(f"sqlite:///{folder}/mlflow.db")
    save_a_file(store, store.create_experiment("alpha"), tmp_path)
    store.close()
    return folder


def save_a_file(writer: SqlWriter, experiment: ExperimentInfo, folder: Path) -> RunInfo:
    """Start a run with one artifact."""
    (folder / "a.txt").write_text("a")
    info = writer.create_run(experiment, name="r", start_time=START)
    writer.save_artifact(info, folder / "a.txt")
    return info


@pytest.mark.parametrize("has_artifacts", [True, False], ids=["with artifacts", "the database alone"])
@pytest.mark.parametrize("is_kept", [True, False], ids=["copied", "moved"])
def test_copied_or_moved_database_writes_artifacts_beside_itself(
    original: Path, tmp_path: Path, is_kept: bool, has_artifacts: bool
) -> None:
    if has_artifacts:
        shutil.copytree(original, tmp_path / "copy")
    else:
        (tmp_path / "copy").mkdir()
        shutil.copy(original / "mlflow.db", tmp_path / "copy")
    if not is_kept:
        shutil.rmtree(original)
    before = sorted(original.rglob("*"))
    copy = SqlWriter(f"sqlite:///{tmp_path}/copy/mlflow.db")
    store = open_store(copy.uri)
    [alpha] = [item for item in store.experiments().items if item.name == "alpha"]
    for experiment in (alpha, copy.create_experiment("beta")):
        info = save_a_file(copy, experiment, tmp_path)
        place = f"{tmp_path}/copy/mlruns/{experiment.experiment_id}/{info.run_id}/artifacts"
        assert info.artifact_uri == place
        assert [artifact.path for artifact in store.artifacts(info).items] == ["a.txt"]
        assert Path(place, "a.txt").is_file()
    assert sorted(original.rglob("*")) == before


def test_artifact_written_to_the_original_store_logs_a_warning(
    original: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "copy").mkdir()
    shutil.copy(original / "mlflow.db", tmp_path / "copy")
    copy = SqlWriter(f"sqlite:///{tmp_path}/copy/mlflow.db")
    [info] = next(iter(open_store(copy.uri).infos())).items
    copy.save_artifact(info, tmp_path / "a.txt", "more")
    assert f"are written to another store: {original}/mlruns/{info.experiment_id}" in caplog.text


def test_custom_artifact_locations_are_kept(path: Path, tmp_path: Path) -> None:
    writer = SqlWriter(f"sqlite:///{path}")
    (tmp_path / "big").mkdir()
    for location in (f"{tmp_path}/big/mlruns/1", f"file://{tmp_path}/big/other", "s3://bucket/1"):
        experiment = writer.create_experiment(location, artifact_location=location)
        info = writer.create_run(experiment, name="r", start_time=START)
        assert info.artifact_uri == f"{location}/{info.run_id}/artifacts"


def test_known_revisions_end_with_the_latest_of_mlflow() -> None:
    from mlflow.store.db.utils import _get_latest_schema_revision

    older, newest = known_revisions()
    assert newest == {_get_latest_schema_revision()}
    assert "451aebb31d03" in older


def test_current_database_is_written_without_importing_mlflow(path: Path) -> None:
    code = (
        "import sys; from qtui.store import open_writer; from qtui.store.writer import *; "
        f"w = open_writer('sqlite:///{path}'); "
        "i = w.create_run(w.create_experiment('a'), name='r', start_time=1); "
        "w.log(i, Batch(params={'p': 'v'})); "
        "print(sorted({'mlflow', 'pandas', 'numpy', 'alembic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV])
def test_database_is_created_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*paths: object, **named: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "part.db").write_bytes(b"new")
    rename_to_free_name(tmp_path / "part.db", tmp_path / "mlflow.db")
    assert (tmp_path / "mlflow.db").read_bytes() == b"new"
    (tmp_path / "part.db").write_bytes(b"newer")
    with pytest.raises(FileExistsError):
        rename_to_free_name(tmp_path / "part.db", tmp_path / "mlflow.db")
    assert (tmp_path / "mlflow.db").read_bytes() == b"new"


def test_without_mlflow_no_revisions_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "script.py").write_text("revision = 'abcdef123456'\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("qtui.store.sql.schema.revisions.find_spec", lambda name: ModuleSpec(name, None))
    assert known_revisions.__wrapped__() == (frozenset(), frozenset())
