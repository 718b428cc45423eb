"""The large chart: loading, drawing, keys and mouse."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from qtui.entities import Point, RunInfo
from qtui.errors import StoreUnreachable
from qtui.plot.series import XAxis
from qtui.recorder import Library
from qtui.store import MetricUpdate
from qtui.store.memory import MemoryStore
from qtui.tui.app import QtuiApp
from qtui.tui.commands import offered_commands
from qtui.tui.commands.everywhere import CloseScreen
from qtui.tui.options import Options
from qtui.tui.present.charts.chart_spec import ChartSpec, RunGroup
from qtui.tui.screens.chart import ChartScreen
from qtui.tui.screens.help import working_keys
from qtui.tui.themes import run_colour
from qtui.tui.widgets.footer import Footer
from tests.ui.charting import (
    STARTED,
    groups_of,
    history,
    open_chart,
    press,
    readings,
    run_of,
    store_of,
    three_runs,
    three_runs_in,
    wait_until_idle,
)
from tests.ui.conftest import Settled
from tests.ui.hosts import text_of


def x_limits_of(screen: ChartScreen) -> tuple[float | None, float | None]:
    """Return the x-limits."""
    return screen.pane.options.x_limits


def line_of(pilot: Pilot[Any], name: str) -> str:
    """Return the line of the legend with a curve."""
    return next(line for line in reversed(text_of(pilot.app).splitlines()) if f" {name} " in line)


# Loading


async def test_it_opens_with_every_run_drawn_and_its_last_value_beside_its_name(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        text = text_of(pilot.app)
        assert "loss of 3 runs" in text and "by step" in text
        assert len(screen.pane.chart_widget.chart.curves) == 3
        assert line_of(pilot, "run-3").split()[2:4] == ["0.27523", "99"]


async def test_a_run_has_the_colour_that_it_has_in_the_table(settled: Settled) -> None:
    async with open_chart(settled) as (screen, _):
        roles = {curve.name: curve.role for curve in screen.model.curve_set.curves}
        assert roles == {f"run-{number}": run_colour(f"{number:032x}") for number in (1, 2, 3)}


async def test_a_curve_that_cannot_be_read_is_named_with_its_reason_and_the_others_are_drawn(settled: Settled) -> None:
    class PartlyUnreachable(MemoryStore):
        def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
            if info.run_id == run_of(2).run_id:
                raise StoreUnreachable("The server does not answer.")
            return super().metric_updates(info, cursors)

    store, spec = three_runs_in(PartlyUnreachable)
    async with open_chart(settled, store, spec) as (screen, pilot):
        assert len(screen.model.curve_set.curves) == 2
        assert "The server does not answer." in line_of(pilot, "run-2")
        assert "1 cannot be read" in text_of(pilot.app)


async def test_a_run_without_the_metric_says_so(settled: Settled) -> None:
    one, two = run_of(1), run_of(2)
    store = store_of([history(one, "loss", [1.0, 2.0])], [one, two])
    async with open_chart(settled, store, ChartSpec(("loss",), (one, two))) as (_, pilot):
        assert "without loss" in line_of(pilot, "run-2")
        assert "1 without loss" in text_of(pilot.app) and "cannot be read" not in text_of(pilot.app)


async def test_single_values_are_ranked_bars_with_names_and_the_best_at_the_top(settled: Settled) -> None:
    runs = tuple(run_of(number) for number in (1, 2, 3, 4))
    histories = [history(run, "ICIR", [value]) for run, value in zip(runs, (0.2, 0.4, -0.1), strict=False)]
    async with open_chart(settled, store_of(histories, runs), ChartSpec(("ICIR",), runs)) as (_, pilot):
        lines = [line.strip(" ▸") for line in text_of(pilot.app).splitlines() if "run-" in line]
        assert [(line.split()[0], line.split()[-1]) for line in lines] == [
            ("run-2", "0.4"),
            ("run-1", "0.2"),
            ("run-3", "-0.1"),
        ]
        assert all("█" in line for line in lines)
        assert "1 without ICIR" in text_of(pilot.app)


def single_values() -> tuple[MemoryStore, ChartSpec]:
    """Return a metric with a single value in three runs and none in a fourth."""
    runs = tuple(run_of(number) for number in (1, 2, 3, 4))
    histories = [history(run, "ICIR", [value]) for run, value in zip(runs, (0.2, 0.4, -0.1), strict=False)]
    return store_of(histories, runs), ChartSpec(("ICIR",), runs, available_metrics=("ICIR",))


def bar_under_cursor(pilot: Pilot[Any]) -> str:
    return next(line for line in text_of(pilot.app).splitlines() if "▸" in line)


async def test_a_bar_is_chosen_copied_and_hidden_like_a_curve(settled: Settled) -> None:
    async with open_chart(settled, *single_values()) as (_, pilot):
        assert "run-2" in bar_under_cursor(pilot)
        await press(pilot, settled, "j", "Y")
        assert "run-1" in bar_under_cursor(pilot) and pilot.app.clipboard == "0.2"
        await press(pilot, settled, "y")
        assert pilot.app.clipboard == run_of(1).run_id
        await press(pilot, settled, "space")
        assert bar_under_cursor(pilot).split()[1:] == ["run-1", "hidden"] and "1 hidden" in text_of(pilot.app)
        await press(pilot, settled, "space")
        assert "█" in bar_under_cursor(pilot)


async def test_the_footer_of_bars_has_only_keys_that_work_there(settled: Settled) -> None:
    async with open_chart(settled, *single_values()) as (_, pilot):
        await press(pilot, settled, "j")
        hints = {hint.text for hint in pilot.app.screen.query_one(Footer).hints}
        assert {"metrics", "hide", "export"} <= hints and not hints & {"left", "zoom", "log", "smooth", "step/time"}
        before = text_of(pilot.app)
        await press(pilot, settled, "i")
        assert [notification.message for notification in pilot.app._notifications] == [
            "Bars have no legend and no axis of their own."
        ]
        assert before.splitlines()[1:6] == text_of(pilot.app).splitlines()[1:6]


async def test_groups_of_single_values_are_bars_with_a_whisker(settled: Settled) -> None:
    store, spec = single_values()
    one, two, three, four = spec.runs
    groups = ChartSpec(("ICIR",), groups=(RunGroup("wide", (one, two)), RunGroup("deep", (three, four))))
    async with open_chart(settled, store, groups) as (_, pilot):
        lines = text_of(pilot.app).splitlines()
        wide, deep = (next(line for line in lines if name in line) for name in ("wide", "deep"))
        assert "├" in wide and "┤" in wide and "(2)" in wide and "├" not in deep
        await press(pilot, settled, "s", "s", "s")
        assert "0.2 … 0.4 (2)" in text_of(pilot.app)


@pytest.mark.parametrize(
    ("ending", "begins"), [("svg", "<svg"), ("csv", "name,value,low,high,runs\nrun-2,0.4,,,1\nrun-1,0.2,,,1\n")]
)
async def test_bars_are_saved(
    ending: str, begins: str, settled: Settled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_chart(settled, *single_values()) as (_, pilot):
        await pilot.press("x")
        await pilot.pause()
        await pilot.press(*ending, "enter")
        await pilot.pause()
        await pilot.press("enter")
        await wait_until_idle(pilot, settled)
        text = (tmp_path / f"ICIR-of-4-runs.{ending}").read_text()
        assert text.startswith(begins) and "run-3" in text and "run-4" not in text


async def test_bars_are_copied_as_text_also_those_that_do_not_fit(settled: Settled) -> None:
    runs = tuple(run_of(number) for number in range(30))
    store = store_of([history(run, "ICIR", [0.1]) for run in runs], runs)
    async with open_chart(settled, store, ChartSpec(("ICIR",), runs), size=(80, 12)) as (_, pilot):
        assert "more" in text_of(pilot.app)
        await pilot.press("x")
        await pilot.pause()
        await pilot.press("enter")
        await wait_until_idle(pilot, settled)
        assert pilot.app.clipboard.startswith("ICIR of 30 runs\nrun-0 ") and pilot.app.clipboard.count("█ 0.1") == 30


async def test_values_that_are_no_numbers_are_gaps_and_are_read_as_they_are(settled: Settled) -> None:
    one = run_of(1)
    store = store_of([history(one, "loss", [1.0, math.nan, 3.0])], [one])
    async with open_chart(settled, store, ChartSpec(("loss",), (one,))) as (_, pilot):
        await press(pilot, settled, "home", "full_stop")
        assert "NaN" in line_of(pilot, "loss")


class BlockingStore(MemoryStore):
    """A store that blocks reads of one run until it is opened."""

    opened = threading.Event()
    closed_for = run_of(3).run_id

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        if info.run_id == self.closed_for:
            assert self.opened.wait(10)
        return super().metric_updates(info, cursors)


@pytest.fixture
def blocking_store() -> Any:
    store, _ = three_runs_in(BlockingStore)
    store.opened.clear()
    yield store
    store.opened.set()


async def wait_until(pilot: Pilot[Any], condition: Any) -> None:
    while not condition():
        await pilot.pause()


async def test_every_curve_is_drawn_when_it_arrives_and_escape_first_cancels_the_load(
    settled: Settled, blocking_store: BlockingStore
) -> None:
    screen = ChartScreen(Library.over(blocking_store).follow(), three_runs()[1])
    async with QtuiApp(lambda: screen).run_test(size=(120, 30)) as pilot:
        await wait_until(pilot, lambda: len(screen.model.curve_set.curves) == 2)
        assert "reading 1" in text_of(pilot.app) and "reading …" in line_of(pilot, "run-3")
        await pilot.press("escape")
        await pilot.pause()
        assert "not read" in line_of(pilot, "run-3")
        blocking_store.opened.set()
        await press(pilot, settled, "r")
        assert len(screen.model.curve_set.curves) == 3


# Cursor


async def test_the_legend_shows_every_curve_at_the_cursor(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        await press(pilot, settled, "home")
        assert screen.model.cursor == 0
        assert readings(screen) == {"run-1": 1.0, "run-2": 2.0, "run-3": 3.0}
        await press(pilot, settled, "full_stop", "full_stop", "comma")
        assert screen.model.cursor == 1
        await press(pilot, settled, "end")
        assert screen.model.cursor == 99


async def test_the_cursor_starts_at_the_end_and_moves_by_one_and_by_ten_cells(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        await press(pilot, settled, "h")
        assert screen.model.cursor == 99
        await press(pilot, settled, "left", "left")
        near = screen.model.cursor
        assert near is not None and 96 <= near < 99
        await press(pilot, settled, "pageup")
        far = screen.model.cursor
        assert far is not None and far <= near - 8
        await press(pilot, settled, "l", "ctrl+right")
        assert screen.model.cursor is not None and screen.model.cursor > far


async def test_legend_columns_stay_when_the_cursor_moves(settled: Settled) -> None:
    async with open_chart(settled) as (_, pilot):
        await press(pilot, settled, "home")
        before = line_of(pilot, "run-1").index("run-1"), line_of(pilot, "run-1").rindex(":")
        await press(pilot, settled, "end")
        assert (line_of(pilot, "run-1").index("run-1"), line_of(pilot, "run-1").rindex(":")) == before


async def test_the_cursor_keeps_its_point_on_a_time_axis(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        await press(pilot, settled, "home", "full_stop", "full_stop", "a")
        assert screen.pane.options.x_axis is XAxis.TIME
        assert readings(screen)["run-1"] == pytest.approx(1 / 1.2)
        await press(pilot, settled, "a")
        assert screen.pane.options.x_axis is XAxis.RELATIVE and screen.model.cursor == 2000


# Zoom and pan


async def test_a_zoom_keeps_the_cursor_visible_and_zero_resets_it(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        await press(pilot, settled, "end", "plus", "equals_sign")
        low, high = x_limits_of(screen)
        assert low is not None and low > 0 and high == 99
        await press(pilot, settled, "minus")
        wider, _ = x_limits_of(screen)
        assert wider is not None and wider < low
        await press(pilot, settled, "0")
        assert screen.pane.model.is_whole


async def test_panning_moves_the_limits_and_the_cursor_pans_when_it_leaves_them(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        await press(pilot, settled, "home", "plus", "plus", "plus", "shift+right")
        low, _ = x_limits_of(screen)
        assert low is not None and low > 0
        await press(pilot, settled, "left_parenthesis")
        assert x_limits_of(screen)[0] == 0
        await press(pilot, settled, "right_parenthesis", "end", "right")
        _, high = x_limits_of(screen)
        assert high is not None and screen.model.cursor is not None and screen.model.cursor <= high


async def test_the_y_axis_zooms_around_the_curve_at_the_cursor_and_pans(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        pane = screen.pane
        assert pane.model.sees_all_values
        await press(pilot, settled, "home", "v", "ctrl+up", "v")
        curve = screen.model.curve_of(pane.selected)
        assert curve is not None
        at, (low, high) = float(curve.y[0]), pane.options.y_limits
        assert low is not None and high is not None and low <= at <= high and high - low < 1.5
        await press(pilot, settled, "J", "shift+down")
        assert pane.options.y_limits.low is not None and pane.options.y_limits.low < low
        await press(pilot, settled, "K", "shift+up")
        assert pane.options.y_limits == pytest.approx((low, high))
        await press(pilot, settled, "V")
        assert (
            pane.options.y_limits.high is not None
            and pane.options.y_limits.high - (pane.options.y_limits.low or 0) > high - low
        )
        await press(pilot, settled, *["ctrl+down"] * 8)
        assert pane.model.sees_all_values
        await press(pilot, settled, "V")
        assert "All values are visible already." in [notification.message for notification in pilot.app._notifications]


async def test_both_y_axes_are_zoomed_and_reset_together(settled: Settled) -> None:
    store, spec = three_runs()
    async with open_chart(settled, store, spec.with_metrics(("loss", "ic"))) as (screen, pilot):
        await press(pilot, settled, "G", "j", "j", "j", "greater_than_sign", "v")
        assert all(None not in ends for ends in (screen.pane.options.y_limits, screen.pane.options.y_right_limits))
        await press(pilot, settled, "0")
        assert screen.pane.model.sees_all_values


async def test_limits_are_typed_and_a_wrong_one_is_explained(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        await pilot.press("t")
        await pilot.pause()
        await pilot.press(*"x 10:ab")
        await pilot.pause()
        assert "'ab' is not a number." in text_of(pilot.app)
        await pilot.press("backspace", "backspace", *"40 y :2", "enter")
        await wait_until_idle(pilot, settled)
        assert x_limits_of(screen) == (10, 40) and screen.pane.options.y_limits == (None, 2)
        await pilot.press("t")
        await pilot.pause()
        assert "x 10:40 y :2" in text_of(pilot.app)


async def test_the_wheel_zooms_at_the_pointer_and_a_drag_pans(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        widget = screen.pane.chart_widget
        area = widget.area
        assert area is not None
        await pilot.hover("MetricChart", offset=(area.left + area.width // 2, 4))
        await wait_until_idle(pilot, settled)
        assert screen.model.cursor is not None and 45 < screen.model.cursor < 55
        for _ in range(4):
            await pilot._post_mouse_events([events.MouseScrollUp], "MetricChart", offset=(area.left, 4), button=0)
        await wait_until_idle(pilot, settled)
        low, high = x_limits_of(screen)
        assert low is not None and low < 1 and high is not None and high < 50
        await pilot.mouse_down("MetricChart", offset=(area.left + 40, 4))
        await pilot.hover("MetricChart", offset=(area.left + 10, 4))
        await pilot.mouse_up("MetricChart", offset=(area.left + 10, 4))
        await wait_until_idle(pilot, settled)
        moved, _ = x_limits_of(screen)
        assert moved is not None and moved > 5


async def test_the_wheel_over_an_axis_zooms_its_values_and_a_drag_moves_them(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        area = screen.pane.chart_widget.area
        assert area is not None
        await pilot._post_mouse_events([events.MouseScrollUp], "MetricChart", offset=(0, 6), button=0)
        await wait_until_idle(pilot, settled)
        low, high = screen.pane.options.y_limits
        assert screen.pane.model.is_whole and low is not None and high is not None
        await pilot.mouse_down("MetricChart", offset=(area.left + 40, 6))
        await pilot.hover("MetricChart", offset=(area.left + 40, 7))
        await pilot.mouse_up("MetricChart", offset=(area.left + 40, 7))
        await wait_until_idle(pilot, settled)
        assert screen.pane.options.y_limits.low is not None and screen.pane.options.y_limits.low > low


# Options


async def test_keys_change_how_curves_are_drawn_and_the_line_above_says_how(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        await press(pilot, settled, "L", "right_curly_bracket", "o", "e")
        assert "smoothed 0.3   log   outliers clipped   extremes" in text_of(pilot.app)
        assert screen.model.curve_set.scales["y"].name == "log"
        assert all(curve.raw is not None for curve in screen.model.curve_set.curves)
        await press(pilot, settled, "home", "full_stop")
        assert "smoothed" in next(line for line in text_of(pilot.app).splitlines() if "value" in line)
        await press(pilot, settled, "L", "left_curly_bracket", "o", "e", "n", "X")
        assert "by step   log x   normalised" in text_of(pilot.app)
        assert screen.model.curve_set.scales["x"].name == "symlog"
        assert max(float(curve.y.max()) for curve in screen.model.curve_set.curves) == 1


async def test_values_on_both_sides_of_zero_use_a_symlog_axis(settled: Settled) -> None:
    one = run_of(1)
    store = store_of([history(one, "ic", [-100.0, 0.0, 0.01, 100.0])], [one])
    async with open_chart(settled, store, ChartSpec(("ic",), (one,))) as (screen, pilot):
        await press(pilot, settled, "L")
        assert screen.model.curve_set.scales["y"].name == "symlog"


async def test_a_metric_moves_to_the_right_axis(settled: Settled) -> None:
    store, spec = three_runs()
    async with open_chart(settled, store, spec.with_metrics(("loss", "ic"))) as (screen, pilot):
        await press(pilot, settled, *["down"] * 3, "greater_than_sign")
        assert screen.pane.options.right_metrics == {"ic"}
        assert {curve.name for curve in screen.model.curve_set.curves if curve.is_right} == {
            f"run-{n} ic" for n in (1, 2, 3)
        }


async def test_of_curves_in_one_colour_the_later_ones_have_marks(settled: Settled) -> None:
    store, spec = three_runs()
    async with open_chart(settled, store, spec.with_metrics(("loss", "ic"))) as (screen, _):
        marks = {curve.name: curve.mark for curve in screen.model.curve_set.curves}
        assert not marks["run-1 loss"] and marks["run-1 ic"]


async def test_a_curve_is_hidden_shown_again_and_highlighted(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        await press(pilot, settled, "j", "space")
        assert [curve.name for curve in screen.model.curve_set.curves] == ["run-1", "run-3"]
        assert "hidden" in line_of(pilot, "run-2")
        await press(pilot, settled, "space", "enter")
        curves = screen.pane.chart_widget.chart.curves
        assert [curve.role.endswith("-dim") for curve in curves] == [True, True, False]
        assert curves[-1].name == "run-2"
        await press(pilot, settled, "enter", "k")
        assert screen.pane.chart_widget.chart.curves[-1].name == "run-1"


async def test_other_metrics_are_chosen_and_stepped_through(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        await press(pilot, settled, "right_square_bracket")
        assert "ic of 3 runs" in text_of(pilot.app) and readings(screen)["run-1"] == pytest.approx(0.49)
        await pilot.press("m")
        await pilot.pause()
        await pilot.press(*"loss", "tab", "enter")
        await wait_until_idle(pilot, settled)
        assert screen.spec.metrics == ("ic", "loss")
        assert len(screen.model.curve_set.curves) == 6
        await press(pilot, settled, "left_square_bracket")
        assert screen.spec.metrics == ("loss",)


async def test_a_group_is_a_mean_with_a_band_of_several_kinds(settled: Settled) -> None:
    store, spec = three_runs()
    async with open_chart(settled, store, groups_of(spec)) as (screen, pilot):
        assert "loss of 2 groups" in text_of(pilot.app)
        await press(pilot, settled, "home")
        assert readings(screen) == {"wide": 1.5, "deep": 3.0}
        assert "0.79289 … 2.2071" in line_of(pilot, "wide")
        await press(pilot, settled, "s")
        assert "1.25 … 1.75" in line_of(pilot, "wide") and "band: median and quartiles" in text_of(pilot.app)
        await press(pilot, settled, "s", "s")
        assert "1 … 2" in line_of(pilot, "wide")
        await press(pilot, settled, "M")
        assert "all runs" in text_of(pilot.app) and len(screen.pane.chart_widget.chart.members) == 3
        assert len(screen.pane.chart_widget.chart.bands) == 2


async def test_curves_above_the_limit_are_hidden_until_they_are_chosen(settled: Settled) -> None:
    runs = tuple(run_of(number) for number in range(120))
    store = store_of([history(run, "loss", [1.0, 2.0]) for run in runs], runs)
    async with open_chart(settled, store, ChartSpec(("loss",), runs)) as (screen, pilot):
        assert len(screen.model.curve_set.curves) == 100
        screen.pane.legend.table.cursor = 119
        await press(pilot, settled, "space")
        assert len(screen.model.curve_set.curves) == 101


# Running runs


def with_running_run(spec: ChartSpec) -> ChartSpec:
    """Return the same runs with status RUNNING."""
    return replace(spec, runs=tuple(replace(run, status="RUNNING") for run in spec.runs))


def log(store: MemoryStore, run: RunInfo, first: int, count: int) -> None:
    """Log more points."""
    store.append(run.run_id, "loss", [Point(step, STARTED + 1000 * step, 0.5) for step in range(first, first + count)])


async def poll(pilot: Pilot[Any], settled: Settled, screen: ChartScreen) -> None:
    """Poll now."""
    screen.curves_loader.poll()
    await wait_until_idle(pilot, settled)


async def test_a_growing_curve_keeps_cursor_and_axis_limits(settled: Settled) -> None:
    store, spec = three_runs()
    async with open_chart(settled, store, with_running_run(spec)) as (screen, pilot):
        assert "● live" in text_of(pilot.app)
        await press(pilot, settled, "home", "plus", "plus")
        before = x_limits_of(screen), screen.model.cursor
        log(store, spec.runs[0], 100, 20)
        await poll(pilot, settled, screen)
        assert (x_limits_of(screen), screen.model.cursor) == before
        await press(pilot, settled, "0", "end")
        assert readings(screen)["run-1"] == 0.5 and screen.model.cursor == 119


async def test_a_zoomed_chart_at_the_end_follows_new_points(settled: Settled) -> None:
    store, spec = three_runs()
    async with open_chart(settled, store, with_running_run(spec)) as (screen, pilot):
        await press(pilot, settled, "end", "plus", "plus")
        log(store, spec.runs[0], 100, 20)
        await poll(pilot, settled, screen)
        assert x_limits_of(screen)[1] == 119


async def test_points_that_another_screen_polled_first_are_shown_too(settled: Settled) -> None:
    store, spec = three_runs()
    async with open_chart(settled, store, with_running_run(spec)) as (screen, pilot):
        log(store, spec.runs[0], 100, 20)
        screen._follower.poll(spec.runs[0], ("loss",))
        await poll(pilot, settled, screen)
        await press(pilot, settled, "end")
        assert screen.model.cursor == 119


async def test_ended_runs_are_not_polled(settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        assert not screen.curves_loader.is_scheduled and "live" not in text_of(pilot.app)


async def test_following_can_be_switched_off_and_on(settled: Settled) -> None:
    store, spec = three_runs()
    async with open_chart(settled, store, with_running_run(spec)) as (screen, pilot):
        assert screen.curves_loader.is_scheduled
        await press(pilot, settled, "R")
        assert not screen.curves_loader.is_scheduled and "○ not live" in text_of(pilot.app)
        await press(pilot, settled, "R")
        assert screen.curves_loader.is_scheduled


async def test_a_failed_poll_shows_the_reason_and_keeps_loaded_curves(settled: Settled) -> None:
    class Gone(MemoryStore):
        is_gone = False

        def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
            if self.is_gone:
                raise StoreUnreachable("The server does not answer.")
            return super().metric_updates(info, cursors)

    store, spec = three_runs_in(Gone)
    async with open_chart(settled, store, with_running_run(spec)) as (screen, pilot):
        store.is_gone = True
        await poll(pilot, settled, screen)
        assert "The server does not answer." in text_of(pilot.app) and len(screen.model.curve_set.curves) == 3
        store.is_gone = False
        await poll(pilot, settled, screen)
        assert "The server does not answer." not in text_of(pilot.app)


# Export


async def test_the_chart_is_copied_as_text_with_marks_and_legend(settled: Settled) -> None:
    async with open_chart(settled) as (_, pilot):
        await pilot.press("x")
        await pilot.pause()
        await pilot.press("enter")
        await wait_until_idle(pilot, settled)
        copied = pilot.app.clipboard
        assert copied.startswith("loss of 3 runs\n* run-1") and "⠉" in copied


@pytest.mark.parametrize(
    ("ending", "begins"), [("svg", "<svg"), ("csv", "name,step,timestamp,value,smoothed\nrun-1,0,")]
)
async def test_the_chart_is_saved_and_replaces_a_file_only_after_confirmation(
    ending: str, begins: str, settled: Settled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / f"loss-of-3-runs.{ending}"

    async def export(*answer: str) -> None:
        await pilot.press("x")
        await pilot.pause()
        await pilot.press(*ending)
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press(*answer)
        await wait_until_idle(pilot, settled)

    async with open_chart(settled) as (_, pilot):
        await export()
        assert file.read_text().startswith(begins)
        file.write_text("mine")
        await export("n")
        assert file.read_text() == "mine"
        await export("y")
        assert file.read_text().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


async def test_the_full_value_and_the_run_id_are_copied(settled: Settled) -> None:
    async with open_chart(settled) as (_, pilot):
        await press(pilot, settled, "home", "full_stop", "Y")
        assert pilot.app.clipboard == repr(1 / 1.1)
        await press(pilot, settled, "y")
        assert pilot.app.clipboard == run_of(1).run_id


# Commands


@pytest.mark.parametrize("size", [(200, 55), (120, 36), (80, 24), (40, 12), (20, 6)])
async def test_it_fits_every_terminal_and_the_legend_can_be_hidden(size: tuple[int, int], settled: Settled) -> None:
    async with open_chart(settled, size=size) as (screen, pilot):
        await press(pilot, settled, "end")
        with_legend = screen.pane.chart_widget.size
        await press(pilot, settled, "i")
        assert screen.pane.chart_widget.size > with_legend or screen.pane.chart_widget.size.width > with_legend.width
        await pilot.resize_terminal(90, 30)
        await wait_until_idle(pilot, settled)
        assert len(text_of(pilot.app).splitlines()) == 30


async def test_only_ascii_is_drawn_where_nothing_else_can_be(settled: Settled) -> None:
    async with open_chart(settled, options=Options(ascii_only=True)) as (screen, _):
        text = "\n".join(screen.pane.chart_widget.picture.lines())
        assert text.isascii() and "+" in text


async def test_without_colours_every_curve_has_a_mark(settled: Settled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_chart(settled) as (screen, pilot):
        assert {curve.mark for curve in screen.model.curve_set.curves} == set("*+x")
        assert "*" in line_of(pilot, "run-1")


async def test_a_disabled_command_says_why_and_is_not_in_the_footer(settled: Settled) -> None:
    one = run_of(1)
    async with open_chart(settled, store_of([], [one]), ChartSpec(("loss",), (one,))) as (_, pilot):
        await pilot.press("plus")
        await pilot.pause()
        assert [notification.message for notification in pilot.app._notifications] == ["No curve is drawn here."]
        assert "+" not in {hint.key_text for hint in pilot.app.screen.query_one(Footer).hints}


async def test_every_key_of_the_chart_has_one_meaning(settled: Settled) -> None:
    async with open_chart(settled) as (screen, _):
        keys = Counter(key for offer in offered_commands(screen) for key in offer.command.KEYS.split(","))
        assert [key for key, count in keys.items() if count > 1] == ["q"]
        meanings = [offer.command for offer, own in working_keys(offered_commands(screen), {}).items() if "q" in own]
        assert meanings == [CloseScreen]


@pytest.mark.parametrize("theme", ["day", "dracula"])
async def test_an_open_chart_takes_the_colours_of_another_theme(theme: str, settled: Settled) -> None:
    async with open_chart(settled) as (screen, pilot):
        before = screen.pane.chart_widget.render_line(3)
        pilot.app.theme = theme
        await wait_until_idle(pilot, settled)
        after = screen.pane.chart_widget.render_line(3)
        assert after.text == before.text and after != before


async def test_curves_are_drawn_along_another_metric_and_again_along_steps(settled: Settled) -> None:
    store, spec = three_runs()
    async with open_chart(settled, store, spec) as (screen, pilot):
        await press(pilot, settled, "A", *"ic", "enter")
        await settled(pilot)
        assert "by ic" in text_of(pilot.app)
        curves = screen.pane.chart_widget.chart.curves
        assert {round(float(curve.x[49]), 2) for curve in curves} == {0.49, 1.49, 2.49}
        await press(pilot, settled, "a")
        assert "by step" in text_of(pilot.app)
