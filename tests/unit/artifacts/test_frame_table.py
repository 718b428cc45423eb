"""Frames as tables: the texts of any window, sorted and filtered, with the statistics that pandas computes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qtui.artifacts.content import ColumnStatistics, RowCount, TableContent
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.errors import BadValue
from tests.data import frames


def everything(table: TableContent) -> Sequence[Sequence[str]]:
    return table.cells(0, table.row_count().count, range(len(table.columns)))


def column_of(table: TableContent, name: str) -> list[str]:
    index = [column.name for column in table.columns].index(name)
    return [row[0] for row in table.cells(0, table.row_count().count, (index,))]


def facts(statistics: ColumnStatistics | None) -> dict[str, str]:
    assert statistics is not None
    return dict(statistics.facts)


def test_the_levels_of_an_index_are_the_first_columns() -> None:
    table = FrameTable(frames.predictions())
    assert [(column.name, column.is_number) for column in table.columns] == [
        ("datetime", False),
        ("instrument", False),
        ("score", True),
    ]
    assert (table.index_columns, table.row_count()) == (2, RowCount(6))
    assert everything(table)[:2] == [("2020-01-01", "SH600000", "-1"), ("2020-01-01", "SZ000001", "-0.6")]
    assert table.cells(4, 99, (2, 0)) == [("0.6", "2020-01-03"), ("1", "2020-01-03")]


def test_the_numbers_of_a_plain_index_are_left_out_and_other_indexes_are_shown() -> None:
    frame = pd.DataFrame({"a": [1, 2]})
    assert FrameTable(frame).index_columns == 0
    assert column_of(FrameTable(frame.set_axis([5, 7])), "") == ["5", "7"]
    assert column_of(FrameTable(frame.rename_axis("row")), "row") == ["0", "1"]


def test_columns_of_several_levels_have_one_name() -> None:
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("feature", "RESI5"), ("label", "")]))
    assert [column.name for column in FrameTable(frame).columns] == ["feature/RESI5", "label"]


def test_every_type_of_value_has_a_text() -> None:
    table = FrameTable(frames.mixed())
    assert column_of(table, "float") == ["0.5", "NaN", "inf"]
    missing = "–" if pd.__version__ < "3" else "NaN"
    assert column_of(table, "text") == ["a", missing, "沪深"]
    assert column_of(table, "when") == ["2020-01-01", "2020-01-02", "2020-01-03"]
    assert column_of(table, "local")[0] == "2020-01-01 00:00:00+08:00"
    assert column_of(table, "things") == ["[1, 2]", "{'a': 1}", "(3, 'b')"]
    assert column_of(table, "span")[2] == "–"


def test_every_value_that_pandas_can_hold_becomes_a_table_or_is_none() -> None:
    shown_count = 0
    for name, make in frames.cases().items():
        value = make()
        if isinstance(value, pd.Series | pd.Index):
            value = value.to_frame()
        if not isinstance(value, pd.DataFrame):
            continue
        table = FrameTable(value)
        shown_count += 1
        for number in range(len(table.columns)):
            everything(table)
            assert int(facts(table.statistics(number))["count"]) <= len(value), name
            everything(table.filter("1"))
    assert shown_count > 50


def test_dates_are_shown_without_a_time_of_day_beside_a_missing_one() -> None:
    assert column_of(FrameTable(pd.DataFrame({"day": pd.to_datetime(["2020-01-01", "NaT"])})), "day") == [
        "2020-01-01",
        "–",
    ]


def test_a_short_float_keeps_its_shortest_form() -> None:
    table = FrameTable(pd.DataFrame({"score": np.array([0.1, np.nan], "f4")}))
    assert table.value(0, 0) == "0.1"
    assert table.raw_values(0, 1, (0,)) == [(0.1,)]


def test_a_cell_is_cut_in_the_table_and_whole_where_it_is_looked_at_alone() -> None:
    table = FrameTable(pd.DataFrame({"x": [1 / 3], "objects": [list(range(30))]}))
    assert table.cells(0, 1, (0, 1)) == [("0.33333", "[0, 1, 2, 3, 4, 5, ...]")]
    assert table.value(0, 0) == repr(1 / 3)
    assert "19" in table.value(0, 1)


def nested(depth: int) -> Any:
    value: Any = ()
    for _ in range(depth):
        value = (value, value)
    return value


def test_values_that_would_take_for_ever_to_write_or_to_hash_are_cut() -> None:
    bombs = [nested(60), {1: nested(60)}, slice(nested(60), None), 1 << 100_000, b"x" * 10_000_000, nested(3)]
    table = FrameTable(pd.DataFrame({"bombs": pd.Series(bombs, dtype=object)}))
    assert all(len(text) < 1000 for text in column_of(table, "bombs"))
    assert facts(table.statistics(0))["count"] == "6"
    assert table.sort(0, descending=True).row_count() == RowCount(6)
    assert table.filter("integer").row_count() == RowCount(1)


@pytest.mark.parametrize("descending", [False, True])
def test_rows_are_sorted_stably_with_missing_values_last(descending: bool) -> None:
    frame = pd.DataFrame({"key": [2.0, np.nan, 1.0, 2.0], "name": list("abcd")})
    expected = frame.sort_values("key", ascending=not descending, kind="stable")
    table = FrameTable(frame).sort(0, descending=descending)
    assert column_of(table, "name") == expected["name"].tolist()
    assert column_of(table.sort(1, descending=True), "name") == ["d", "c", "b", "a"]


def test_objects_of_one_type_are_sorted_by_their_own_order() -> None:
    frame = pd.DataFrame({"amount": [Decimal(9), None, Decimal(10)], "mixed": ["b", 1, None]})
    assert column_of(FrameTable(frame).sort(0, descending=False), "amount") == ["9", "10", "–"]
    assert column_of(FrameTable(frame).sort(1, descending=False), "mixed") == ["1", "b", "–"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("score > 0.2", "score > 0.2"),
        ("score<=-0.6", "score <= -0.6"),
        ("instrument = SH600000", "instrument == 'SH600000'"),
        ("instrument != 'SH600000'", "instrument != 'SH600000'"),
        ("datetime >= 2020-01-02", "datetime >= '2020-01-02'"),
        ("SCORE > 0.2", "score > 0.2"),
        ("`score` = 1", "score == 1"),
        ("sz0000", "instrument == 'SZ000001'"),
        ("2020-01-03", "datetime >= '2020-01-03'"),
        ("-0.6", "score == -0.6"),
        ("nothing like it", "score > 5"),
    ],
)
def test_a_filter_keeps_the_rows_that_pandas_would(text: str, query: str) -> None:
    frame = frames.predictions()
    assert everything(FrameTable(frame).filter(text)) == everything(FrameTable(frame.query(query)))


def test_filters_know_missing_values_booleans_and_columns_with_spaces() -> None:
    frame = pd.DataFrame({"Rank IC": [0.1, np.nan], "is good": [True, False], "is": ["x", "y"]})
    table = FrameTable(frame)
    assert column_of(table.filter("Rank IC = nan"), "is") == ["y"]
    assert column_of(table.filter("Rank IC != "), "is") == ["x"]
    assert column_of(table.filter("is good = false"), "is") == ["y"]
    assert column_of(table.filter("is = y").filter("is good = true"), "is") == []


@pytest.mark.parametrize("text", ["score > high", "datetime < soon"])
def test_a_filter_with_a_value_of_another_type_says_so(text: str) -> None:
    with pytest.raises(BadValue, match=f"{text.split()[2]}.* cannot be compared with {text.split()[0]}"):
        FrameTable(frames.predictions()).filter(text)


def test_the_statistics_of_numbers_are_those_of_pandas() -> None:
    values = pd.Series(np.random.default_rng(7).normal(size=1000).tolist() + [math.nan] * 5)
    described = values.describe()
    statistics = FrameTable(values.to_frame("x")).statistics(0)
    labelled = facts(statistics)
    assert (labelled["count"], labelled["missing"], labelled["distinct"]) == ("1,000", "5", "1,000")
    for name, pandas_name in [
        ("min", "min"), ("max", "max"), ("mean", "mean"), ("std", "std"),
        ("25 %", "25%"), ("median", "50%"), ("75 %", "75%"),
    ]:  # fmt: skip
        assert float(labelled[name]) == pytest.approx(described[pandas_name], rel=1e-7)
    assert statistics.sample == tuple(values.dropna())


def test_the_statistics_of_texts_name_the_most_frequent_ones() -> None:
    table = FrameTable(pd.DataFrame({"name": ["b", "a", "b", None]}))
    assert facts(table.statistics(0)) == {
        "count": "3",
        "missing": "1",
        "distinct": "2",
        "b": "2 (66.7%)",
        "a": "1 (33.3%)",
    }


def test_the_statistics_of_times_have_their_range() -> None:
    values = facts(FrameTable(frames.predictions()).statistics(0))
    assert (values["distinct"], values["min"], values["max"]) == ("3", "2020-01-01", "2020-01-03")


def test_statistics_and_numbers_are_those_of_the_filtered_rows() -> None:
    table = FrameTable(frames.predictions()).filter("score > 0")
    assert table.numbers(2) == pytest.approx([0.2, 0.6, 1.0])
    assert table.numbers(2, 1, 2) == pytest.approx([0.6])
    assert facts(table.statistics(2))["count"] == "3"
    with pytest.raises(BadValue, match="instrument has no numbers"):
        table.numbers(1)


def test_a_frame_without_rows_or_columns_is_a_table() -> None:
    assert everything(FrameTable(pd.DataFrame())) == []
    table = FrameTable(pd.DataFrame({"a": []}))
    assert facts(table.statistics(0)) == {"count": "0", "missing": "0", "distinct": "0"}
    assert table.sort(0, descending=False).filter("a > 1").row_count() == RowCount(0)
