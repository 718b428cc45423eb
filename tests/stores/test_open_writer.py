"""Open every kind of address for writing, and refuse paths that are not stores."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qtui.errors import StoreNotFound, UsageError
from qtui.store import open_store, open_writer
from qtui.store.files.writing.writer import FileWriter
from qtui.store.remote.writer import RemoteWriter
from qtui.store.sql.writing.writer import SqlWriter
from tests.stores.conftest import ROOT
from tests.stores.files.tree import Tree


@pytest.mark.parametrize("form", ["file:{}/mlruns", "file://{}/mlruns", "file://localhost{}/mlruns", "{}/mlruns"])
def test_a_file_store_is_opened_or_created(form: str, tmp_path: Path) -> None:
    uri = form.format(tmp_path)
    assert open_writer(uri).uri == f"file:{tmp_path}/mlruns"
    open_writer(uri).create_experiment("alpha")
    assert isinstance(open_writer(uri), FileWriter)
    assert (tmp_path / "mlruns" / "0" / "meta.yaml").is_file()


def test_a_relative_file_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_writer("file:./mlruns").create_experiment("alpha")
    assert open_writer("mlruns").uri == open_writer("file:").uri == f"file:{tmp_path}/mlruns"


def test_a_file_store_is_created_in_an_empty_folder(tmp_path: Path) -> None:
    open_writer(str(tmp_path)).create_experiment("alpha")
    assert (tmp_path / ".trash").is_dir()


@pytest.mark.parametrize("entry", [".gitkeep", "README.md", "1/0a1b/artifacts/model.pkl"])
def test_a_file_store_is_created_in_an_mlruns_folder_without_experiments(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "mlruns" / entry
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    open_writer(str(tmp_path / "mlruns")).create_experiment("alpha")
    assert [experiment.name for experiment in open_store(str(tmp_path / "mlruns")).experiments().items] == ["alpha"]
    assert path.exists()


def test_the_parent_of_a_file_store_opens_it(tmp_path: Path) -> None:
    Tree(tmp_path / "mlruns").experiment("1")
    assert open_writer(str(tmp_path)).uri == f"file:{tmp_path}/mlruns"


def test_a_percent_encoded_folder_is_decoded(tmp_path: Path) -> None:
    open_writer(f"file:{tmp_path}/a%20b").create_experiment("alpha")
    assert open_writer(f"file:{tmp_path}/a%20b").uri == f"file:{tmp_path}/a b"


def test_a_database_is_opened_by_path_address_or_folder(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as connection:
        connection.execute("CREATE TABLE experiments (experiment_id INT)")
    for address in (f"{tmp_path}/mlflow.db", f"sqlite:///{tmp_path}/mlflow.db", str(tmp_path)):
        writer = open_writer(address)
        assert isinstance(writer, SqlWriter)
        assert writer.uri == f"sqlite:///{tmp_path}/mlflow.db"


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1", "https://127.0.0.1:1", "databricks", "databricks://profile"])
def test_servers_are_written_by_mlflows_client(uri: str) -> None:
    assert isinstance(open_writer(uri), RemoteWriter)


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(StoreNotFound, match="is not a store"):
        open_writer(f"file:{tmp_path}")
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_run_folder_is_refused(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "mlruns")
    tree.experiment("1")
    with pytest.raises(StoreNotFound, match="part of the store"):
        open_writer(str(tree.run("aaa")))


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("sqlit:///x.db", "Did you mean sqlite:"),
        ("mssql://ann:secret@host/x", "Start `mlflow server`"),
        ("file://elsewhere/mlruns", "names another machine"),
        ("sqlite:///:memory:", "in-memory"),
    ],
)
def test_a_wrong_address_gets_a_message(uri: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        open_writer(uri)
    assert "secret" not in str(error.value)


def test_reading_imports_no_writer(tmp_path: Path) -> None:
    Tree(tmp_path / "mlruns").experiment("1")
    code = (
        "import sys; from qtui.store import open_store; "
        f"store = open_store('file:{tmp_path}/mlruns'); store.experiments(); list(store.infos()); "
        "print(sorted(name for name in sys.modules if name.startswith('qtui.store') and 'writ' in name))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"
