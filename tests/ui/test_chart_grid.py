"""The grid of charts, over a store in memory."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from textual.message import Message
from textual.pilot import Pilot

from qtui.entities import ExperimentInfo, History, Point, Run, RunInfo
from qtui.errors import StoreLocked
from qtui.plot.series import XAxis
from qtui.recorder import Library
from qtui.store.memory import MemoryStore
from qtui.tui.app import QtuiApp
from qtui.tui.messages import CopyText, OpenChart
from qtui.tui.options import Options
from qtui.tui.present.charts.grid_spec import GridItem, GridSpec
from qtui.tui.screens.chart import ChartScreen
from qtui.tui.screens.grid import GridScreen
from qtui.tui.state import State
from qtui.tui.widgets.chart_grid import grid as grid_module
from tests.hostile import ALL
from tests.ui.charting import STARTED, falling, history, run_of
from tests.ui.conftest import Settled
from tests.ui.hosts import collect_into, text_of

ONE, TWO = run_of(1, "gentle-wolf"), run_of(2, "brave-fox")


class RecordingStore(MemoryStore):
    """A store that records which metrics were read, and how many points it returned."""

    def __init__(self, *point_counts: Any) -> None:
        super().__init__(*point_counts)
        self.read: list[tuple[str, str]] = []
        self.point_counts: dict[str, list[int]] = {}
        self.locked = 0

    def metric_updates(self, info, cursors):
        if self.locked:
            self.locked -= 1
            raise StoreLocked("Somebody is writing.")
        self.read += [(info.name, key) for key in cursors]
        updates = super().metric_updates(info, cursors)
        for key, growth in updates.items():
            self.point_counts.setdefault(key, []).append(len(growth.history))
        return updates


def store_with(histories: Iterable[History], runs: Sequence[RunInfo] = (ONE,)) -> RecordingStore:
    return RecordingStore([ExperimentInfo("1", "one")], [Run(run) for run in runs], list(histories))


def store_with_metrics(count: int) -> RecordingStore:
    return store_with(history(ONE, f"m{number:03d}", falling()) for number in range(count))


@asynccontextmanager
async def open_grid(
    settled: Settled,
    store: MemoryStore,
    runs: Sequence[RunInfo] = (ONE,),
    size: tuple[int, int] = (80, 24),
    posted: list[Message] | None = None,
    options: Options | None = None,
    state: State | None = None,
    with_steps: frozenset[str] | None = None,
) -> AsyncIterator[tuple[GridScreen, Pilot[Any]]]:
    """Open the grid of all metrics of these runs, and wait until it is idle."""
    library = Library.over(store)
    metrics = frozenset(key for batch in store.runs(runs) for run in batch.items for key in run.metrics)
    screen = GridScreen(library, library.follow(), GridSpec(tuple(runs), metrics, metrics_with_steps=with_steps))
    app = QtuiApp(lambda: screen, options or Options(refresh=0), state=state)
    async with app.run_test(size=size, message_hook=collect_into(posted)) as pilot:
        await wait_until_idle(pilot, settled)
        yield screen, pilot


async def wait_until_idle(pilot: Pilot[Any], settled: Settled) -> None:
    """Wait until no load is pending."""
    screen = pilot.app.screen_stack[0]
    await settled(pilot)
    while isinstance(screen, GridScreen) and screen.is_busy:
        await settled(pilot)


async def press(pilot: Pilot[Any], settled: Settled, *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await wait_until_idle(pilot, settled)


async def test_every_metric_has_a_chart_with_its_name_and_its_last_value(settled: Settled) -> None:
    store = store_with([history(ONE, "loss", [1.0, 0.5, 0.25]), history(ONE, "ic", [0.1, 0.2, 0.75])])
    async with open_grid(settled, store) as (_, pilot):
        first, *_ = [line for line in text_of(pilot.app).splitlines() if "loss" in line]
        assert first.split() == ["ic", first.split()[1], "0.75", "loss", first.split()[4], "0.25"]
        assert "gentle-wolf" in text_of(pilot.app)
        assert "⠢" in text_of(pilot.app) or "⣀" in text_of(pilot.app)


async def test_only_visible_charts_are_loaded_and_the_first_one_alone(settled: Settled) -> None:
    store = store_with_metrics(200)
    async with open_grid(settled, store) as (_, pilot):
        assert [key for _, key in store.read] == ["m000", "m001", "m002", "m003"]
        await press(pilot, settled, "G")
        assert [key for _, key in store.read[4:]] == ["m196", "m197", "m198", "m199"]
        await press(pilot, settled, "g")
        assert len(store.read) == 8


async def test_arrows_move_from_chart_to_chart_and_scroll_to_them(settled: Settled) -> None:
    async with open_grid(settled, store_with_metrics(9)) as (screen, pilot):
        where = []
        for key in ("right", "down", "j", "left", "k", "pagedown", "G", "home"):
            await press(pilot, settled, key)
            assert screen.grid.model.item is not None
            where.append(screen.grid.model.item.metric)
            assert screen.grid.model.item.metric in screen.grid.visible_metrics
        assert where == ["m001", "m003", "m005", "m004", "m002", "m004", "m008", "m000"]


async def test_h_and_l_move_the_x_cursor_of_all_charts_and_escape_removes_it(settled: Settled) -> None:
    store = store_with([history(ONE, "loss", [1.0, 0.5, 0.25]), history(ONE, "ic", [0.1, 0.3, 0.75])])
    async with open_grid(settled, store) as (screen, pilot):
        await press(pilot, settled, "l")
        assert screen.grid.cursor == 2.0
        await press(pilot, settled, *["shift+left"] * 3)
        assert screen.grid.cursor is not None and screen.grid.cursor < 2
        await press(pilot, settled, *["h"] * 40)
        assert screen.grid.cursor == 0.0
        assert "0.1" in text_of(pilot.app) and "1  " in text_of(pilot.app)
        await press(pilot, settled, "escape")
        assert screen.grid.cursor is None and screen.is_current


async def test_enter_opens_the_large_chart_with_all_metrics_to_choose_from(settled: Settled) -> None:
    posted: list[Message] = []
    async with open_grid(settled, store_with_metrics(3), posted=posted) as (_, pilot):
        await press(pilot, settled, "right", "enter")
    [spec] = [message.spec for message in posted if isinstance(message, OpenChart)]
    assert (spec.metrics, spec.runs, spec.available_metrics) == (("m001",), (ONE,), ("m000", "m001", "m002"))


async def test_a_chart_that_is_enlarged_looks_as_it_did_in_the_grid(settled: Settled) -> None:
    posted: list[Message] = []
    async with open_grid(settled, store_with_metrics(3), posted=posted) as (screen, pilot):
        await press(pilot, settled, "L", "right_curly_bracket", "enter")
        chart = pilot.app.screen
        assert isinstance(chart, ChartScreen)
        assert chart.pane.options == screen.grid.options
        assert (chart.pane.options.log_y, chart.pane.options.smoothing) == (True, 0.3)


async def test_charts_are_made_larger_and_smaller(settled: Settled) -> None:
    async with open_grid(settled, store_with_metrics(12)) as (screen, pilot):
        usual = len(screen.grid.visible_metrics)
        await press(pilot, settled, "minus", "minus")
        assert len(screen.grid.visible_metrics) > usual
        assert "The charts have their minimum size." in [
            notification.message for notification in pilot.app._notifications
        ]
        await press(pilot, settled, "plus", "equals_sign", "plus", "plus")
        assert len(screen.grid.visible_metrics) < usual
        assert "The charts have their maximum size." in [
            notification.message for notification in pilot.app._notifications
        ]


async def test_single_values_of_several_runs_are_ranked_bars(settled: Settled) -> None:
    store = store_with([history(ONE, "IC", [0.1]), history(TWO, "IC", [0.3])], (ONE, TWO))
    async with open_grid(settled, store, (ONE, TWO)) as (_, pilot):
        lines = [line for line in text_of(pilot.app).splitlines() if "█" in line]
        assert [line.split()[0] for line in lines] == ["brave-fox", "gentle-wolf"]
        assert text_of(pilot.app).count("0.3") == 1


async def test_a_metric_of_a_single_value_is_a_line_behind_the_charts(settled: Settled) -> None:
    store = store_with([history(ONE, "ic", [0.042]), history(ONE, "icir", [0.5]), history(ONE, "loss", falling())])
    async with open_grid(settled, store) as (screen, pilot):
        heights = {cell.item.metric: cell.height for cell in screen.grid.model.layout.cells}
        assert heights["ic"] == heights["icir"] == 1 < heights["loss"]
        assert [cell.item.metric for cell in screen.grid.model.layout.cells] == ["loss", "ic", "icir"]
        assert "ic ─" in text_of(pilot.app) and "0.042" in text_of(pilot.app) and "icir ─" in text_of(pilot.app)
        store.append(ONE.run_id, "ic", [Point(1, STARTED + 9000, 0.05)])
        screen.grid.load_new_points()
        await wait_until_idle(pilot, settled)
        assert next(cell for cell in screen.grid.model.layout.cells if cell.item.metric == "ic").height > 1


async def test_single_values_below_the_screen_are_not_loaded(settled: Settled) -> None:
    store = store_with(history(ONE, f"m{number:03d}", [0.5]) for number in range(400))
    async with open_grid(settled, store, with_steps=frozenset()):
        assert 0 < len(store.read) < 80


async def test_it_opens_at_the_first_chart_also_where_single_values_come_first_by_name(settled: Settled) -> None:
    histories = [history(ONE, f"a{number:02d}", [0.1]) for number in range(9)]
    histories += [history(ONE, f"loss{number}", falling()) for number in range(9)]
    async with open_grid(settled, store_with(histories)) as (screen, pilot):
        assert screen.grid.scroll_offset.y == 0 and screen.grid.model.item == GridItem("metrics", "loss0")
        await press(pilot, settled, "G")
        assert screen.grid.model.item == GridItem("metrics", "a08")


async def test_chart_options_apply_to_all_charts(settled: Settled) -> None:
    async with open_grid(settled, store_with_metrics(3)) as (screen, pilot):
        await press(pilot, settled, "L", "right_curly_bracket", "right_curly_bracket", "left_curly_bracket", "o", "a")
        options = screen.grid.options
        assert (options.log_y, options.smoothing, options.clip_outliers, options.x_axis) == (
            True,
            0.3,
            True,
            XAxis.TIME,
        )
        await press(pilot, settled, "L", "a", "a")
        assert (screen.grid.options.log_y, screen.grid.options.x_axis) == (False, XAxis.STEP)


async def test_system_metrics_are_folded_until_they_are_opened(settled: Settled) -> None:
    store = store_with(history(ONE, key, falling()) for key in ("loss", "system/cpu", "system/gpu"))
    async with open_grid(settled, store) as (screen, pilot):
        assert "▸ system/ 2" in text_of(pilot.app)
        assert [key for _, key in store.read] == ["loss"]
        await press(pilot, settled, "down")
        assert screen.grid.model.item == GridItem("system/")
        await press(pilot, settled, "enter")
        assert "▾ system/ 2" in text_of(pilot.app) and "cpu" in text_of(pilot.app)
        await press(pilot, settled, "space")
        assert "▸ system/ 2" in text_of(pilot.app)


async def test_a_filter_applies_while_it_is_typed_and_escape_clears_it(settled: Settled) -> None:
    store = store_with(history(ONE, key, falling()) for key in ("loss", "ic", "system/ic"))
    async with open_grid(settled, store) as (screen, pilot):
        await press(pilot, settled, "/", *"ic", "enter")
        assert "loss" not in text_of(pilot.app)
        assert screen.grid.has_focus
        await press(pilot, settled, "escape")
        assert "loss" in text_of(pilot.app)
        await press(pilot, settled, "/", *"nothing", "enter")
        assert "No metric matches" in text_of(pilot.app)
        await press(pilot, settled, "escape")
        assert "loss" in text_of(pilot.app)


async def test_pins_come_first_and_are_remembered_for_the_experiment(settled: Settled) -> None:
    state, store = State(), store_with_metrics(5)
    async with open_grid(settled, store, state=state) as (screen, pilot):
        await press(pilot, settled, "G", "*")
        assert screen.grid.model.item == GridItem("pinned", "m004")
        assert text_of(pilot.app).index("* m004") < text_of(pilot.app).index("m000")
    async with open_grid(settled, store, state=state) as (screen, pilot):
        assert screen.grid.model.pins == ("m004",)
        await press(pilot, settled, "g", "*")
        assert screen.grid.model.pins == ()


async def test_several_runs_are_drawn_over_each_other_in_their_colours(settled: Settled) -> None:
    histories = [history(run, "loss", falling(over=over)) for run, over in ((ONE, 1.0), (TWO, 2.0))]
    store = store_with(histories, (ONE, TWO))
    async with open_grid(settled, store, (ONE, TWO), size=(60, 20)) as (screen, pilot):
        text = text_of(pilot.app)
        assert "2 runs" in text and "gentle-wolf" in text and "brave-fox" in text
        curves = screen.grid.cards.chart("loss", screen.grid.options).curves
        assert len({curve.role for curve in curves}) == 2
        assert "0.091743" in text and "0.18349" in text


async def test_a_metric_that_one_run_lacks_is_drawn_for_the_other(settled: Settled) -> None:
    store = store_with([history(ONE, "loss", falling()), history(TWO, "ic", falling())], (ONE, TWO))
    async with open_grid(settled, store, (ONE, TWO)) as (screen, pilot):
        assert [len(screen.grid.cards.chart(key, screen.grid.options).curves) for key in ("loss", "ic")] == [1, 1]
        assert "reading" not in text_of(pilot.app)


async def test_only_new_points_are_read_and_the_cursor_stays(settled: Settled) -> None:
    store = store_with([history(ONE, "loss", [1.0, 0.5])])
    async with open_grid(settled, store) as (screen, pilot):
        await press(pilot, settled, "l", "h")
        store.append(ONE.run_id, "loss", [Point(2, 0, 0.125)])
        screen.grid.load_new_points()
        await wait_until_idle(pilot, settled)
        assert store.point_counts["loss"] == [2, 1]
        assert screen.grid.cursor == 0.0
        await press(pilot, settled, "escape")
        assert "0.125" in text_of(pilot.app)


async def test_only_running_runs_are_followed(settled: Settled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_module, "ACTIVE_POLL_S", 0.001)
    going_on = replace(ONE, status="RUNNING")
    for run, followed in ((going_on, True), (ONE, False)):
        store = store_with([history(run, "loss", [1.0, 0.5])], (run,))
        async with open_grid(settled, store, (run,)) as (screen, pilot):
            await press(pilot, settled, "R")
            assert screen.grid._poller.is_scheduled is followed
            store.append(run.run_id, "loss", [Point(2, 0, 0.125)])
            while followed and "0.125" not in text_of(pilot.app):
                await pilot.pause()
            await press(pilot, settled, "R")
            assert not screen.grid._poller.is_scheduled
        assert store.point_counts["loss"][0] == 2
        assert sum(store.point_counts["loss"]) == (3 if followed else 2)


async def test_a_store_that_is_locked_is_asked_again(settled: Settled, monkeypatch: pytest.MonkeyPatch) -> None:
    from qtui.tui.screens import grid

    monkeypatch.setattr(grid, "RETRY_S", 0.001)
    store = store_with_metrics(1)
    store.locked = 1
    async with open_grid(settled, store) as (_, pilot):
        for _ in range(5):
            await wait_until_idle(pilot, settled)
        assert [notification.message for notification in pilot.app._notifications] == ["Somebody is writing."]
        assert store.read == [("gentle-wolf", "m000")]


async def test_copying_gives_the_full_value(settled: Settled) -> None:
    posted: list[Message] = []
    store = store_with([history(ONE, "loss", [1.0, 1 / 3])])
    async with open_grid(settled, store, posted=posted) as (_, pilot):
        await press(pilot, settled, "Y")
    assert [message.text for message in posted if isinstance(message, CopyText)] == [repr(1 / 3)]


async def test_a_click_reads_a_chart_and_a_second_one_enlarges_it(settled: Settled) -> None:
    posted: list[Message] = []
    async with open_grid(settled, store_with_metrics(4), posted=posted) as (screen, pilot):
        await pilot.click("ChartGrid", offset=(60, 5))
        await wait_until_idle(pilot, settled)
        assert screen.grid.model.item is not None and screen.grid.model.item.metric == "m001"
        assert screen.grid.cursor is not None and 0 < screen.grid.cursor < 99
        await pilot.click("ChartGrid", offset=(60, 5), times=2)
        await wait_until_idle(pilot, settled)
    assert [message.spec.metrics for message in posted if isinstance(message, OpenChart)] == [("m001",)]


async def test_runs_without_metrics_say_so(settled: Settled) -> None:
    async with open_grid(settled, store_with([])) as (_, pilot):
        assert "These runs have no metrics." in text_of(pilot.app)
        await press(pilot, settled, "l", "enter", "*", "down", "G", "L")


ODD = {
    "one point": [1.5],
    "nan only": [math.nan, math.nan],
    "infinite": [math.inf, -math.inf, 1.0],
    "huge": [1e308, -1e308],
    "tiny": [5e-324, 0.0],
    "constant": [3.0] * 50,
}


@pytest.mark.parametrize("size", [(200, 55), (80, 24), (40, 12), (20, 6), (8, 3)])
async def test_unusual_metrics_are_drawn_at_any_size(settled: Settled, size: tuple[int, int]) -> None:
    store = store_with(history(ONE, key, values) for key, values in ODD.items())
    async with open_grid(settled, store, size=size) as (_, pilot):
        await press(pilot, settled, "l", "h", "down", "right", "l", "L", "a", "right_curly_bracket", "o", "G", "h")
        assert all(len(line) <= size[0] for line in text_of(pilot.app).splitlines())


async def test_a_metric_without_a_finite_value_says_why_nothing_is_drawn(settled: Settled) -> None:
    async with open_grid(settled, store_with([history(ONE, "odd", [math.nan, math.nan])])) as (_, pilot):
        assert "no finite value in 2 points" in text_of(pilot.app)


@pytest.mark.parametrize("name", ALL)
async def test_hostile_names_are_shown_and_do_nothing(settled: Settled, name: str) -> None:
    hostile = run_of(3, name)
    store = store_with(
        [history(hostile, f"{name}/{name}", falling()), history(hostile, name, falling())], (hostile, TWO)
    )
    async with open_grid(settled, store, (hostile, TWO)) as (_, pilot):
        text = text_of(pilot.app)
        assert not any(ord(character) < 32 and character != "\n" for character in text)


async def test_ascii_shows_nothing_else(settled: Settled) -> None:
    async with open_grid(settled, store_with_metrics(2), options=Options(ascii_only=True, refresh=0)) as (screen, _):
        picture = screen.grid.cards.picture(screen.grid.model.layout.cells[0], screen.grid.options)
        assert all(line.isascii() for line in picture.lines())


async def test_without_colour_curves_have_different_marks(settled: Settled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    store = store_with([history(run, "loss", falling()) for run in (ONE, TWO)], (ONE, TWO))
    async with open_grid(settled, store, (ONE, TWO)) as (_, pilot):
        text = text_of(pilot.app)
        assert "* gentle-wolf" in text and "+ brave-fox" in text
        assert "*0.091743 +0.091743" in text


async def test_changing_the_theme_and_the_size_loses_nothing(settled: Settled) -> None:
    async with open_grid(settled, store_with_metrics(6)) as (screen, pilot):
        await press(pilot, settled, "right", "right", "l")
        pilot.app.theme = "day"
        await pilot.resize_terminal(120, 40)
        await wait_until_idle(pilot, settled)
        assert screen.grid.model.item == GridItem("metrics", "m002")
        assert len(screen.grid.visible_metrics) == 6
        assert "reading" not in text_of(pilot.app)
