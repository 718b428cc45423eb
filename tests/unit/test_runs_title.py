"""The title of the runs pane."""

from __future__ import annotations

import pytest

from qtui.entities import ViewType
from qtui.query.ast import Aggregate, Field, FieldKind, OrderBy
from qtui.runs.table_layout import TableLayout
from qtui.text import width
from qtui.tui.present.runs.run_scope import Scope
from qtui.tui.present.runs.runs_title import runs_title

RANK_IC, LEAVES = Field(FieldKind.METRIC, "Rank IC"), Field(FieldKind.PARAM, "num_leaves")
SCOPE = Scope("csi300/lightgbm")
LAYOUT = TableLayout(order_by=(OrderBy(RANK_IC, ascending=False),), group_by=(LEAVES,), previous_columns=())
WHOLE = "csi300/lightgbm · by Rank IC ▼ · 24 of 37 · 3 marked · grouped by num_leaves · differing params"  # fmt: skip


def title(cells: int, scope: Scope = SCOPE, layout: TableLayout = LAYOUT) -> str:
    return runs_title(scope, layout, cells, filtered="24 of 37", marks=3)


def test_the_title_says_scope_order_filter_count_marks_grouping_and_that_only_differences_are_shown() -> None:
    assert title(200) == WHOLE


def test_groups_by_all_params_but_some_and_the_baseline_are_named() -> None:
    layout = TableLayout(group_all_but=(Field(FieldKind.PARAM, "seed"),))
    text = runs_title(Scope("lgb"), layout, 100, baseline="lgb-1")
    assert text == "lgb · grouped by all params but seed · baseline lgb-1"


def test_without_any_state_it_is_the_scope_alone() -> None:
    assert runs_title(Scope("all experiments"), TableLayout(), 100) == "all experiments"


def test_the_view_is_part_of_the_scope() -> None:
    assert runs_title(Scope("lgb", view=ViewType.DELETED), TableLayout(), 100) == "lgb, deleted"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (80, "csi300/lightgbm · by Rank IC ▼ · 24 of 37 · 3 marked · grouped by num_leaves"),
        (56, "csi300/lightgbm · by Rank IC ▼ · 24 of 37 · 3 marked"),
        (50, "…300/lightgbm · by Rank IC ▼ · 24 of 37 · 3 marked"),
        (27, "…00/lightgbm · by Rank IC ▼"),
        (12, "…00/lightgbm"),
        (5, "…tgbm"),
        (0, ""),
    ],
)
def test_where_it_is_narrow_the_least_important_parts_are_left_out(cells: int, expected: str) -> None:
    assert title(cells) == expected


@pytest.mark.parametrize("cells", range(90))
def test_it_never_takes_more_cells_than_there_are_even_with_wide_characters(cells: int) -> None:
    assert width(title(cells, Scope("因子研究/动量/非常长的名字"))) <= cells


def test_further_columns_that_sort_are_counted() -> None:
    layout = TableLayout(order_by=(OrderBy(LEAVES), OrderBy(RANK_IC, ascending=False)))
    assert runs_title(SCOPE, layout, 100) == "csi300/lightgbm · by num_leaves ▲ +1"


def test_the_order_is_named_as_the_column_is() -> None:
    layout = TableLayout(order_by=(OrderBy(Field(FieldKind.ATTRIBUTE, "start_time"), ascending=False),))
    assert runs_title(SCOPE, layout, 100) == "csi300/lightgbm · by age ▼"
    best = TableLayout(order_by=(OrderBy(Field(FieldKind.METRIC, "loss", Aggregate.MIN)),))
    assert runs_title(SCOPE, best, 100) == "csi300/lightgbm · by min loss ▲"


def test_long_names_are_shortened_as_in_the_table() -> None:
    layout = TableLayout(
        order_by=(OrderBy(Field(FieldKind.METRIC, "1day.excess_return_with_cost.max_drawdown")),),
        group_by=(Field(FieldKind.PARAM, "model.kwargs.learning_rate"),),
    )
    assert runs_title(SCOPE, layout, 100) == (
        "csi300/lightgbm · by with_cost.max_drawdown ▲ · grouped by learning_rate"
    )
