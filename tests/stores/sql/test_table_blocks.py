"""Reading a whole sqlite table in blocks, against a plain SELECT."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from threading import active_count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.store.sql.reading import table_blocks
from qtui.store.sql.reading.table_blocks import BLOCK_ROWS, has_row_ids, read_table_blocks

Row = tuple[object, ...]
TEXTS = ("key", "value")
POINTS = ("key", "step", "timestamp", "value", "is_nan")
ODD_TEXTS = (
    *("", " ", "\0", "a\0b", "\x01\x1f\x7f", '"\\/\b\f\n\r\t', "é€\u2028", "😀", "\ufeff"),
    *("null", '":null', "[1]", "1.5", "{}", "NaN", "x" * 70_000),
)
STEPS = (0, -1, 2**63 - 1, -(2**63), 2**53 + 1, 7, 8)
FLOATS = (0.1 + 0.2, 1 / 3, 5e-324, -0.0, 1.7976931348623157e308, 2.5e-05, 123456789.12345679)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """Return a database in memory."""
    with closing(new_database()) as connection:
        yield connection


def new_database() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)


def create_params(
    database: sqlite3.Connection, rows: Sequence[Row], types: str = "VARCHAR(250), value VARCHAR"
) -> None:
    """Create a table of texts as MLflow does, or with other column types."""
    database.execute(f"CREATE TABLE params (key {types})")
    database.executemany("INSERT INTO params VALUES (?, ?)", rows)


def blocks_of(database: sqlite3.Connection, table: str = "params", columns: Sequence[str] = TEXTS) -> list[list[Row]]:
    """Return the rows of every block of a table."""
    float_column = "value" if columns == POINTS else None
    return [list(zip(*block, strict=True)) for block in read_table_blocks(database, table, columns, float_column)]


def rows_of(database: sqlite3.Connection, table: str = "params", columns: Sequence[str] = TEXTS) -> list[Row]:
    return [row for block in blocks_of(database, table, columns) for row in block]


def selected(database: sqlite3.Connection, table: str = "params", columns: Sequence[str] = TEXTS) -> list[Row]:
    return database.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid").fetchall()


@given(st.lists(st.tuples(TEXT, TEXT | st.none())))
def test_any_texts_are_read_as_they_are(rows: list[Row]) -> None:
    with closing(new_database()) as database:
        create_params(database, rows)
        assert rows_of(database) == rows


def test_control_characters_quotes_and_long_texts_are_read_as_they_are(database: sqlite3.Connection) -> None:
    rows = [(text[:250], text) for text in ODD_TEXTS]
    create_params(database, rows)
    assert rows_of(database) == rows


def test_numbers_are_exact(database: sqlite3.Connection) -> None:
    database.execute("CREATE TABLE metrics (key VARCHAR, step BIGINT, timestamp BIGINT, value FLOAT, is_nan BOOLEAN)")
    rows = [(f"{step}", step, -step // 3, value, step == -1) for step, value in zip(STEPS, FLOATS, strict=True)]
    database.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?)", rows)
    assert repr(rows_of(database, "metrics", POINTS)) == repr(selected(database, "metrics", POINTS))


@pytest.mark.parametrize("cell", [b"bytes", b"\xff", None, 7, 0.1 + 0.2, float("inf")], ids=repr)
def test_cells_that_are_no_texts_are_read_as_they_are(database: sqlite3.Connection, cell: object) -> None:
    rows: list[Row] = [("a", "text"), ("b", cell), (cell, "c")]
    create_params(database, rows, types=", value")
    assert rows_of(database) == rows


def test_a_table_with_gaps_between_its_row_ids_is_read_in_several_blocks(
    database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_blocks, "BLOCK_ROWS", 10)
    create_params(database, [(f"{number}", "x") for number in range(100)])
    database.execute("DELETE FROM params WHERE rowid % 7 = 0 OR rowid BETWEEN 23 AND 57")
    database.execute(f"UPDATE params SET rowid = {2**63 - 1} WHERE key = '9'")
    database.execute(f"UPDATE params SET rowid = {-(2**63)} WHERE key = '7'")
    assert len(blocks_of(database)) > 2
    assert rows_of(database) == selected(database)


def test_an_empty_table_has_no_blocks(database: sqlite3.Connection) -> None:
    create_params(database, [])
    assert blocks_of(database) == []


def test_a_table_may_have_no_row_ids(database: sqlite3.Connection) -> None:
    create_params(database, [])
    assert has_row_ids(database, "params")
    database.execute("CREATE TABLE tags (key PRIMARY KEY, value) WITHOUT ROWID")
    assert not has_row_ids(database, "tags")


def test_no_thread_uses_the_connection_after_the_blocks_are_closed_early(database: sqlite3.Connection) -> None:
    create_params(database, [(f"{number}", "x") for number in range(3 * BLOCK_ROWS)])
    threads = active_count()
    with closing(read_table_blocks(database, "params", TEXTS)) as blocks:
        next(blocks)
    assert active_count() == threads


def test_text_that_is_not_utf8_is_an_error(database: sqlite3.Connection) -> None:
    create_params(database, [("a", "1")])
    database.execute("UPDATE params SET value = CAST(x'ff' AS TEXT)")
    with pytest.raises(sqlite3.OperationalError, match="UTF-8"):
        rows_of(database)
