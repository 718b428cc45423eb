"""Every address that can be read can be written to, and what is no store does not become one."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qtui.errors import StoreNotFound, UsageError
from qtui.store import open_store, open_writer
from qtui.store.files.writer import FileWriter
from qtui.store.remote.writer import RemoteWriter
from qtui.store.sql.writing.writer import SqlWriter
from tests.stores.conftest import ROOT
from tests.stores.files.tree import Tree


@pytest.mark.parametrize("form", ["file:{}/mlruns", "file://{}/mlruns", "file://localhost{}/mlruns", "{}/mlruns"])
def test_a_tree_that_is_there_or_is_to_be(form: str, tmp_path: Path) -> None:
    uri = form.format(tmp_path)
    assert open_writer(uri).uri == f"file:{tmp_path}/mlruns"
    open_writer(uri).create_experiment("alpha")
    assert isinstance(open_writer(uri), FileWriter)
    assert (tmp_path / "mlruns" / "0" / "meta.yaml").is_file()


def test_a_relative_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_writer("file:./mlruns").create_experiment("alpha")
    assert open_writer("mlruns").uri == open_writer("file:").uri == f"file:{tmp_path}/mlruns"


def test_an_empty_folder_may_become_a_tree(tmp_path: Path) -> None:
    open_writer(str(tmp_path)).create_experiment("alpha")
    assert (tmp_path / ".trash").is_dir()


@pytest.mark.parametrize("entry", [".gitkeep", "1/0a1b/artifacts/model.pkl"])
def test_an_mlruns_without_experiments_may_become_a_tree(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "mlruns" / entry
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    open_writer(str(tmp_path / "mlruns")).create_experiment("alpha")
    assert [each.name for each in open_store(str(tmp_path / "mlruns")).experiments().items] == ["alpha"]
    assert path.exists()


def test_the_tree_in_a_folder_is_meant_by_it(tmp_path: Path) -> None:
    Tree(tmp_path / "mlruns").experiment("1")
    assert open_writer(str(tmp_path)).uri == f"file:{tmp_path}/mlruns"


def test_a_name_with_odd_characters_is_one_folder(tmp_path: Path) -> None:
    open_writer(f"file:{tmp_path}/a%20b").create_experiment("alpha")
    assert open_writer(f"file:{tmp_path}/a%20b").uri == f"file:{tmp_path}/a b"


def test_a_database_by_its_name_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as connection:
        connection.execute("CREATE TABLE experiments (experiment_id INT)")
    for address in (f"{tmp_path}/mlflow.db", f"sqlite:///{tmp_path}/mlflow.db", str(tmp_path)):
        writer = open_writer(address)
        assert isinstance(writer, SqlWriter)
        assert writer.uri == f"sqlite:///{tmp_path}/mlflow.db"


@pytest.mark.parametrize("uri", ["http://127.0.0.1:1", "https://127.0.0.1:1", "databricks", "databricks://profile"])
def test_servers(uri: str) -> None:
    assert isinstance(open_writer(uri), RemoteWriter)


def test_a_folder_of_other_things_does_not_become_a_store(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(StoreNotFound, match="is no store"):
        open_writer(f"file:{tmp_path}")
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_run_does_not_become_a_store(tmp_path: Path) -> None:
    tree = Tree(tmp_path / "mlruns")
    tree.experiment("1")
    with pytest.raises(StoreNotFound, match="part of the store"):
        open_writer(str(tree.run("aaa")))


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("sqlit:///x.db", "Did you mean sqlite:"),
        ("mssql://ann:secret@host/x", "start `mlflow server`"),
        ("file://elsewhere/mlruns", "names another machine"),
        ("sqlite:///:memory:", "in memory"),
    ],
)
def test_what_cannot_be_written_is_said(uri: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence) as error:
        open_writer(uri)
    assert "secret" not in str(error.value)


def test_looking_loads_nothing_that_writes(tmp_path: Path) -> None:
    Tree(tmp_path / "mlruns").experiment("1")
    code = (
        "import sys; from qtui.store import open_store; "
        f"store = open_store('file:{tmp_path}/mlruns'); store.experiments(); list(store.infos()); "
        "print(sorted(name for name in sys.modules if name.startswith('qtui.store') and 'writ' in name))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"
