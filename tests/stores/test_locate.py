"""Every address of MLflow's opens the right store, and every mistake in one gets one clear sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from qtui.errors import QtuiError, StoreNotFound, UsageError
from qtui.store import default_uri, locate, open_store
from tests.stores.test_detection import database, tree


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a tree of files and a database."""
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "mlruns")
    database(tmp_path / "mlflow.db")
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What would have been opened, by the kind of store."""
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(locate, "open_place", lambda place, cache: seen.append((place.kind, str(place.path))))
    for opener in (locate.open_server, locate.open_remote):
        kind = opener.__name__.removeprefix("open_")
        for registry in (locate.OPENERS, locate.SCHEMELESS):
            for scheme in [scheme for scheme, each in registry.items() if each is opener]:
                monkeypatch.setitem(registry, scheme, lambda uri, cache, kind=kind: seen.append((kind, uri)))
    return seen


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
def test_a_tree_of_files_is_opened(here: Path, opened: list[tuple[str, str]], address: str) -> None:
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
    [(kind, path)] = opened
    assert (kind, Path(path).samefile(here / "mlflow.db")) == ("sqlite", True)
    assert Path(path).is_absolute()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("postgresql://me:secret@host/db", "server"),
        ("postgresql+psycopg2://host/db", "server"),
        ("mysql+pymysql://host/db", "server"),
        ("http://localhost:5000", "remote"),
        ("https://host/path", "remote"),
        ("databricks", "remote"),
        ("databricks://profile", "remote"),
    ],
)
def test_servers_are_left_to_those_who_speak_with_them(
    here: Path, opened: list[tuple[str, str]], address: str, kind: str
) -> None:
    open_store(address)
    assert opened == [(kind, address)]


def test_the_scheme_of_a_plugin_is_left_to_mlflow(opened: list[tuple[str, str]], monkeypatch) -> None:
    from importlib.metadata import EntryPoint, EntryPoints

    plugin = EntryPoint("odd-store", "odd:Store", "mlflow.tracking_store")
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: EntryPoints([plugin]).select(group=group))
    assert locate.opener_for("odd-store") is locate.open_remote


def test_a_home_folder_is_expanded_unless_there_is_one_of_that_very_name(
    here: Path, opened: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tree(here / "home" / "mlruns").parent))
    open_store("~/mlruns")
    open_store("file:~/mlruns")
    tree(here / "~" / "mlruns")
    open_store("~/mlruns")
    assert [path for _, path in opened] == [*[f"{here}/home/mlruns"] * 2, f"{here}/~/mlruns"]


def test_a_file_address_is_percent_encoded_and_a_bare_folder_is_not(here: Path, opened: list[tuple[str, str]]) -> None:
    tree(here / "a b#c")
    tree(here / "a%20b")
    open_store("file:a%20b%23c")
    open_store("file:a b#c")
    open_store("a%20b")
    assert [Path(path).name for _, path in opened] == ["a b#c", "a b#c", "a%20b"]


def test_a_folder_whose_name_looks_like_an_address_is_still_a_folder(here: Path, opened: list[tuple[str, str]]) -> None:
    tree(here / "http:")
    open_store("http:")
    assert opened == [("files", f"{here}/http:")]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("mlrun", "There is nothing at {here}/mlrun. Did you mean {here}/mlruns?"),
        ("file:./nothing/here", "There is nothing at {here}/nothing/here."),
        ("file://mlruns", "file://mlruns names another machine. A folder of this one is file:mlruns"),
        (
            "file://./mlruns",
            "file://./mlruns names another machine. A folder of this one is file:./mlruns",
        ),
        ("sqlite:///nothing.db", "There is nothing at {here}/nothing.db."),
        ("sqlite:///mlruns", "{here}/mlruns is a tree of files, no database: --uri {here}/mlruns"),
        (
            "sqlite://mlflow.db",
            "sqlite://mlflow.db is not the address of a database: "
            "write sqlite:///relative.db or sqlite:////absolute.db",
        ),
        ("sqlite://", "sqlite:// is a database in memory: there is nothing in it to look at."),
        ("sqlite:///:memory:", "sqlite:///:memory: is a database in memory: there is nothing in it to look at."),
        (
            "htpp://host",
            "htpp: is no kind of store that qtui or the installed MLflow knows. Did you mean http:?",
        ),
        ("gopher://host", "gopher: is no kind of store that qtui or the installed MLflow knows."),
        (
            "mssql+pyodbc://me:secret@host/db",
            "qtui cannot read mssql+pyodbc://me:***@host/db itself: "
            "start `mlflow server` over it and name that server's address.",
        ),
    ],
)
def test_a_mistake_gets_one_sentence(here: Path, address: str, sentence: str) -> None:
    with pytest.raises(QtuiError) as caught:
        open_store(address)
    assert str(caught.value) == sentence.format(here=here)
    assert caught.value.exit_code == 2


def test_nothing_is_created_by_looking_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for address in ("mlruns", "file:./mlruns", "sqlite:///mlflow.db", "sqlite:///a/b.db"):
        with pytest.raises(StoreNotFound):
            open_store(address)
    assert list(tmp_path.iterdir()) == []


def test_the_store_is_the_one_of_the_environment_else_of_the_folder(here: Path) -> None:
    environ = {"QTUI_URI": "ours", "QLIB_MLFLOW_URI": "qlib", "QLIB_MLFLOW": '{"uri": "json"}'}
    environ["MLFLOW_TRACKING_URI"] = "theirs"
    for uri in ("ours", "qlib", "json", "theirs"):
        assert default_uri(environ, here, "setting") == uri
        del environ[next(iter(environ))]
    assert default_uri({"QTUI_URI": ""}, here, "setting") == f"file:{here}/mlruns"
    (here / "mlruns").rename(here / "elsewhere")
    assert default_uri({}, here, "setting") == f"sqlite:///{here}/mlflow.db"
    (here / "mlflow.db").unlink()
    assert default_uri({}, here, "setting") == "setting"


def test_a_tree_that_may_not_be_read_is_still_meant(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(locate, "is_tree", refuse)
    assert default_uri({}, here) == f"file:{here}/mlruns"


def test_artifacts_beside_a_database_are_not_taken_for_a_store(tmp_path: Path) -> None:
    database(tmp_path / "mlflow.db")
    (tmp_path / "mlruns" / "1" / "abc" / "artifacts").mkdir(parents=True)
    assert default_uri({}, tmp_path) == f"sqlite:///{tmp_path}/mlflow.db"


def test_without_any_store_the_way_to_a_sample_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFound) as caught:
        default_uri({}, tmp_path)
    assert str(caught.value) == (
        f"No store is named, and {tmp_path} holds neither an mlruns folder with experiments nor an mlflow.db. "
        "Name one with --uri or QTUI_URI, or try a sample: qtui demo"
    )


def test_a_password_is_never_told(here: Path) -> None:
    for address in ("posgresql://me:secret@host/db", "mssql://me:secret@host/db", "file://me:secret@host/x"):
        with pytest.raises(UsageError) as caught:
            open_store(address)
        assert "secret" not in str(caught.value)


def test_looking_for_a_store_loads_nothing_heavy() -> None:
    report = "import qtui.store, sys; print(*({'sqlalchemy', 'numpy', 'pandas', 'yaml', 'mlflow'} & set(sys.modules)))"
    output = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True).stdout
    assert output.split() == []
