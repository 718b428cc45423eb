"""Parquet, Arrow and Feather files as tables: any row, read in windows, with the numbers that pyarrow reads."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from qtui.artifacts.content import ColumnStatistics, RowCount
from qtui.artifacts.source import Source
from qtui.artifacts.tables import arrow_file, arrow_table
from qtui.artifacts.tables.arrow_table import ArrowTable
from qtui.artifacts.tables.column_sample import sample_columns
from qtui.artifacts.tables.frame_statistics import add_sample
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.artifacts.viewers import views_of
from qtui.errors import ArtifactUnreadable, BadValue
from tests.data import frames
from tests.unit.artifacts.sources import source_of
from tests.unit.artifacts.test_frame_table import column_of, everything, facts

ROWS = 5000


def frame() -> pd.DataFrame:
    random = np.random.default_rng(7)
    data = {
        "score": random.normal(size=ROWS),
        "whole": random.integers(0, 50, ROWS),
        "name": [f"name {number % 100}" for number in range(ROWS)],
        "when": pd.date_range("2020-01-01", periods=ROWS, freq="h"),
    }
    made = pd.DataFrame(data)
    made.loc[::10, "score"] = np.nan
    return made


def parquet(table: pd.DataFrame | pa.Table, **options: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(table if isinstance(table, pa.Table) else pa.Table.from_pandas(table), file, **options)
    return file.getvalue()


def feather(table: pd.DataFrame | pa.Table, **options: Any) -> bytes:
    file = io.BytesIO()
    pyarrow.feather.write_feather(table, file, chunksize=700, **options)
    return file.getvalue()


def by_groups(table: pd.DataFrame | pa.Table) -> bytes:
    return parquet(table, row_group_size=1300)


def uncompressed(table: pd.DataFrame | pa.Table) -> bytes:
    return feather(table, compression="uncompressed")


FORMATS = [by_groups, feather, uncompressed]


def open_table(data: bytes, path: str = "file.parquet") -> ArrowTable:
    content = views_of(source_of(data, path)).views[0].open()
    assert isinstance(content, ArrowTable)
    return content


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of which the files of these tests have several in a group."""
    monkeypatch.setattr(arrow_file, "BLOCK_ROWS", 512)


@pytest.mark.parametrize("write", FORMATS)
@pytest.mark.parametrize("start", [0, 500, 1290, 4990, 2600])
def test_any_window_has_the_values_that_pandas_has(write: Callable[[Any], bytes], start: int) -> None:
    table = open_table(write(frame()))
    expected = frame().iloc[start : start + 30]
    assert table.row_count() == RowCount(ROWS)
    rows = table.raw_values(start, start + 30, (2, 1, 0))
    assert [row[:2] for row in rows] == list(zip(expected["name"], expected["whole"], strict=True))
    scores = [np.nan if row[2] is None else row[2] for row in rows]
    np.testing.assert_array_equal(scores, expected["score"].to_numpy())
    assert table.cells(start, start + 1, (3,)) == [(str(frame()["when"][start]).removesuffix(" 00:00:00"),)]


def test_windows_are_the_same_in_any_order() -> None:
    table, again = open_table(by_groups(frame())), open_table(by_groups(frame()))
    for start in (4000, 0, 512, 1024, 10, 4000, 1299):
        assert table.cells(start, start + 20, (0, 2)) == again.cells(start, start + 20, (0, 2))
        again = open_table(by_groups(frame()))


def test_only_the_visible_columns_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    table = open_table(by_groups(frame()))
    read: list[list[str]] = []
    iter_batches = pq.ParquetFile.iter_batches

    def noted(self: Any, *args: Any, columns: list[str], **options: Any) -> Any:
        read.append(columns)
        return iter_batches(self, *args, columns=columns, **options)

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", noted)
    table.cells(0, 20, (0, 2))
    table.cells(20, 40, (0, 2))
    table.cells(0, 20, (0, 1))
    assert read == [["score", "name"], ["whole"]]


def test_the_first_rows_of_a_row_group_are_read_without_the_rest_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    data = parquet(pa.table({"score": np.random.default_rng(7).normal(size=300_000)}))
    table = open_table(data)
    sizes: list[int] = []
    read = Source.read

    def counted(self: Source, offset: int, size: int) -> bytes:
        sizes.append(size)
        return read(self, offset, size)

    monkeypatch.setattr(Source, "read", counted)
    table.cells(0, 20, (0,))
    assert 0 < sum(sizes) < len(data) / 2


