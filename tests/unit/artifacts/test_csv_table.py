"""CSV files of any size, dialect and encoding as tables; the numbers are those that pandas reads."""

from __future__ import annotations

import io
import os
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qtui.artifacts.content import ColumnStatistics, RowCount, TableContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.csv_dialect import CsvDialect, detect_dialect
from qtui.artifacts.tables.csv_rows import MAX_ROW_BYTES, records, records_of, row_offsets
from qtui.artifacts.tables.csv_table import UNCLOSED_QUOTE_NOTE, CsvTable
from qtui.artifacts.text.text_file import BLOCK_BYTES
from qtui.artifacts.viewers import views_of
from qtui.errors import ArtifactUnreadable, BadValue
from tests.unit.artifacts.sources import source_of
from tests.unit.artifacts.test_frame_table import column_of, everything, facts

SCORES = "date,instrument,score\n2020-01-02,SH600000,0.5\n2020-01-03,SZ000001,-0.25\n2020-01-03,SH600000,\n"


def csv_table(data: bytes | str, path: str = "scores.csv") -> CsvTable:
    content = views_of(source_of(data.encode() if isinstance(data, str) else data, path)).views[0].open()
    assert isinstance(content, CsvTable)
    return content


def scanned(table: TableContent) -> TableContent:
    assert list(table.scan())[-1] == 1.0
    return table


def dialect_of(text: str, path: str = "file.csv") -> CsvDialect | None:
    return detect_dialect(Sample.of(source_of(text.encode(), path)))


def frame_of(rows: int) -> pd.DataFrame:
    random = np.random.default_rng(7)
    texts = [f'a "quoted" text,\nof {number} lines' if number % 7 == 0 else f"name {number}" for number in range(rows)]
    return pd.DataFrame({"text": texts, "number": random.normal(size=rows), "whole": random.integers(0, 50, rows)})


def test_a_csv_file_is_a_table_with_types() -> None:
    table = csv_table(SCORES)
    assert [(column.name, column.type, column.is_number) for column in table.columns] == [
        ("date", "time", False),
        ("instrument", "text", False),
        ("score", "number", True),
    ]
    assert everything(scanned(table)) == [
        ("2020-01-02", "SH600000", "0.5"),
        ("2020-01-03", "SZ000001", "-0.25"),
        ("2020-01-03", "SH600000", ""),
    ]


@pytest.mark.parametrize(
    ("encoding", "data"),
    [(name, "日期,代码\n2020-01-02,平安银行\n".encode(name)) for name in ("utf-8", "utf-8-sig", "gb18030", "utf-16")],
)
def test_every_encoding_is_read(encoding: str, data: bytes) -> None:
    table = csv_table(data)
    assert [column.name for column in table.columns] == ["日期", "代码"]
    assert everything(scanned(table)) == [("2020-01-02", "平安银行")]
    assert column_of(table.filter("代码 = 平安银行"), "日期") == ["2020-01-02"]


@pytest.mark.parametrize(
    ("text", "delimiter", "has_header"),
    [
        ("a,b\n1,2\n", ",", True),
        ("a\tb\n1,5\t2\n", "\t", True),
        ("a;b\n1,5;2,5\n", ";", True),
        ("a|b\n1|2\n", "|", True),
        ("1,2\n3,4\n", ",", False),
        (",0,1\n0,1.5,2\n", ",", True),
        ("2020-01-02,1\n2020-01-03,2\n", ",", False),
        ("name\nx\n", ",", True),
        ('"a, b",c\n"1, 2",3\n', ",", True),
    ],
)
def test_the_dialect_is_recognised(text: str, delimiter: str, has_header: bool) -> None:
    dialect = dialect_of(text)
    assert dialect is not None
    assert (dialect.delimiter, dialect.has_header) == (delimiter, has_header)


def test_a_text_without_a_suffix_is_a_table_if_its_rows_are_alike() -> None:
    rows = "".join(f"{number},{number * 2}\n" for number in range(10))
    assert dialect_of(rows, "data") is not None
    assert dialect_of(rows, "code.py") is None
    assert dialect_of("Dear reader, hello.\nThis is a text, with commas, but no table.\n" * 5, "letter.txt") is None
    assert dialect_of('{"a": 1, "b": 2}\n' * 10, "events") is None
    assert dialect_of("", "empty.csv") is None


def test_leading_zeros_and_the_word_na_are_texts() -> None:
    table = csv_table("code,name\n000001,NA\n000002,x\n")
    assert [column.type for column in table.columns] == ["text", "text"]
    assert column_of(table.sort(0, descending=True), "code") == ["000002", "000001"]
    assert facts(table.statistics(1))["missing"] == "0"


