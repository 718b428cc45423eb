"""Laying out the table by keyboard and mouse: several sorts, columns moved and resized."""

from __future__ import annotations

import pytest

from qtui.query.ast import Kind
from qtui.recorder import Library
from qtui.settings import Settings
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.browser import BrowserScreen
from qtui.tui.state import State
from tests.ui.browsing import browsing, calm, names
from tests.ui.conftest import Settled
from tests.ui.hosts import text_of
from tests.ui.test_browser import run, store_of


def titles(screen: BrowserScreen) -> list[str]:
    return [each.title for each in screen.runs.table.view.columns]


async def test_several_columns_sort_in_turn_by_keyboard(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (app, screen, pilot):
        await pilot.press("s", *"model", "tab", *["backspace"] * 5, *"ic", "tab")
        await pilot.pause()
        assert "▲ 1" in text_of(app) or "▼ 2" in text_of(app)
        await pilot.press("enter")
        await calm(pilot, settled)
        assert [each.field.key for each in screen.runs.chosen.order_by] == ["model", "ic"]
        assert names(screen)[:6] == ["run-6", "run-4", "run-2", "run-5", "run-3", "run-1"]


async def test_tab_again_turns_a_column_round_and_then_leaves_it_out(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (_, screen, pilot):
        await pilot.press("s", *"ic", "tab", "tab", "enter")
        await calm(pilot, settled)
        assert [each.ascending for each in screen.runs.chosen.order_by] == [True]
        await pilot.press("s", *"ic", "tab", "enter")
        await calm(pilot, settled)
        assert screen.runs.chosen.order_by == ()


async def test_columns_move_by_keys_and_stay_so_for_their_experiment(settled: Settled) -> None:
    state = State()
    async with browsing(settled, store_of(), state=state) as (_, screen, pilot):
        await pilot.press("l", "L")
        await calm(pilot, settled)
        assert titles(screen)[:3] == ["name", "experiment", "status"]
        assert screen.runs.current_column is not None and screen.runs.current_column.title == "status"
        await pilot.press("H", "H", "H")
        await calm(pilot, settled)
        assert titles(screen)[:3] == ["name", "status", "experiment"]
        await pilot.press("L")
    async with browsing(settled, store_of(), state=state) as (_, screen, _pilot):
        assert titles(screen)[:3] == ["name", "experiment", "status"]


async def test_columns_get_wider_and_narrower_by_keys(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (_, screen, pilot):
        before = screen.runs.table.column_width
        await pilot.press(">", ">")
        await calm(pilot, settled)
        assert screen.runs.table.column_width == before + 4
        await pilot.press(*["<"] * 20)
        await calm(pilot, settled)
        assert screen.runs.table.column_width == 3


async def test_a_title_that_is_dragged_to_another_takes_its_place(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (_, screen, pilot):
        table = screen.runs.table
        status, experiment = table.painter.visible[1], table.painter.visible[2]
        await pilot.mouse_down(table, offset=(status.x + 1, 0))
        await pilot.hover(table, offset=(experiment.x + experiment.width - 1, 0))
        await pilot.mouse_up(table, offset=(experiment.x + experiment.width - 1, 0))
        await calm(pilot, settled)
        assert titles(screen)[:3] == ["name", "experiment", "status"]
        assert screen.runs.chosen.order_by == ()


async def test_the_name_stays_whatever_columns_are_chosen(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (_, screen, pilot):
        await pilot.press("v", "ctrl+a", "ctrl+a", "enter")
        await calm(pilot, settled)
        assert titles(screen) == ["name"]


async def test_the_direction_of_a_metric_is_turned_round_by_a_key(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (_, screen, pilot):
        await pilot.press("1", "G")
        await calm(pilot, settled)
        await pilot.press("2")
        at = next(place for place, each in enumerate(screen.runs.table.view.columns) if each.field.kind is Kind.METRIC)
        await pilot.press(*["l"] * at, "M")
        await calm(pilot, settled)
        assert screen.runs.table.view.best(screen.runs.table.view.columns[at].field) == 0.01


async def test_a_selection_survives_a_refresh_a_sort_and_a_filter(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (_, screen, pilot):
        await pilot.press("j", "j", "space", "k")
        chosen = screen.runs.table.line
        assert chosen is not None
        for keys in (("r",), ("s", *"ic", "enter"), ("slash", *"run", "enter")):
            await pilot.press(*keys)
            await calm(pilot, settled)
            assert screen.runs.table.line is not None and screen.runs.table.line.key == chosen.key
            assert screen.runs.table.marks == {chosen.key}


def runs_title(app: QtuiApp) -> str:
    """The line above the runs, as it is drawn."""
    return next(line for line in text_of(app).splitlines() if "─ Runs" in line).split("─ Runs ")[1].rstrip(" ─")


async def test_the_title_says_how_the_runs_are_sorted_filtered_marked_and_grouped(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (app, _, pilot):
        assert runs_title(app) == "all experiments"
        await pilot.press("s", *"ic", "enter", "space", "slash", *"params.model = lgb", "enter")
        await calm(pilot, settled)
        assert runs_title(app) == "all experiments · by ic ▼ · 3 of 8 · 1 marked"
        await pilot.press("b", *"model", "enter", "d")
        await calm(pilot, settled)
        assert "1 marked · grouped by model" in runs_title(app)


async def test_the_title_drops_its_last_parts_where_the_pane_is_narrow(settled: Settled) -> None:
    async with browsing(settled, store_of(), size=(80, 24)) as (app, _, pilot):
        await pilot.press("s", *"ic", "enter", "b", *"model", "enter", "ctrl+a", "d")
        await calm(pilot, settled)
        assert runs_title(app) == "all experiments · by ic ▼ · 8 marked"


async def test_a_column_that_is_not_shown_comes_into_view_when_the_runs_are_sorted_by_it(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (_, screen, pilot):
        assert "user" not in titles(screen)
        await pilot.press("s", *"user", "enter")
        await calm(pilot, settled)
        assert titles(screen)[:2] == ["name", "user"]
        assert screen.runs.current_column is not None and screen.runs.current_column.title == "user"
        await pilot.press("s", *"status", "enter")
        await calm(pilot, settled)
        assert "user" not in titles(screen)


async def test_an_order_that_is_restored_is_in_the_title_and_its_column_in_view(settled: Settled) -> None:
    state, size = State(), (80, 24)
    many = {f"param-{letter}": "" for letter in "abcd"}
    runs = [run(number, **{key: str(number * place) for place, key in enumerate(many)}) for number in range(1, 9)]
    async with browsing(settled, store_of(*runs), size, state) as (_, _screen, pilot):
        await pilot.press("s", *"param-d", "enter")
        await calm(pilot, settled)
    async with browsing(settled, store_of(*runs), size, state) as (app, screen, _):
        assert runs_title(app) == "all experiments · by param-d ▲"
        table = screen.runs.table
        visible = [table.view.columns[column.index].field.key for column in table.painter.visible]
        assert "param-d" in visible


async def test_another_experiment_begins_at_its_first_columns(settled: Settled) -> None:
    async with browsing(settled, store_of(), size=(80, 24)) as (_, screen, pilot):
        await pilot.press(*["l"] * 20)
        await calm(pilot, settled)
        assert screen.runs.table.painter.visible[1].index > 1
        await pilot.press("1", "G")
        await calm(pilot, settled)
        assert [column.index for column in screen.runs.table.painter.visible][:2] == [0, 1]


async def test_the_columns_chosen_before_return_when_differences_are_left(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (app, screen, pilot):
        await pilot.press("v", *"user", "tab", "enter")
        await calm(pilot, settled)
        before = titles(screen)
        await pilot.press("d")
        await calm(pilot, settled)
        assert runs_title(app) == "all experiments · differing params"
        assert "user" not in titles(screen)
        await pilot.press("d")
        await calm(pilot, settled)
        assert titles(screen) == before
        assert runs_title(app) == "all experiments"


async def test_an_added_column_comes_in_at_the_cursor_and_takes_it(settled: Settled) -> None:
    async with browsing(settled, store_of()) as (_, screen, pilot):
        await pilot.press("l")
        before = titles(screen)
        await pilot.press("v", *"lifecycle", "enter")
        await calm(pilot, settled)
        assert titles(screen) == [*before[:2], "lifecycle", *before[2:]]
        assert screen.runs.current_column is not None and screen.runs.current_column.title == "lifecycle"


@pytest.mark.parametrize("metric", ["metrics.ic", "ic"])
async def test_the_columns_of_the_settings_are_those_of_the_screen(settled: Settled, metric: str) -> None:
    options = Options.chosen(Settings(columns=(metric, "Started", "experiment")), refresh=0)
    screen = BrowserScreen(Library.over(store_of()), options)
    async with QtuiApp(lambda: screen, options).run_test(size=(140, 30)) as pilot:
        await calm(pilot, settled)
        assert titles(screen) == ["name", "ic", "started", "experiment"]
