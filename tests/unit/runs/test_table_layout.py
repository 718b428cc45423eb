"""A layout is kept as plain data, and what comes back wrong does no harm."""

from __future__ import annotations

import json

import pytest

from qtui.query.ast import Aggregate, Field, FieldKind, OrderBy
from qtui.runs.column_specs import (
    RUN_COLUMNS,
    Align,
    ColumnFormat,
    ColumnSpec,
    available_columns,
    curve_column,
    field_title,
    logged_column,
)
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout, insert_added_items
from tests.unit.runs.build import attribute, metric, param, run, tag

LAYOUT = TableLayout(
    columns=(
        RUN_COLUMNS["name"],
        RUN_COLUMNS["age"].with_width(12),
        curve_column("ic"),
        ColumnSpec(metric("ic", Aggregate.MAX), ColumnFormat.NUMBER),
    ),
    order_by=(OrderBy(metric("ic", Aggregate.BEST), ascending=False), OrderBy(param("lr"))),
    group_by=(tag("team"),),
    nested=False,
    group_all_but=(param("seed"),),
    pins=("a", "b"),
    baseline="a",
    higher_is_better={"ic": False},
)


def test_a_layout_survives_being_written_as_json() -> None:
    assert TableLayout.from_dict(json.loads(json.dumps(LAYOUT.to_dict()))) == LAYOUT


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"columns": 3, "order_by": "ic", "pins": {"a": 1}, "higher": []},
        {"columns": [None, 5, {"kind": "flavour", "key": "x"}, {"key": "x"}], "higher": {"ic": "yes"}},
        {"group_all_but": "seed", "baseline": 3},
        {"columns": [{"kind": "metric", "key": "x", "look": "sparkling"}], "order_by": [[]], "group_by": [{}]},
    ],
)
def test_invalid_parts_are_ignored(nonsense: dict[str, object]) -> None:
    assert TableLayout.from_dict(nonsense) == TableLayout()


def test_an_invalid_width_is_ignored() -> None:
    column = {"kind": "param", "key": "lr", "width": -3}
    assert TableLayout.from_dict({"columns": [column, column]}).columns == (ColumnSpec(param("lr")),)


def test_a_sort_begins_with_the_best_turns_and_ends() -> None:
    ic = metric("ic")
    once = TableLayout().sort_by(ic)
    twice = once.sort_by(ic)

    assert once.order_by == (OrderBy(ic, ascending=False),)
    assert twice.order_by == (OrderBy(ic, ascending=True),)
    assert twice.sort_by(ic).order_by == ()


def test_a_second_field_is_added_behind_the_first_and_turns_in_its_place() -> None:
    layout = TableLayout().sort_by(metric("loss")).sort_by(param("lr"), add=True)
    assert layout.order_by == (OrderBy(metric("loss")), OrderBy(param("lr")))
    assert layout.sort_by(metric("loss"), add=True).order_by[0] == OrderBy(metric("loss"), ascending=False)


def test_times_begin_with_the_newest() -> None:
    assert TableLayout().sort_by(attribute("start_time")).order_by[0].ascending is False


def test_a_column_takes_the_place_of_the_one_with_its_key() -> None:
    wider = RUN_COLUMNS["age"].with_width(30)

    assert LAYOUT.with_column(wider).columns[1] == wider
    assert LAYOUT.with_column(RUN_COLUMNS["user"]).columns[-1] == RUN_COLUMNS["user"]


def test_every_value_of_the_runs_is_offered_as_a_column_once() -> None:
    frame = RunsFrame.from_runs([run("a", params={"lr": "0.1"}, metrics={"ic": 1}, tags={"mlflow.note.content": "x"})])
    keys = [column.key for column in available_columns(frame)]

    assert len(keys) == len(set(keys))
    assert {(metric("ic", aggregate), ColumnFormat.NUMBER) for aggregate in Aggregate} < set(keys)
    assert (metric("ic"), ColumnFormat.SPARKLINE) in keys


def test_numbers_are_right_aligned_and_words_left_aligned() -> None:
    frame = RunsFrame.from_runs([run("a", params={"lr": "0.1", "model": "lgb"}, metrics={"ic": 1})])

    assert [logged_column(frame, field).align for field in (metric("ic"), param("lr"), param("model"))] == [
        Align.RIGHT,
        Align.RIGHT,
        Align.LEFT,
    ]


def test_a_title_names_the_aggregate_of_a_metric() -> None:
    assert field_title(Field(FieldKind.METRIC, "ic", Aggregate.MAX)) == "max ic"


@pytest.mark.parametrize(
    ("chosen", "before", "anchor", "placed"),
    [
        ("abcxy", "abc", "a", "axybc"),
        ("abcx", "abc", "c", "abcx"),
        ("abcx", "abc", None, "xabc"),
        ("acx", "abc", "b", "axc"),
        ("axbc", "abc", "c", "axbc"),
        ("x", "ab", "b", "x"),
        ("", "ab", "b", ""),
    ],
)
def test_added_columns_come_in_behind_the_cursor(chosen: str, before: str, anchor: str | None, placed: str) -> None:
    assert "".join(insert_added_items(list(chosen), list(before), anchor)) == placed