def test_rows_of_any_length_are_shown() -> None:
    table = csv_table("a,b\n1\n2,3,4\n\n5,6\n")
    assert everything(scanned(table)) == [("1", "", ""), ("2", "3", "4"), ("", "", ""), ("5", "6", "")]


def test_values_beyond_the_columns_of_the_sample_are_in_the_last_cell() -> None:
    rows = "1,2\n" * 300 + "3,4,5\n"
    table = scanned(csv_table("a,b\n" + rows))
    assert table.cells(300, 301, (0, 1)) == [("3", "4,5")]


@pytest.mark.parametrize("rows", [10, 5000])
def test_quoted_line_breaks_are_in_one_row_wherever_the_window_is(rows: int) -> None:
    frame = frame_of(rows)
    table = csv_table(frame.to_csv(index=False))
    scanned(table)
    assert table.row_count() == RowCount(rows)
    for start in (0, rows // 2, rows - 3, 1):
        assert [row[0] for row in table.cells(start, start + 3, (0,))] == frame["text"].tolist()[start : start + 3]


def test_quotes_at_the_ends_of_blocks_are_understood() -> None:
    for shift in range(12):
        lead = "x" * (BLOCK_BYTES - 20 + shift)
        text = f'a,b\n{lead},"1""\n2"\n"","y\n"\n3,4\n'
        table = csv_table(text)
        scanned(table)
        assert table.row_count() == RowCount(3), shift
        assert table.cells(1, 3, (0, 1)) == [("", "y\n"), ("3", "4")], shift


def test_a_quote_that_never_ends_makes_every_line_a_row() -> None:
    text = 'a,b\n1,"x\n' + "2,y\n" * 10
    table = csv_table(text)
    assert table.cells(0, 3, (0, 1)) == [("1", '"x'), ("2", "y"), ("2", "y")]
    assert scanned(table).row_count() == RowCount(11)
    assert table.notes == (UNCLOSED_QUOTE_NOTE,)
    large = csv_table("a,b\n" + "1,2\n" * 50_000 + '3,"x\n' + "4,5\n" * MAX_ROW_BYTES)
    assert scanned(large).row_count() == RowCount(50_001 + MAX_ROW_BYTES)
    assert large.cells(50_000, 50_002, (0, 1)) == [("3", '"x'), ("4", "5")]


def test_quotes_inside_of_a_value_are_text() -> None:
    table = scanned(csv_table('size,n\n5" screen,1\n3" disk,2\n'))
    assert column_of(table, "size") == ['5" screen', '3" disk']


def test_a_row_without_end_is_cut() -> None:
    table = csv_table("a,b\n" + "x" * 3 * MAX_ROW_BYTES + "\n1,2\n")
    rows = table.cells(0, 5, (0, 1))
    assert len(rows[0][0]) < 2 * MAX_ROW_BYTES and rows[1] == ("1", "2")


@pytest.mark.parametrize("name", ["number", "whole", "text"])
@pytest.mark.parametrize("descending", [False, True])
def test_sorted_rows_are_those_of_pandas(name: str, descending: bool) -> None:
    frame = frame_of(600)
    text = frame.to_csv(index=False)
    expected = pd.read_csv(io.StringIO(text)).sort_values(name, ascending=not descending, kind="stable")
    table = csv_table(text).sort(list(frame).index(name), descending=descending)
    assert column_of(table, "text") == expected["text"].tolist()
    assert table.numbers(1, 0, 9) == expected["number"].tolist()[:9]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("number > 1.5", "number > 1.5"),
        ("whole = 7", "whole == 7"),
        ("text = name 3", "text == 'name 3'"),
        ("NAME 29", "text.str.contains('name 29')"),
        ('"quoted"', "text.str.contains('quoted')"),
        (", \nof".replace(" ", ""), "text.str.contains('quoted')"),
    ],
)
def test_filtered_rows_are_those_of_pandas(text: str, query: str) -> None:
    frame = frame_of(3000)
    table = csv_table(frame.to_csv(index=False)).filter(text)
    expected = frame.query(query)
    assert table.row_count() == RowCount(len(expected))
    assert column_of(table, "text") == expected["text"].tolist()
    ordered = csv_table(frame.to_csv(index=False)).sort(1, descending=False).filter(text)
    assert column_of(ordered, "text") == expected.sort_values("number")["text"].tolist()


