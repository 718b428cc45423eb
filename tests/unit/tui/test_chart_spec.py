"""What a large chart shows, and its legend as a table."""

from __future__ import annotations

import pytest

from qtui.entities import RunInfo
from qtui.plot.readout import Readout
from qtui.plot.series import XAxis
from qtui.text import width
from qtui.tui.present.chart_legend import Columns, Entry, Extent, columns_of, drawn, fitted, heading
from qtui.tui.present.chart_spec import Charted, RunGroup
from qtui.tui.themes import run_colour

ONE, TWO, TWIN = RunInfo("a" * 32, "1", "反转因子"), RunInfo("b" * 32, "1", "lgb"), RunInfo("c" * 32, "1", "lgb")
EXTENT = Extent(greatest_step=123_456, x_axis=XAxis.STEP, at_cursor=True, smoothed=True, banded=False)
READING = Readout("lgb", "run-1", 3.0, 123_456, 1_780_000_000_000, -0.00123456, 0.5)


def test_lines_are_called_by_no_more_than_tells_them_apart() -> None:
    assert [each.name for each in Charted(("ic",), (ONE, TWO)).traces()] == ["反转因子", "lgb"]
    assert [each.name for each in Charted(("ic", "loss"), (ONE,)).traces()] == ["ic", "loss"]
    assert [each.name for each in Charted(("ic", "loss"), (ONE, TWO)).traces()][1:3] == ["lgb ic", "反转因子 loss"]


def test_runs_have_their_colour_and_metrics_of_one_run_have_different_ones() -> None:
    assert [each.role for each in Charted(("ic",), (ONE, TWO)).traces()] == [run_colour("a" * 32), run_colour("b" * 32)]
    roles = [each.role for each in Charted(tuple("abcdefgh"), (ONE,)).traces()]
    assert roles[0] == run_colour("a" * 32) and len(set(roles)) == 8


def test_lines_of_one_colour_are_alike_but_for_their_mark() -> None:
    metrics = tuple("abcdefgh")
    alike = [each for each in Charted(metrics, (ONE, TWO, TWIN)).traces() if each.owner == ONE.run_id]
    assert [each.is_alike for each in alike] == [False, *[True] * 7]
    assert len({each.mark for each in alike}) == 8


def test_the_title_says_what_the_chart_is_of() -> None:
    group = RunGroup("lgb (2)", (TWO, TWIN))
    assert Charted(("ic",), (ONE,)).title() == "ic of 反转因子"
    assert Charted(("ic", "loss"), (ONE, TWO)).title() == "ic, loss of 2 runs"
    assert Charted(("ic",), groups=(group,)).title() == "ic of lgb (2)"
    assert Charted(("ic",), groups=(group, group), grouped_by="model").title() == "ic of 2 groups by model"


def line(entry: Entry, columns: Columns, cells: int) -> str:
    return "".join(piece.text for piece in drawn(entry, columns, cells))


@pytest.mark.parametrize("cells", [20, 30, 40, 60, 120])
@pytest.mark.parametrize("metrics", [("ic",), ("ic", "a/very/long/metric")])
def test_a_line_of_the_legend_fits_and_stands_under_its_titles(cells: int, metrics: tuple[str, ...]) -> None:
    charted = Charted(metrics, (ONE, TWO, TWIN))
    columns = fitted(columns_of(charted, charted.traces(), EXTENT), cells)
    lengths = {width(line(Entry(each, "──", READING), columns, cells)) for each in charted.traces()}
    assert lengths == {width(heading(columns))} and max(lengths) <= cells
    assert "-0.0012346" in line(Entry(charted.traces()[0], "──", READING), columns, cells)


def test_where_there_is_room_a_line_says_where_and_when() -> None:
    charted = Charted(("ic",), (ONE, TWO))
    columns = fitted(columns_of(charted, charted.traces(), EXTENT), 100)
    assert heading(columns).split() == ["value", "smoothed", "step", "time"]
    said = line(Entry(charted.traces()[1], "──", READING), columns, 100)
    assert said.split() == ["──", "lgb", "-0.0012346", "0.5", "123,456", "2026-05-28", "20:26:40"]


def test_a_reason_stands_in_place_of_values_and_cannot_command_the_terminal() -> None:
    trace = Charted(("ic",), (ONE, TWO)).traces()[0]
    columns = fitted(columns_of(Charted(("ic",), (ONE, TWO)), (trace,), EXTENT), 60)
    said = drawn(Entry(trace, "", note="gone\x1b[2J", failed=True), columns, 60)
    assert said[-1].role == "error" and "\x1b" not in said[-1].text
