"""Laying out the table by keyboard and mouse: several sorts, columns moved and resized."""

from __future__ import annotations

import pytest

from qtui.query.ast import FieldKind
from qtui.recorder import Library
from qtui.settings import Settings
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.browser import BrowserScreen
from qtui.tui.state import State
from tests.ui.browsing import names, open_browser, wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import text_of
from tests.ui.test_browser import run, store_of


def titles(screen: BrowserScreen) -> list[str]:
    return [column.title for column in screen.runs.table.view.columns]


async def test_several_columns_sort_in_turn_by_keyboard(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (app, screen, pilot):
        await pilot.press("s", *"model", "tab", *["backspace"] * 5, *"ic", "tab")
        await pilot.pause()
        assert "▲ 1" in text_of(app) or "▼ 2" in text_of(app)
        await pilot.press("enter")
        await wait_until_idle(pilot, settled)
        assert [key.field.key for key in screen.runs.model.layout.order_by] == ["model", "ic"]
        assert names(screen)[:6] == ["run-6", "run-4", "run-2", "run-5", "run-3", "run-1"]


async def test_tab_again_reverses_a_sort_column_and_then_removes_it(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (_, screen, pilot):
        await pilot.press("s", *"ic", "tab", "tab", "enter")
        await wait_until_idle(pilot, settled)
        assert [key.ascending for key in screen.runs.model.layout.order_by] == [True]
        await pilot.press("s", *"ic", "tab", "enter")
        await wait_until_idle(pilot, settled)
        assert screen.runs.model.layout.order_by == ()


async def test_columns_move_by_keys_and_their_order_is_saved_per_experiment(settled: Settled) -> None:
    state = State()
    async with open_browser(settled, store_of(), state=state) as (_, screen, pilot):
        await pilot.press("l", "L")
        await wait_until_idle(pilot, settled)
        assert titles(screen)[:3] == ["name", "experiment", "status"]
        assert screen.runs.table.current_column is not None and screen.runs.table.current_column.title == "status"
        await pilot.press("H", "H", "H")
        await wait_until_idle(pilot, settled)
        assert titles(screen)[:3] == ["name", "status", "experiment"]
        await pilot.press("L")
    async with open_browser(settled, store_of(), state=state) as (_, screen, _pilot):
        assert titles(screen)[:3] == ["name", "experiment", "status"]


async def test_columns_get_wider_and_narrower_by_keys(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (_, screen, pilot):
        before = screen.runs.table.column_width
        await pilot.press(">", ">")
        await wait_until_idle(pilot, settled)
        assert screen.runs.table.column_width == before + 4
        await pilot.press(*["<"] * 20)
        await wait_until_idle(pilot, settled)
        assert screen.runs.table.column_width == 3


async def test_dragging_a_title_onto_another_moves_the_column(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (_, screen, pilot):
        table = screen.runs.table
        status, experiment = table.renderer.visible[1], table.renderer.visible[2]
        await pilot.mouse_down(table, offset=(status.x + 1, 0))
        await pilot.hover(table, offset=(experiment.x + experiment.width - 1, 0))
        await pilot.mouse_up(table, offset=(experiment.x + experiment.width - 1, 0))
        await wait_until_idle(pilot, settled)
        assert titles(screen)[:3] == ["name", "experiment", "status"]
        assert screen.runs.model.layout.order_by == ()


async def test_the_name_stays_whatever_columns_are_chosen(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (_, screen, pilot):
        await pilot.press("v", "ctrl+a", "ctrl+a", "enter")
        await wait_until_idle(pilot, settled)
        assert titles(screen) == ["name"]


async def test_a_key_reverses_the_direction_of_a_metric(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (_, screen, pilot):
        await pilot.press("1", "G")
        await wait_until_idle(pilot, settled)
        await pilot.press("2")
        at = next(
            index
            for index, column in enumerate(screen.runs.table.view.columns)
            if column.field.kind is FieldKind.METRIC
        )
        await pilot.press(*["l"] * at, "M")
        await wait_until_idle(pilot, settled)
        assert screen.runs.table.view.best(screen.runs.table.view.columns[at].field) == 0.01


async def test_a_selection_survives_a_refresh_a_sort_and_a_filter(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (_, screen, pilot):
        await pilot.press("j", "j", "space", "k")
        chosen = screen.runs.table.line
        assert chosen is not None
        for keys in (("r",), ("s", *"ic", "enter"), ("slash", *"run", "enter")):
            await pilot.press(*keys)
            await wait_until_idle(pilot, settled)
            assert screen.runs.table.line is not None and screen.runs.table.line.key == chosen.key
            assert screen.runs.table.marks == {chosen.key}


def runs_title(app: QtuiApp) -> str:
    """Return the rendered title of the runs pane."""
    return next(line for line in text_of(app).splitlines() if "─ Runs" in line).split("─ Runs ")[1].rstrip(" ─")


async def test_the_title_says_how_the_runs_are_sorted_filtered_marked_and_grouped(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (app, _, pilot):
        assert runs_title(app) == "all experiments"
        await pilot.press("s", *"ic", "enter", "space", "slash", *"params.model = lgb", "enter")
        await wait_until_idle(pilot, settled)
        assert runs_title(app) == "all experiments · by ic ▼ · 3 of 8 · 1 marked"
        await pilot.press("b", *"model", "enter", "d")
        await wait_until_idle(pilot, settled)
        assert "1 marked · grouped by model" in runs_title(app)


async def test_the_title_drops_its_last_parts_where_the_pane_is_narrow(settled: Settled) -> None:
    async with open_browser(settled, store_of(), size=(80, 24)) as (app, _, pilot):
        await pilot.press("s", *"ic", "enter", "b", *"model", "enter", "ctrl+a", "d")
        await wait_until_idle(pilot, settled)
        assert runs_title(app) == "all experiments · by ic ▼ · 8 marked"


async def test_sorting_by_a_hidden_column_shows_it(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (_, screen, pilot):
        assert "user" not in titles(screen)
        await pilot.press("s", *"user", "enter")
        await wait_until_idle(pilot, settled)
        assert titles(screen)[:2] == ["name", "user"]
        assert screen.runs.table.current_column is not None and screen.runs.table.current_column.title == "user"
        await pilot.press("s", *"status", "enter")
        await wait_until_idle(pilot, settled)
        assert "user" not in titles(screen)


async def test_a_restored_order_is_in_the_title_and_its_column_is_visible(settled: Settled) -> None:
    state, size = State(), (80, 24)
    many = {f"param-{letter}": "" for letter in "abcd"}
    runs = [run(number, **{key: str(number * index) for index, key in enumerate(many)}) for number in range(1, 9)]
    async with open_browser(settled, store_of(*runs), size, state) as (_, _screen, pilot):
        await pilot.press("s", *"param-d", "enter")
        await wait_until_idle(pilot, settled)
    async with open_browser(settled, store_of(*runs), size, state) as (app, screen, _):
        assert runs_title(app) == "all experiments · by param-d ▲"
        table = screen.runs.table
        visible = [table.view.columns[column.index].field.key for column in table.renderer.visible]
        assert "param-d" in visible


async def test_another_experiment_starts_at_the_first_column(settled: Settled) -> None:
    async with open_browser(settled, store_of(), size=(80, 24)) as (_, screen, pilot):
        await pilot.press(*["l"] * 20)
        await wait_until_idle(pilot, settled)
        assert screen.runs.table.renderer.visible[1].index > 1
        await pilot.press("1", "G")
        await wait_until_idle(pilot, settled)
        assert [column.index for column in screen.runs.table.renderer.visible][:2] == [0, 1]


async def test_the_columns_chosen_before_return_when_differences_are_left(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (app, screen, pilot):
        await pilot.press("v", *"user", "tab", "enter")
        await wait_until_idle(pilot, settled)
        before = titles(screen)
        await pilot.press("d")
        await wait_until_idle(pilot, settled)
        assert runs_title(app) == "all experiments · differing params"
        assert "user" not in titles(screen)
        await pilot.press("d")
        await wait_until_idle(pilot, settled)
        assert titles(screen) == before
        assert runs_title(app) == "all experiments"


async def test_an_added_column_is_inserted_at_the_cursor_and_gets_it(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (_, screen, pilot):
        await pilot.press("l")
        before = titles(screen)
        await pilot.press("v", *"lifecycle", "enter")
        await wait_until_idle(pilot, settled)
        assert titles(screen) == [*before[:2], "lifecycle", *before[2:]]
        assert screen.runs.table.current_column is not None and screen.runs.table.current_column.title == "lifecycle"


@pytest.mark.parametrize("metric", ["metrics.ic", "ic"])
async def test_the_columns_of_the_settings_are_those_of_the_screen(settled: Settled, metric: str) -> None:
    options = Options.from_settings(Settings(columns=(metric, "Started", "experiment")), refresh=0)
    screen = BrowserScreen(Library.over(store_of()), options)
    async with QtuiApp(lambda: screen, options).run_test(size=(140, 30)) as pilot:
        await wait_until_idle(pilot, settled)
        assert titles(screen) == ["name", "ic", "started", "experiment"]


async def test_a_baseline_shows_the_differences_of_the_other_runs_until_it_is_removed(settled: Settled) -> None:
    async with open_browser(settled, store_of(), size=(160, 24)) as (app, screen, pilot):
        await pilot.press("s", *"ic", "enter", "B")
        await wait_until_idle(pilot, settled)
        assert "Δ ic" in text_of(app) and "baseline run-" in runs_title(app)
        assert "%" in text_of(app)
        await pilot.press("B")
        await wait_until_idle(pilot, settled)
        assert "Δ ic" not in text_of(app)
        assert screen.runs.model.layout.baseline == ""


async def test_runs_are_grouped_by_all_params_but_those_that_the_user_leaves_out(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (app, screen, pilot):
        await pilot.press("b", *"all params", "enter")
        await pilot.pause()
        await pilot.press("ctrl+a", "ctrl+a", "enter")
        await wait_until_idle(pilot, settled)
        assert "grouped by all params" in runs_title(app)
        assert [field.key for field in screen.runs.table.view.layout.group_by] == ["model"]
