"""Arrays of any shape as tables, in memory and in files, well-formed, broken and lying."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qtui.artifacts.content import ColumnStatistics, RowCount, TableContent
from qtui.artifacts.tables.array_table import ArrayTable, MemoryArray
from qtui.artifacts.tables.numpy_file import MAX_WHOLE_ROW_BYTES, open_npy
from qtui.artifacts.viewers import views_of
from qtui.errors import ArtifactUnreadable, BadValue
from tests.unit.artifacts.sources import source_of
from tests.unit.artifacts.test_frame_table import everything, facts


def npy(array: Any, **options: bool) -> bytes:
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def stored(array: Any) -> ArrayTable:
    return open_npy(source_of(npy(array), "array.npy"))


def open_view(data: bytes, title: str, path: str = "file") -> TableContent:
    views = {view.title: view for view in views_of(source_of(data, path)).views}
    content = views[title].open()
    assert isinstance(content, TableContent)
    return content


ARRAYS = [
    np.arange(12.0).reshape(3, 4) / 7,
    np.asfortranarray(np.arange(12).reshape(3, 4)),
    np.arange(5, dtype=">i4"),
    np.array([0.1, np.nan, -np.inf], "f4"),
    np.array(7.5),
    np.empty((0, 3)),
    np.array([["a", "沪深"], ["", "xyz"]]),
    np.array(["2020-01-01", "NaT"], "M8[D]"),
    np.array([True, False]),
    np.array([1 + 2j]),
    np.array([("ab", 1.5), ("", 2.5)], [("name", "U4"), ("value", "f8")]),
    np.array([("ab", (1, 2))], [("name", "U4"), ("pair", "<f8", (2,))]),
    np.array([b"abc", b"de"], "V3"),
]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype} {array.shape}")
def test_an_array_in_a_file_is_the_same_table_as_in_memory(array: Any) -> None:
    in_memory, in_file = ArrayTable(MemoryArray(array), "array.npy"), stored(array)
    assert in_file.columns == in_memory.columns
    assert in_file.row_count() == in_memory.row_count()
    assert everything(in_file) == everything(in_memory)
    for column in range(len(in_file.columns)):
        assert in_file.statistics(column) == in_memory.statistics(column)
        assert everything(in_file.sort(column, descending=True)) == everything(in_memory.sort(column, descending=True))
    everything(in_file.filter("a"))


def test_the_cells_of_a_matrix_are_its_elements() -> None:
    table = stored(np.arange(12).reshape(3, 4))
    assert [column.name for column in table.columns] == ["0", "1", "2", "3"]
    assert table.cells(1, 9, (3, 0)) == [("7", "4"), ("11", "8")]
    assert table.notes == ["Array of 3 x 4, int64."]


def test_the_fields_of_a_structured_array_are_columns() -> None:
    table = stored(np.array([("ab", 1.5), ("", 2.5)], [("name", "U4"), ("value", "f8")]))
    assert [(column.name, column.is_number) for column in table.columns] == [("name", False), ("value", True)]
    assert everything(table.filter("value > 2")) == [("", "2.5")]


def test_a_slice_of_an_array_with_more_axes_is_chosen_by_index() -> None:
    array = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    for table in (stored(array), ArrayTable(MemoryArray(array), "array")):
        assert table.outer_shape == (2, 3)
        assert table.raw_values(0, 9, range(5)) == [tuple(row) for row in array[0, 0].tolist()]
        assert table.at((1, 2)).raw_values(0, 9, range(5)) == [tuple(row) for row in array[1, 2].tolist()]
        with pytest.raises(BadValue, match="A slice has 2 indices: 0 to 1, 0 to 2"):
            table.at((0, 3))


def test_rows_longer_than_a_block_are_read_in_parts() -> None:
    array = np.arange(3 * MAX_WHOLE_ROW_BYTES, dtype="i1").reshape(3, -1)
    table = stored(array)
    assert table.raw_values(1, 3, (7, 19_999)) == [tuple(row) for row in array[1:, [7, 19_999]].tolist()]
    assert len(table.columns) == 20_000
    assert "20,000 of 65,536 columns are shown." in table.notes


def test_the_statistics_of_a_large_column_are_those_of_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qtui.artifacts.tables.array_table.MAX_QUICK_BYTES", 1000)
    monkeypatch.setattr("qtui.artifacts.tables.array_table.CHUNK_ROWS", 1000)
    values = np.random.default_rng(7).normal(3, 2, 10_500)
    values[::10] = np.nan
    table = stored(values)
    assert table.statistics(0) is None
    *progress, last = table.scan_statistics(0)
    assert progress == sorted(progress, key=float) and progress[-1] == 1.0  # type: ignore[arg-type]
    assert isinstance(last, ColumnStatistics)
    statistics, described = facts(last), pd.Series(values).describe()
    assert (statistics["count"], statistics["missing"]) == ("9,450", "1,050")
    for name in ("min", "max", "mean", "std"):
        assert float(statistics[name]) == pytest.approx(described[name], rel=1e-7)
    assert 1000 < len(last.sample) <= 10_000


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (npy(np.array([{"a": 1}], object), allow_pickle=True), "has an array of Python objects"),
        (npy(np.arange(100))[:-1], "is incomplete: its header announces 800 bytes of elements, and 799 follow"),
        (b"\x93NUMPY\x01\x00", "no valid header"),
        (b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f8',", "no valid header"),
        (b"\x93NUMPY\x09\x00" + b"x" * 100, "no valid header"),
    ],
)
def test_a_broken_array_is_answered_in_one_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ArtifactUnreadable, match=reason):
        open_view(data, "table")


def test_a_header_that_lies_about_the_shape_allocates_nothing() -> None:
    data = npy(np.arange(3)).replace(b"(3,)", b"(9999999999999,)", 1).replace(b" " * 12, b"", 1)
    with pytest.raises(ArtifactUnreadable, match="incomplete"):
        open_view(data, "table")


def npz(arrays: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def titles(data: bytes, path: str = "file") -> Sequence[str]:
    return [view.title for view in views_of(source_of(data, path)).views]


def test_each_array_of_an_archive_is_a_view() -> None:
    data = npz({"x": np.arange(3), "weights": np.ones((2, 2))})
    assert titles(data)[:2] == ["x", "weights"]
    assert everything(open_view(data, "x")) == [("0",), ("1",), ("2",)]
    assert open_view(data, "weights").row_count() == RowCount(2)


def test_an_archive_without_its_end_is_answered_in_one_sentence() -> None:
    with pytest.raises(ArtifactUnreadable, match="not a complete zip archive"):
        open_view(npz({"x": np.arange(3)})[:-30], "table", "arrays.npz")


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qtui.artifacts.tables.numpy_file.MAX_UNPACKED_BYTES", 1 << 20)
    with pytest.raises(ArtifactUnreadable, match="more than 1,048,576 bytes"):
        open_view(npz({"bomb": np.zeros(1 << 20)}), "bomb")


def test_a_damaged_member_of_an_archive_is_answered_in_one_sentence() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.npy", npy(np.arange(3000)))
        archive.writestr("text.npy", "no array")
    data = bytearray(file.getvalue())
    data[2000] ^= 255
    with pytest.raises(ArtifactUnreadable, match="cannot be unpacked"):
        open_view(bytes(data), "x")
    with pytest.raises(ArtifactUnreadable, match="no valid header"):
        open_view(bytes(data), "text")


def test_a_pickled_array_is_a_table_and_an_array_file_is_one_whatever_its_name() -> None:
    assert everything(open_view(pickle.dumps(np.arange(2)), "pickle")) == [("0",), ("1",)]
    assert titles(npy(np.arange(2)), "scores.csv")[0] == "table"
