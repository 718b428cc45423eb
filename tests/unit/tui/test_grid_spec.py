"""The layout of the charts of a grid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.entities import RunInfo
from qtui.tui.present.charts.chart_spec import ChartSpec, RunGroup
from qtui.tui.present.charts.grid_spec import (
    CHART_SIZES,
    GAP_CELLS,
    PINNED,
    UNGROUPED,
    ChartSize,
    GridItem,
    GridLayout,
    MetricSection,
    grid_spec_of,
    group_metrics,
    layout_grid,
)

METRICS = ("train/loss", "loss", "train/ic", "system/cpu", "valid/loss", "valid/ic", "alone/x", "ic")


def named(sections: tuple[MetricSection, ...]) -> dict[str, tuple[str, ...]]:
    return {section.name: section.metrics for section in sections}


def test_metrics_are_grouped_by_prefix_and_those_of_the_system_come_last() -> None:
    sections = group_metrics(METRICS)
    assert [section.name for section in sections] == [UNGROUPED, "train/", "valid/", "system/"]
    assert named(sections)["train/"] == ("train/ic", "train/loss")
    assert list(sections[1].labels().values()) == ["ic", "loss"]


def test_the_titles_of_charts_keep_the_ends_in_which_the_names_differ() -> None:
    metrics = {
        f"1day.excess_return_{cost}_cost.{measure}"
        for cost in ("with", "without")
        for measure in ("max_drawdown", "information_ratio")
    }
    cells = layout_grid(group_metrics({*metrics, "ic"}), (), 120, 40).cells
    assert [cell.label for cell in cells] == [
        "with_cost.information_ratio",
        "with_cost.max_drawdown",
        "without_cost.information_ratio",
        "without_cost.max_drawdown",
        "ic",
    ]


def test_the_name_of_a_pinned_chart_differs_from_those_below() -> None:
    pin, other = "1day.excess_return_with_cost.mean", "1week.excess_return_with_cost.mean"
    cells = layout_grid(group_metrics({pin, other}, (pin,)), (), 120, 40).cells
    assert [cell.label for cell in cells] == [pin, other]


def test_a_prefix_of_one_metric_is_no_section() -> None:
    assert named(group_metrics(METRICS))[UNGROUPED] == ("alone/x", "ic", "loss")


def test_pinned_metrics_come_first_in_the_order_of_the_pins_and_nowhere_else() -> None:
    sections = group_metrics(METRICS, pins=("valid/loss", "ic", "gone"))
    assert sections[0] == MetricSection(PINNED, ("valid/loss", "ic"))
    assert [key for section in sections for key in section.metrics].count("ic") == 1


def test_a_search_keeps_the_metrics_that_contain_it() -> None:
    assert named(group_metrics(METRICS, search="LOSS")) == {UNGROUPED: ("loss", "train/loss", "valid/loss")}
    assert group_metrics(METRICS, search="nothing") == ()


@pytest.mark.parametrize("metric", ["/", "a/", "/a", "//", "a//b"])
def test_odd_slashes_lose_no_metric(metric: str) -> None:
    sections = group_metrics([metric, "b/c", "b/d"])
    assert metric in [key for section in sections for key in section.metrics]
    assert all(label for section in sections for label in section.labels().values())


def test_a_single_section_has_no_heading() -> None:
    assert layout_grid(group_metrics(["loss", "ic"]), (), 80, 24).headings == ()
    assert len(layout_grid(group_metrics(METRICS), (), 80, 24).headings) == 4


def test_single_values_are_listed_after_the_charts_of_their_section() -> None:
    sections = group_metrics(["a/1", "a/2", "a/3", "b/1", "b/2"])
    layout = layout_grid(sections, (), 80, 40, single={"a/1", "a/3", "b/1", "b/2"})
    places = {cell.item.metric: (cell.y, cell.height) for cell in layout.cells}
    (chart, height), first, second = places["a/2"], places["a/1"], places["a/3"]
    assert height > 1
    assert first == second == (chart + height + 1, 1)
    assert places["b/1"] == places["b/2"] == (first[0] + 3, 1)


def test_charts_of_every_measure_are_at_least_as_large_as_it_says() -> None:
    for size in CHART_SIZES:
        for cell in layout_grid(group_metrics(map(str, range(40))), (), 200, 55, size=size).cells:
            assert cell.width >= size.min_cells and cell.height >= size.min_lines - 1


def test_a_folded_section_is_its_heading_alone() -> None:
    layout = layout_grid(group_metrics(METRICS), {"system/"}, 120, 30)
    assert [heading.is_folded for heading in layout.headings] == [False, False, False, True]
    assert all(cell.item.metric != "system/cpu" for cell in layout.cells)
    assert layout.line_range(GridItem("system/")) == (layout.lines - 1, layout.lines)


def test_few_charts_fill_the_room_and_many_keep_their_least_size() -> None:
    few = layout_grid(group_metrics(["a", "b", "c", "d"]), (), 80, 24)
    assert [(cell.x, cell.y) for cell in few.cells] == [(0, 0), (41, 0), (0, 12), (41, 12)]
    many = layout_grid(group_metrics([f"m{number}" for number in range(200)]), (), 80, 24)
    assert many.cells[2].y == 12
    assert many.lines == 100 * 12


def test_arrows_go_from_chart_to_chart_and_stop_at_the_edges() -> None:
    layout = layout_grid(group_metrics(["a", "b", "c", "d", "e"]), (), 80, 24)
    a, b, c, d, e = (cell.item for cell in layout.cells)
    assert layout.neighbour(a, 1, 0) == b
    assert layout.neighbour(b, 1, 0) == c
    assert layout.neighbour(b, 0, 1) == d
    assert layout.neighbour(d, 0, 1) == e
    assert layout.neighbour(e, 0, 1) == layout.neighbour(e, 1, 0) == e
    assert layout.neighbour(a, -1, 0) == layout.neighbour(a, 0, -1) == a
    assert layout.neighbour(GridItem("gone", "gone"), 1, 0) == a
    assert GridLayout().neighbour(a, 1, 0) is None


def test_the_way_down_leads_over_folded_headings() -> None:
    layout = layout_grid(group_metrics(METRICS), {"train/", "system/"}, 40, 24)
    items = [item for row in layout.rows() for item in row]
    assert GridItem("train/") in items and GridItem("system/") == items[-1]
    assert items.index(GridItem("train/")) < items.index(GridItem("valid/", "valid/ic"))


names = st.text("ab/é因 .", max_size=6)


@given(
    st.sets(names, max_size=30),
    st.lists(names, max_size=4, unique=True),
    st.sets(st.sampled_from([UNGROUPED, PINNED, "a/", "system/"])),
    st.integers(0, 200),
    st.integers(0, 60),
    st.sets(names, max_size=20),
    st.sampled_from(CHART_SIZES),
)
def test_every_open_chart_has_a_place_of_its_own_inside_the_grid(
    metrics: set[str],
    pins: list[str],
    folded: set[str],
    width: int,
    height: int,
    single: set[str],
    size: ChartSize,
) -> None:
    sections = group_metrics(metrics, pins)
    assert sorted(key for section in sections for key in section.metrics) == sorted(metrics)
    layout = layout_grid(sections, folded, width, height, single=single, size=size)
    for index, cell in enumerate(layout.cells):
        assert cell.x >= 0 and cell.y + cell.height <= layout.lines
        assert cell.x + cell.width <= max(width, 1)
        for other in layout.cells[index + 1 :]:
            apart = other.x >= cell.x + cell.width + GAP_CELLS or cell.x >= other.x + other.width + GAP_CELLS
            assert apart or other.y >= cell.y + cell.height or cell.y >= other.y + other.height
    taken = {cell.y for cell in layout.cells}
    assert not taken & {heading.y for heading in layout.headings}


def test_a_grid_of_groups_draws_each_as_one_line_of_all_its_runs() -> None:
    a, b, c = (RunInfo(name, "1", name) for name in "abc")
    chart = ChartSpec(("ic",), (a,), (RunGroup("x", (a, b)), RunGroup("y", (c,))), ("ic", "loss"), baseline="a")
    spec = grid_spec_of(chart)
    assert ([run.name for run in spec.runs], spec.metrics, spec.title) == (["a", "b", "c"], {"ic", "loss"}, "2 groups")
    assert [(line.name, len(line.runs), line.is_group) for line in spec.chart_spec("loss").lines()] == [
        ("x", 2, True),
        ("y", 1, True),
    ]
    many = ChartSpec(("ic",), groups=tuple(RunGroup(str(number), (a,)) for number in range(30)))
    assert grid_spec_of(many).title == "24 of 30 groups"
