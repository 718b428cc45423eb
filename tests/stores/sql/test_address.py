"""Tests of the parsing of database addresses."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from qtui.errors import MissingExtra, UsageError
from qtui.store.sql import SqlStore
from qtui.store.sql.connections import address
from qtui.store.sql.connections.address import parse_server_url, sqlite_path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("sqlite:///mlflow.db", "mlflow.db"),
        ("sqlite:////data/mlflow.db", "/data/mlflow.db"),
        ("sqlite+pysqlite:///mlflow.db", "mlflow.db"),
        ("SQLite:///mlflow.db", "mlflow.db"),
        ("sqlite:///mlflow.db?timeout=5", "mlflow.db"),
        ("sqlite:///file:/data/a%20b.db?mode=ro&uri=true", "/data/a b.db"),
        ("postgresql://host/name", None),
    ],
)
def test_sqlite_uri_names_a_file(uri: str, path: str | None) -> None:
    assert sqlite_path(uri) == (None if path is None else Path(path))


def test_file_name_may_contain_a_question_mark(tmp_path: Path) -> None:
    (tmp_path / "what?.db").touch()
    assert sqlite_path(f"sqlite:///{tmp_path}/what?.db") == tmp_path / "what?.db"


@pytest.mark.parametrize("uri", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_in_memory_database_is_refused(uri: str) -> None:
    with pytest.raises(UsageError, match="is an in-memory database"):
        SqlStore(uri)


def install_only(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """Simulate a machine with only these drivers."""
    monkeypatch.setattr(address, "find_spec", lambda name: ModuleSpec(name, None) if name in modules else None)


@pytest.mark.parametrize(
    ("uri", "installed", "drivername"),
    [
        ("postgresql://u@h/n", ("psycopg", "psycopg2"), "postgresql+psycopg"),
        ("postgresql://u@h/n", ("psycopg2",), "postgresql+psycopg2"),
        ("postgresql+psycopg2://u@h/n", ("psycopg", "psycopg2"), "postgresql+psycopg2"),
        ("postgresql+psycopg2://u@h/n", ("psycopg",), "postgresql+psycopg"),
        ("postgres://u@h/n", ("pg8000",), "postgresql+pg8000"),
        ("mysql://u@h/n", ("pymysql",), "mysql+pymysql"),
        ("mysql+pymysql://u@h/n", ("MySQLdb",), "mysql+mysqldb"),
        ("mariadb+mysqlconnector://u@h/n", ("mysql", "pymysql"), "mysql+mysqlconnector"),
    ],
)
def test_installed_driver_is_chosen(
    monkeypatch: pytest.MonkeyPatch, uri: str, installed: tuple[str, ...], drivername: str
) -> None:
    install_only(monkeypatch, *installed)
    assert parse_server_url(uri)[1].drivername == drivername


@pytest.mark.parametrize(("kind", "extra"), [("postgresql", "postgres"), ("mysql", "mysql")])
def test_missing_driver_names_its_extra(monkeypatch: pytest.MonkeyPatch, kind: str, extra: str) -> None:
    install_only(monkeypatch)
    with pytest.raises(MissingExtra) as caught:
        SqlStore(f"{kind}://user:secret@host/name")
    assert str(caught.value) == f"Reading a {kind} database needs a driver: pip install 'qtui[{extra}]'"


@pytest.mark.parametrize("uri", ["oracle://u:secret@h/n", "postgresql://u:secret@h:port/n", "nonsense"])
def test_other_address_is_refused_without_its_password(uri: str) -> None:
    with pytest.raises(UsageError, match="is not a database address") as caught:
        SqlStore(uri)
    assert "secret" not in str(caught.value)