def test_blocks_that_were_not_used_for_long_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_table, "MAX_CACHED_BYTES", 30_000)
    table = open_table(by_groups(frame()))
    all_cells = open_table(by_groups(frame())).cells(0, ROWS, (0, 1, 2))
    for start in range(0, ROWS, 400):
        assert table.cells(start, start + 400, (0, 1, 2)) == all_cells[start : start + 400]


@pytest.mark.parametrize("write", FORMATS)
def test_the_index_of_a_frame_is_the_first_columns(write: Callable[[Any], bytes]) -> None:
    table = open_table(write(frames.predictions()))
    assert [column.name for column in table.columns] == ["datetime", "instrument", "score"]
    assert table.index_columns == 2
    assert everything(table)[0] == ("2020-01-01", "SH600000", "-1")
    unnamed = open_table(write(pd.DataFrame({"x": [1, 2]}, index=[5, 7])))
    assert column_of(unnamed, "") == ["5", "7"]


@pytest.mark.parametrize("write", FORMATS)
def test_statistics_are_those_of_pandas(write: Callable[[Any], bytes]) -> None:
    table, described = open_table(write(frame())), frame()["score"].describe()
    statistics = facts(table.statistics(0))
    for name, pandas_name in (("min", "min"), ("mean", "mean"), ("std", "std"), ("median", "50%")):
        assert float(statistics[name]) == pytest.approx(described[pandas_name], rel=1e-7)
    assert facts(table.statistics(2))["distinct"] == "100"


def test_the_statistics_of_the_file_are_completed_by_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_table, "MAX_QUICK_BYTES", 100)
    table = open_table(parquet(frame()))
    completed = {}
    for column in (1, 2):
        own = table.statistics(column)
        assert own is not None and own.is_metadata
        sampling = sample_columns(table, (column,))
        while True:
            try:
                next(sampling)
            except StopIteration as end:
                completed[column] = add_sample(own, end.value)
                break
    assert not completed[1].is_metadata
    assert facts(completed[1])["max"] == "49"
    assert facts(completed[1])["sample"] == "5,000 rows"
    assert facts(completed[1])["mean"] == facts(FrameTable(frame()).statistics(1))["mean"]
    assert len(completed[1].sample) == ROWS
    assert facts(completed[2])["name 1"] == "50 (1.0%)"


def test_a_large_column_has_the_statistics_of_the_file_at_once_and_all_after_a_scan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arrow_table, "MAX_QUICK_BYTES", 100)
    table, described = open_table(by_groups(frame())), frame()["whole"].describe()
    assert facts(table.statistics(1)) == {"count": "5,000", "missing": "0", "min": "0", "max": "49"}
    assert facts(table.statistics(0))["missing"] == "500"
    *progress, last = table.scan_statistics(1)
    assert progress[-1] == 1.0 and len(progress) > 4
    assert isinstance(last, ColumnStatistics)
    for name in ("min", "max", "mean", "std"):
        assert float(facts(last)[name]) == pytest.approx(described[name], rel=1e-7)
    assert open_table(feather(frame())).statistics(1) is None


@pytest.mark.parametrize("write", FORMATS)
def test_rows_are_sorted_and_filtered_as_pandas_does(write: Callable[[Any], bytes]) -> None:
    table = open_table(write(frame()))
    expected = frame().query("whole > 40").sort_values("score", kind="stable")
    ordered = table.filter("whole > 40").sort(0, descending=False)
    assert column_of(ordered, "name") == expected["name"].tolist()


def test_a_table_that_is_too_large_to_load_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qtui.artifacts.tables.table_limits.MAX_FRAME_BYTES", 1000)
    table = open_table(by_groups(frame()))
    with pytest.raises(ArtifactUnreadable, match=r"tables up to 1.0 kB can be sorted"):
        table.sort(0, descending=False)
    with pytest.raises(ArtifactUnreadable, match="can be filtered"):
        table.filter("x")


def test_numbers_of_a_column_are_plotted() -> None:
    table = open_table(by_groups(frame()))
    np.testing.assert_array_equal(table.numbers(0), frame()["score"].to_numpy())
    assert table.numbers(1, 2000, 2010) == frame()["whole"].tolist()[2000:2010]
    with pytest.raises(BadValue, match="name has no numbers"):
        table.numbers(2)