def test_statistics_are_those_of_pandas() -> None:
    frame = frame_of(2000)
    table = csv_table(frame.to_csv(index=False))
    statistics, described = facts(table.statistics(1)), frame["number"].describe()
    for name, pandas_name in (("min", "min"), ("mean", "mean"), ("std", "std"), ("median", "50%")):
        assert float(statistics[name]) == pytest.approx(described[pandas_name], rel=1e-7)
    assert facts(table.statistics(0))["distinct"] == "2,000"


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit for loading tables that the files of these tests exceed."""
    for module in ("csv_table", "table_limits"):
        monkeypatch.setattr(f"qtui.artifacts.tables.{module}.MAX_FRAME_BYTES", 1000)
    monkeypatch.setattr("qtui.artifacts.tables.csv_table.CHUNK_ROWS", 500)


@pytest.mark.usefixtures("small_limit")
def test_a_large_file_has_statistics_that_are_read_in_parts_and_says_why_it_is_not_sorted() -> None:
    frame = frame_of(2000)
    table = csv_table(frame.to_csv(index=False))
    assert table.statistics(1) is None
    *progress, last = table.scan_statistics(1)
    assert len(progress) == 4 and progress[-1] == 1.0
    assert isinstance(last, ColumnStatistics)
    for name in ("min", "max", "mean", "std"):
        assert float(facts(last)[name]) == pytest.approx(frame["number"].describe()[name], rel=1e-7)
    assert facts(last)["distinct, quartiles"].startswith("not computed")
    *_, texts = table.scan_statistics(0)
    assert isinstance(texts, ColumnStatistics) and facts(texts)["max"] == frame["text"].max()
    for refused in (lambda: table.sort(0, descending=False), lambda: table.filter("x"), lambda: table.numbers(1)):
        with pytest.raises(ArtifactUnreadable, match=r"tables up to 1.0 kB can be"):
            refused()
    assert table.numbers(1, 5, 10) == pytest.approx(frame["number"].tolist()[5:10])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,b\n",
        "a,b",
        'a,"x\ny"\r\nb,"say ""no""\n"\nc,it"s\n',
        'a,"' + "long\n" * 40_000 + '"\n' + "b,1\n" * 30_000,
        '"\n",1\n' * 30_000 + '"end"',
    ],
)
def test_the_offsets_of_rows_are_those_of_the_rows_one_after_another(text: str) -> None:
    source = source_of(text.encode(), "a.csv")
    offsets = row_offsets(source, ",", has_quotes=True)
    rows = list(records(source, 0, ","))
    assert records_of(source, offsets, range(len(offsets) - 1)) == rows


def test_a_table_with_a_quote_that_never_ends_is_sorted_by_its_lines() -> None:
    table = csv_table("a,b\n" + '2,"x\n1,y\n3,z\n')
    assert everything(table.sort(0, descending=False)) == [("1", "y"), ("2", '"x'), ("3", "z")]


def test_rows_that_pandas_reads_otherwise_are_sorted_all_the_same() -> None:
    table = csv_table('a,b\n1,x\ry\n3,z\n2,"w"v\n')
    assert column_of(table.sort(0, descending=True), "a") == ["3", "2", "1"]


def test_a_column_that_stops_being_numbers_keeps_its_numbers_for_a_plot() -> None:
    table = csv_table("a,b\n" + "1,2\n" * 300 + "x,3\n4,5\n")
    assert np.nansum(table.numbers(0)) == 304
    with pytest.raises(BadValue, match="c has no numbers"):
        csv_table("b,c\n1,x\n").numbers(1)


def test_the_first_rows_of_a_huge_file_are_shown_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n" + b"1,2\n" * 100_000)
        file.truncate(5 << 30)
    with path.open("rb") as file:
        source = Source.of_file(file, "huge.csv")
    tracemalloc.start()
    content = views_of(source).views[0].open()
    assert isinstance(content, CsvTable)
    rows: Sequence[Sequence[str]] = content.cells(0, 50, (0, 1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == [("1", "2")] * 50
    assert peak < 8 << 20
    assert not content.row_count().is_complete
    os.truncate(path, 0)
    assert content.cells(90_000, 90_050, (0, 1)) == []


@pytest.mark.parametrize(
    ("data", "path", "kind"),
    [
        (b"", "empty.csv", "text"),
        (b"\x80\x04]\x94.", "pickle.csv", "pickle"),
        (bytes(range(256)) * 9, "noise.csv", "binary"),
        (b"just words\n", "words.csv", "CSV"),
    ],
)
def test_a_file_that_lies_about_its_suffix_is_what_its_bytes_are(data: bytes, path: str, kind: str) -> None:
    views = views_of(source_of(data, path))
    assert views.kind == kind
    for view in views.views:
        view.open()


def test_a_growing_file_shows_its_new_rows(tmp_path: Path) -> None:
    path = tmp_path / "growing.csv"
    path.write_text("a,b\n1,2\n3,")
    with path.open("rb") as file:
        table = CsvTable(
            Source.of_file(file, "growing.csv"), "utf-8", CsvDialect(",", True, ("a", "b"), ("integer",) * 2)
        )
    assert everything(scanned(table)) == [("1", "2"), ("3", "")]
    with path.open("a") as file_to_append:
        file_to_append.write("4\n5,6\n")
    assert everything(scanned(table)) == [("1", "2"), ("3", "4"), ("5", "6")]
