"""Tests of database servers: read-only transactions, and errors without secrets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from qtui.errors import StoreNotFound, StoreUnreachable, StoreUnreadable
from qtui.store.sql import SqlStore
from qtui.store.sql.connections import server
from qtui.store.sql.connections.database import Snapshot


@pytest.fixture
def store(postgresql_uri: str) -> Iterator[SqlStore]:
    store = SqlStore(postgresql_uri)
    yield store
    store.close()


@pytest.mark.parametrize("statement", ["DELETE FROM runs", "CREATE TABLE x (y int)"])
def test_connection_is_read_only(store: SqlStore, statement: str) -> None:
    with pytest.raises(StoreUnreadable):
        store._database.read(lambda snapshot: snapshot.connection.exec_driver_sql(statement))


def test_statements_of_one_read_see_the_same_state(store: SqlStore, postgresql_uri: str) -> None:
    import psycopg

    other = psycopg.connect(postgresql_uri.replace("+psycopg", ""), autocommit=True)

    def count(snapshot: Snapshot) -> tuple[int, int]:
        rows = "SELECT count(*) FROM experiments"
        before = snapshot.connection.exec_driver_sql(rows).scalar()
        other.execute("INSERT INTO experiments (name, lifecycle_stage) VALUES ('new', 'active')")
        return before, snapshot.connection.exec_driver_sql(rows).scalar()

    with other:
        before, after = store._database.read(count)
        other.execute("DELETE FROM experiments WHERE name = 'new'")
    assert before == after


def test_slow_statement_is_cancelled(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    short_timeout = tuple(statement.replace("60s", "50ms") for statement in server.READ_ONLY_STATEMENTS["postgresql"])
    monkeypatch.setattr(server, "READ_ONLY_STATEMENTS", {"postgresql": short_timeout})
    with pytest.raises(StoreUnreadable, match="statement timeout"):
        store._database.read(lambda snapshot: snapshot.connection.exec_driver_sql("SELECT pg_sleep(30)"))


def test_closed_store_opens_again(store: SqlStore) -> None:
    before = store.experiments()
    store.close()
    assert store.experiments() == before


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_missing_server_is_reported_without_the_password(scheme: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StoreUnreachable) as caught:
            SqlStore(f"{scheme}://ann:hunter2@{place}/mlflow").experiments()
    assert str(caught.value).startswith(f"The database {scheme}://ann:***@{place}/mlflow cannot be reached: ")
    assert "hunter2" not in repr(caught.value)


def test_a_database_without_tables_is_a_store_that_does_not_exist_yet(postgresql_uri: str) -> None:
    store = SqlStore(postgresql_uri.replace("/postgres?", "/template1?"))
    with pytest.raises(StoreNotFound, match="has no tables yet"):
        store.experiments()
    store.close()