def odd_table() -> pa.Table:
    return pa.table(
        {
            "list": [[1, 2], None, []],
            "struct": [{"a": 1, "b.c": "x"}, None, {"a": 2, "b.c": None}],
            "a.b": [1, 2, 3],
            "ns": pa.array([1, None, 10**18], pa.timestamp("ns")),
            "far": pa.array([2**62, None, -(2**62)], pa.timestamp("s")),
            "date": pa.array([0, None, 2**31 - 1], pa.date32()),
            "zone": pa.array([0, None, 1], pa.timestamp("us", "Asia/Shanghai")),
            "decimal": pa.array([1, None, 3]).cast(pa.decimal128(25, 2)),
            "bytes": [b"\xff\x00", None, b""],
            "dict": pa.array(["x", None, "y"]).dictionary_encode(),
            "null": pa.nulls(3),
            "flag": [True, None, False],
            "half": pa.array([1.5, None, 2.5], pa.float32()),
        }
    )


@pytest.mark.parametrize("write", [parquet, feather])
def test_every_type_is_shown(write: Callable[[Any], bytes]) -> None:
    table = open_table(write(odd_table().drop_columns(["far"]) if write is parquet else odd_table()))
    assert table.row_count() == RowCount(3)
    assert column_of(table, "list") == ["[1, 2]", "–", "[]"]
    assert column_of(table, "a.b") == ["1", "2", "3"]
    assert column_of(table, "dict") == ["x", "–", "y"]
    assert column_of(table, "decimal") == ["1.00", "–", "3.00"]
    for column in range(len(table.columns)):
        assert table.statistics(column) is not None
        table.value(0, column)
        table.sort(column, descending=True)
    table.filter("x")


def test_columns_of_one_name_are_all_shown() -> None:
    twice = pa.Table.from_arrays([pa.array([1, 2]), pa.array(["x", "y"]), pa.array([3, 4])], names=["a", "b", "a"])
    table = open_table(parquet(twice))
    assert everything(table) == [("1", "x", "3"), ("2", "y", "4")]


def test_a_small_file_with_a_huge_number_of_texts_stays_small() -> None:
    text = "x" * 100_000
    data = parquet(pa.table({"text": pa.array([text] * 20_000).dictionary_encode()}), compression="zstd")
    assert len(data) < 1_000_000
    table = open_table(data)
    assert len(table.cells(19_990, 20_000, (0,))[0][0]) == 100_000


@pytest.mark.parametrize("write", FORMATS)
def test_a_table_without_rows_or_columns_is_shown(write: Callable[[Any], bytes]) -> None:
    table = open_table(write(frame().iloc[:0]))
    assert (table.row_count(), everything(table)) == (RowCount(0), [])
    assert facts(table.statistics(0))["count"] == "0"
    assert open_table(write(pa.table({}))).columns == []


@pytest.mark.parametrize("write", FORMATS)
@pytest.mark.parametrize("keep", [8, 100, 0.5, 0.99])
def test_a_truncated_file_is_answered_in_one_sentence(write: Callable[[Any], bytes], keep: float) -> None:
    data = write(frame())
    data = data[: int(keep if keep > 1 else keep * len(data))]
    with pytest.raises(ArtifactUnreadable, match=r"file.parquet .*\.$"):
        open_table(data)


@pytest.mark.parametrize("write", FORMATS)
def test_damage_is_answered_in_one_sentence(write: Callable[[Any], bytes]) -> None:
    data = bytearray(write(frame()))
    random = np.random.default_rng(3)
    for _ in range(60):
        place = int(random.integers(8, len(data)))
        old, data[place] = data[place], int(random.integers(256))
        try:
            table = open_table(bytes(data))
            table.cells(0, 50, range(len(table.columns)))
            table.cells(4000, 4050, range(len(table.columns)))
        except ArtifactUnreadable as error:
            assert str(error).endswith(".")
        data[place] = old


def test_a_missing_pyarrow_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ArtifactUnreadable, match=r"Parquet files need pyarrow: pip install 'qtui\[parquet\]'"):
        open_table(by_groups(frame()))


def test_an_old_feather_file_is_answered_in_one_sentence() -> None:
    with pytest.raises(ArtifactUnreadable, match="version 1 of Feather"):
        open_table(b"FEA1" + b"\0" * 100)
