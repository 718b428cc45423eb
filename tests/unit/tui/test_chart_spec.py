"""The spec of a large chart, and its legend as a table."""

from __future__ import annotations

import pytest

from qtui.entities import RunInfo
from qtui.plot.axes.axis import Unit
from qtui.plot.curves.readout import Readout
from qtui.text import width
from qtui.tui.present.charts.chart_legend import (
    LegendColumns,
    LegendEntry,
    LegendScope,
    fit_legend,
    legend_columns,
    legend_heading,
    name_lines,
    render_entry,
)
from qtui.tui.present.charts.chart_spec import ChartSpec, RunGroup
from qtui.tui.themes import run_colour

ONE, TWO, TWIN = RunInfo("a" * 32, "1", "反转因子"), RunInfo("b" * 32, "1", "lgb"), RunInfo("c" * 32, "1", "lgb")
EXTENT = LegendScope(
    greatest_step=123_456, x_title="step", x_unit=Unit.COUNT, is_at_cursor=True, is_smoothed=True, has_bands=False
)
READING = Readout("lgb", "run-1", 3.0, 123_456, 1_780_000_000_000, -0.00123456, 0.5)


def test_lines_have_the_shortest_names_that_differ() -> None:
    assert [line.name for line in ChartSpec(("ic",), (ONE, TWO)).lines()] == ["反转因子", "lgb"]
    assert [line.name for line in ChartSpec(("ic", "loss"), (ONE,)).lines()] == ["ic", "loss"]
    assert [line.name for line in ChartSpec(("ic", "loss"), (ONE, TWO)).lines()][1:3] == ["lgb ic", "反转因子 loss"]


def test_runs_have_their_colour_and_metrics_of_one_run_have_different_ones() -> None:
    assert [line.role for line in ChartSpec(("ic",), (ONE, TWO)).lines()] == [
        run_colour("a" * 32),
        run_colour("b" * 32),
    ]
    roles = [line.role for line in ChartSpec(tuple("abcdefgh"), (ONE,)).lines()]
    assert roles[0] == run_colour("a" * 32) and len(set(roles)) == 8


def test_lines_of_one_colour_differ_in_their_mark() -> None:
    metrics = tuple("abcdefgh")
    lines = [line for line in ChartSpec(metrics, (ONE, TWO, TWIN)).lines() if line.owner_id == ONE.run_id]
    assert [line.shares_colour for line in lines] == [False, *[True] * 7]
    assert len({line.mark for line in lines}) == 8


def test_the_title_has_the_metrics_and_the_runs() -> None:
    group = RunGroup("lgb (2)", (TWO, TWIN))
    assert ChartSpec(("ic",), (ONE,)).title() == "ic of 反转因子"
    assert ChartSpec(("ic", "loss"), (ONE, TWO)).title() == "ic, loss of 2 runs"
    assert ChartSpec(("ic",), groups=(group,)).title() == "ic of lgb (2)"
    assert ChartSpec(("ic",), groups=(group, group), group_fields="model").title() == "ic of 2 groups by model"


def test_a_list_of_runs_breaks_between_names_and_counts_those_that_do_not_fit() -> None:
    lines = ChartSpec(("",), tuple(RunInfo(str(number) * 32, "1", f"lgb-{number}") for number in range(9))).lines()

    def texts(cells: int, height: int = 2) -> list[str]:
        rows = name_lines(lines, ["──"] * 9, cells, height)
        return ["".join(piece.text for piece in row) for row in rows]

    assert texts(200) == ["   ".join(f"── lgb-{number}" for number in range(9))]
    assert texts(36) == ["── lgb-0   ── lgb-1   ── lgb-2", "── lgb-3   ── lgb-4   and 4 more"]
    assert all(width(text) <= 40 for text in texts(40))


def render(entry: LegendEntry, columns: LegendColumns, cells: int) -> str:
    return "".join(piece.text for piece in render_entry(entry, columns, cells))


@pytest.mark.parametrize("cells", [20, 30, 40, 60, 120])
@pytest.mark.parametrize("metrics", [("ic",), ("ic", "a/very/long/metric")])
def test_a_line_of_the_legend_fits_and_is_aligned_with_its_titles(cells: int, metrics: tuple[str, ...]) -> None:
    spec = ChartSpec(metrics, (ONE, TWO, TWIN))
    columns = fit_legend(legend_columns(spec, spec.lines(), EXTENT), cells)
    lengths = {width(render(LegendEntry(line, "──", READING), columns, cells)) for line in spec.lines()}
    assert lengths == {width(legend_heading(columns))} and max(lengths) <= cells
    assert "-0.0012346" in render(LegendEntry(spec.lines()[0], "──", READING), columns, cells)


def test_a_wide_legend_has_the_step_and_the_time() -> None:
    spec = ChartSpec(("ic",), (ONE, TWO))
    columns = fit_legend(legend_columns(spec, spec.lines(), EXTENT), 100)
    assert legend_heading(columns).split() == ["value", "smoothed", "step", "time"]
    text = render(LegendEntry(spec.lines()[1], "──", READING), columns, 100)
    assert text.split() == ["──", "lgb", "-0.0012346", "0.5", "123,456", "2026-05-28", "20:26:40"]


def test_a_failure_replaces_the_values_and_cannot_command_the_terminal() -> None:
    line = ChartSpec(("ic",), (ONE, TWO)).lines()[0]
    columns = fit_legend(legend_columns(ChartSpec(("ic",), (ONE, TWO)), (line,), EXTENT), 60)
    text = render_entry(LegendEntry(line, "", note="gone\x1b[2J", has_failed=True), columns, 60)
    assert text[-1].role == "error" and "\x1b" not in text[-1].text
