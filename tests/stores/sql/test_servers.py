"""A database on a server is read in transactions that cannot write, and its failures are told without secrets."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from qtui.errors import StoreUnreachable, StoreUnreadable
from qtui.store.sql import SqlStore
from qtui.store.sql.connections import server
from qtui.store.sql.connections.database import Snapshot


@pytest.fixture
def store(postgresql_uri: str) -> Iterator[SqlStore]:
    store = SqlStore(postgresql_uri)
    yield store
    store.close()


@pytest.mark.parametrize("statement", ["DELETE FROM runs", "CREATE TABLE x (y int)"])
def test_nothing_can_be_written_even_on_purpose(store: SqlStore, statement: str) -> None:
    with pytest.raises(StoreUnreadable):
        store._database.read(lambda snapshot: snapshot.connection.exec_driver_sql(statement))


def test_all_answers_of_one_reading_are_about_the_same_state(store: SqlStore, postgresql_uri: str) -> None:
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


def test_a_statement_that_takes_too_long_is_stopped(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = tuple(each.replace("60s", "50ms") for each in server.READ_ONLY_STATEMENTS["postgresql"])
    monkeypatch.setattr(server, "READ_ONLY_STATEMENTS", {"postgresql": impatient})
    with pytest.raises(StoreUnreadable, match="statement timeout"):
        store._database.read(lambda snapshot: snapshot.connection.exec_driver_sql("SELECT pg_sleep(30)"))


def test_a_closed_store_opens_anew(store: SqlStore) -> None:
    before = store.experiments()
    store.close()
    assert store.experiments() == before


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_server_that_is_not_there_is_named_without_the_password(scheme: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StoreUnreachable) as caught:
            SqlStore(f"{scheme}://ann:hunter2@{place}/mlflow").experiments()
    assert str(caught.value).startswith(f"The database {scheme}://ann:***@{place}/mlflow cannot be reached: ")
    assert "hunter2" not in repr(caught.value)


def test_a_database_without_mlflows_tables_is_said_to_be_foreign(postgresql_uri: str) -> None:
    store = SqlStore(postgresql_uri.replace("/postgres?", "/template1?"))
    with pytest.raises(StoreUnreadable, match=r"is not an MLflow database: it has no table experiments\."):
        store.experiments()
    store.close()
