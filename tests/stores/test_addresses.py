"""Parse and open store addresses in all of MLflow's forms, and reject wrong ones with one message."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qtui.cli.app import program
from qtui.errors import QtuiError, StoreNotFound, UsageError
from qtui.recorder import from_config
from qtui.store import addresses, files, open_store, open_writer, remote, sql
from qtui.store.addresses import STORE_KINDS, StoreKind, absolute_uri, is_on_disk, parse_address
from qtui.store.memory_writer import MemoryWriter
from tests.stores.test_detection import database, tree


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change into a folder with a file store and a database, and return it."""
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "mlruns")
    database(tmp_path / "mlflow.db")
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Replace the store classes; return the list of the kinds and addresses or paths that are opened."""
    calls: list[tuple[str, str]] = []
    monkeypatch.setattr(files, "FileStore", lambda path, cache: calls.append(("files", str(path))))
    monkeypatch.setattr(sql, "SqlStore", lambda uri: calls.append(("database", uri)))
    monkeypatch.setattr(remote, "RemoteStore", lambda uri: calls.append(("remote", uri)))
    return calls


@pytest.mark.parametrize(
    "address",
    [
        "mlruns",
        "./mlruns",
        "{here}/mlruns",
        "{here}",
        ".",
        "file:mlruns",
        "file:./mlruns",
        "file:{here}/mlruns",
        "file://{here}/mlruns",
        "file://localhost{here}/mlruns",
        "FILE:mlruns",
        "file:",
    ],
)
def test_a_file_store_is_opened(here: Path, opened: list[tuple[str, str]], address: str) -> None:
    open_store(address.format(here=here))
    [(kind, path)] = opened
    assert (kind, Path(path).samefile(here / "mlruns")) == ("files", True)
    assert Path(path).is_absolute()


@pytest.mark.parametrize(
    "address",
    [
        "mlflow.db",
        "{here}/mlflow.db",
        "file:mlflow.db",
        "sqlite:///mlflow.db",
        "sqlite:///./mlflow.db",
        "sqlite:///{here}/mlflow.db",
        "sqlite+pysqlite:///mlflow.db",
        "sqlite:///mlflow.db?timeout=3",
    ],
)
def test_a_database_file_is_opened(here: Path, opened: list[tuple[str, str]], address: str) -> None:
    open_store(address.format(here=here))
    [(kind, uri)] = opened
    assert (kind, uri.startswith("sqlite:////")) == ("database", True)
    assert Path(uri.removeprefix("sqlite:///")).samefile(here / "mlflow.db")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("postgresql://me:secret@host/db", "database"),
        ("postgresql+psycopg2://host/db", "database"),
        ("mysql+pymysql://host/db", "database"),
        ("http://localhost:5000", "remote"),
        ("https://host/path", "remote"),
        ("databricks", "remote"),
        ("databricks://profile", "remote"),
    ],
)
def test_a_server_address_is_passed_on_unchanged(
    here: Path, opened: list[tuple[str, str]], address: str, kind: str
) -> None:
    open_store(address)
    assert opened == [(kind, address)]


def test_an_mlflow_plugin_is_opened_by_mlflows_client(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint, EntryPoints

    plugin = EntryPoint("odd-store", "odd:Store", "mlflow.tracking_store")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: EntryPoints([plugin]).select(group=group))
    assert parse_address("odd-store://host").kind == "remote"


def test_a_tilde_is_the_home_folder_unless_a_folder_has_that_name(
    here: Path, opened: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tree(here / "home" / "mlruns").parent))
    open_store("~/mlruns")
    open_store("file:~/mlruns")
    tree(here / "~" / "mlruns")
    open_store("~/mlruns")
    assert [path for _, path in opened] == [*[f"{here}/home/mlruns"] * 2, f"{here}/~/mlruns"]


def test_a_file_address_is_percent_decoded_and_a_plain_path_is_not(here: Path, opened: list[tuple[str, str]]) -> None:
    tree(here / "a b#c")
    tree(here / "a%20b")
    open_store("file:a%20b%23c")
    open_store("file:a b#c")
    open_store("a%20b")
    assert [Path(path).name for _, path in opened] == ["a b#c", "a b#c", "a%20b"]


def test_an_existing_folder_with_the_name_of_a_scheme_is_opened(here: Path, opened: list[tuple[str, str]]) -> None:
    tree(here / "http:")
    open_store("http:")
    assert opened == [("files", f"{here}/http:")]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mlrun", "{here}/mlrun does not exist. Did you mean {here}/mlruns?"),
        ("file:./nothing/here", "{here}/nothing/here does not exist."),
        ("file://mlruns", "file://mlruns names another machine. For a folder of this machine, write file:mlruns"),
        (
            "file://./mlruns",
            "file://./mlruns names another machine. For a folder of this machine, write file:./mlruns",
        ),
        ("sqlite:///nothing.db", "{here}/nothing.db does not exist."),
        ("sqlite:///mlruns", "{here}/mlruns is a file store, not a database. Open it with --uri {here}/mlruns"),
        (
            "sqlite://mlflow.db",
            "sqlite://mlflow.db is not a database address. Write sqlite:///relative.db or sqlite:////absolute.db",
        ),
        ("sqlite://", "sqlite:// is an in-memory database. Name a file: sqlite:///mlflow.db"),
        ("sqlite:///:memory:", "sqlite:///:memory: is an in-memory database. Name a file: sqlite:///mlflow.db"),
        (
            "htpp://host",
            "htpp: is not a store address that qtui or the installed MLflow supports. Did you mean http:?",
        ),
        ("gopher://host", "gopher: is not a store address that qtui or the installed MLflow supports."),
        (
            "mssql+pyodbc://me:secret@host/db",
            "qtui cannot open mssql+pyodbc://me:***@host/db directly. "
            "Start `mlflow server` with this database and use the address of the server.",
        ),
    ],
)
def test_a_wrong_address_gets_one_message(here: Path, address: str, message: str) -> None:
    with pytest.raises(QtuiError) as caught:
        open_store(address)
    assert str(caught.value) == message.format(here=here)
    assert caught.value.exit_code == 2


def test_opening_for_reading_creates_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for address in ("mlruns", "file:./mlruns", "sqlite:///mlflow.db", "sqlite:///a/b.db"):
        with pytest.raises(StoreNotFound):
            open_store(address)
    assert list(tmp_path.iterdir()) == []


def test_messages_hide_passwords(here: Path) -> None:
    for address in ("posgresql://me:secret@host/db", "mssql://me:secret@host/db", "file://me:secret@host/x"):
        with pytest.raises(UsageError) as caught:
            open_store(address)
        assert "secret" not in str(caught.value)


def test_opening_a_store_imports_nothing_heavy() -> None:
    report = "import qtui.store, sys; print(*({'sqlalchemy', 'numpy', 'pandas', 'yaml', 'mlflow'} & set(sys.modules)))"
    output = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout
    assert output.split() == []


@pytest.mark.parametrize(
    ("uri", "on_disk"),
    [
        ("mlruns", True),
        ("file:mlruns", True),
        ("sqlite:///x.db", True),
        ("http://host", False),
        ("memory:", False),
        ("databricks", False),
        ("gopher://host", False),
        ("file://elsewhere/mlruns", False),
    ],
)
def test_whether_an_address_is_on_disk(uri: str, on_disk: bool) -> None:
    assert is_on_disk(uri) is on_disk


def test_an_address_is_made_absolute() -> None:
    folder = Path("/work")
    for uri, expected in (
        ("mlruns", "file:/work/mlruns"),
        ("file:mlruns", "file:/work/mlruns"),
        ("sqlite:///x.db", "sqlite:////work/x.db"),
        ("sqlite:////x.db", "sqlite:////x.db"),
        ("databricks", "databricks"),
        ("memory:trial", "memory:trial"),
    ):
        assert absolute_uri(uri, folder) == expected


@pytest.mark.parametrize("uri", ["mlruns", "file:mlruns", "sqlite:///x.db"])
def test_a_relative_address_is_refused_in_a_removed_directory(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed = tmp_path / "removed"
    removed.mkdir()
    monkeypatch.chdir(removed)
    removed.rmdir()
    for parse in (parse_address, lambda uri: absolute_uri(uri, None)):
        with pytest.raises(UsageError, match="working directory no longer exists"):
            parse(uri)


def test_a_memory_address_is_one_store_for_readers_and_writers_of_this_process() -> None:
    open_writer("memory:addresses").create_experiment("alpha")
    assert [experiment.name for experiment in open_store("memory:addresses").experiments().items] == ["alpha"]
    assert open_store("memory:other").experiments().items == ()
    assert open_store("memory:addresses").uri == "memory:addresses"


def test_commands_read_a_memory_store() -> None:
    open_writer("memory:commands").create_experiment("alpha")
    result = CliRunner().invoke(program(), ["--uri", "memory:commands", "experiments", "--json"])
    assert (result.exit_code, '"alpha"' in result.output) == (0, True)


def test_r_records_into_a_memory_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["train.py"])
    recorder = from_config("memory:recording")
    with recorder.start(experiment_name="alpha", recorder_name="first"):
        recorder.log_metrics(step=1, loss=0.5)
        recorder.save_objects(**{"model.pkl": {"weight": 1}})
        run_id = recorder.get_recorder().id
    run = recorder.get_recorder(recorder_id=run_id, experiment_name="alpha")
    assert (run.status, run.list_metrics()) == ("FINISHED", {"loss": 0.5})
    assert run.load_object("model.pkl") == {"weight": 1}
    assert [info.run_id for info in open_store("memory:recording").find(run_id)] == [run_id]
    assert list(tmp_path.iterdir()) == []


def test_a_new_kind_of_store_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryWriter(uri="zip:archive")
    row = StoreKind(("zip",), lambda address, cache: store, lambda address, policy: store)
    monkeypatch.setattr(addresses, "STORE_KINDS", {**STORE_KINDS, "zip": row})
    open_writer("zip:archive").create_experiment("alpha")
    assert [experiment.name for experiment in open_store("zip:archive").experiments().items] == ["alpha"]
