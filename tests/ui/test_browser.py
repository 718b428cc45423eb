"""The browser, over a store in memory."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from operator import attrgetter
from typing import Any

import pytest
from textual.pilot import Pilot

from qtui.entities import PARENT_RUN_TAG, ExperimentInfo, Listing, Point, Run, RunInfo, ViewType
from qtui.errors import StoreUnreachable
from qtui.query import parse_order
from qtui.recorder import Library
from qtui.runs.cells import table_cell
from qtui.runs.column_data import ValuePool
from qtui.store import MetricUpdate
from qtui.store.memory import MemoryStore
from qtui.tui.app import QtuiApp
from qtui.tui.commands import command_hosts
from qtui.tui.options import Options
from qtui.tui.present.charts.grid_spec import GridItem
from qtui.tui.screens.browser import BrowserScreen
from qtui.tui.screens.chart import ChartScreen
from qtui.tui.screens.grid import GridScreen
from qtui.tui.screens.help import HelpScreen
from qtui.tui.state import State
from tests.ui.browsing import names, wait_until, wait_until_idle
from tests.ui.browsing import open_browser as browsing_in
from tests.ui.conftest import Settled
from tests.ui.hosts import NOW, text_of

MINUTE = 60_000


def run(
    number: int,
    experiment: str = "1",
    *,
    stage: str = "active",
    status: str = "FINISHED",
    parent: str = "",
    **params: str,
) -> Run:
    start = NOW - (100 - number) * MINUTE
    info = RunInfo(
        f"{number:032x}",
        experiment,
        f"run-{number}",
        status,
        stage,
        start,
        None if status == "RUNNING" else start + 9_000,
    )
    tags = {PARENT_RUN_TAG: parent} if parent else {}
    return Run(info, params={"lr": "0.1", **params}, metrics={"ic": Point(3, start, number / 100)}, tags=tags)


EXPERIMENTS = (
    ExperimentInfo("1", "因子/动量", creation_time=1),
    ExperimentInfo("2", "因子/价值", creation_time=2),
    ExperimentInfo("3", "empty", creation_time=3),
)
RUNS = (
    *(run(number, model="lgb" if number % 2 else "gru") for number in range(1, 7)),
    run(7, "2", status="RUNNING"),
    run(8, "2", parent=f"{7:032x}"),
    run(9, "2", stage="deleted"),
)


def store_of(*runs: Run) -> MemoryStore:
    return MemoryStore(EXPERIMENTS, runs or RUNS, artifacts={f"{8:032x}": {"pred.pkl": 2048}})


def open_browser(
    settled: Settled, store: MemoryStore | None = None, size: tuple[int, int] = (140, 30), state: State | None = None
) -> AbstractAsyncContextManager[tuple[QtuiApp, BrowserScreen, Pilot[Any]]]:
    """Open the browser over this store, or over the default one."""
    return browsing_in(settled, store or store_of(), size, state)


async def test_it_opens_with_every_run_of_every_experiment_the_newest_first(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, _):
        assert names(screen) == ["run-7", "run-8", "run-6", "run-5", "run-4", "run-3", "run-2", "run-1"]
        text = text_of(app)
        assert "3 experiments, 8 runs" in text and "因子/价值" in text


async def test_ages_and_durations_advance_without_polling(settled: Settled) -> None:
    now = NOW
    store = store_of(run(99), run(98, status="RUNNING"))
    screen = BrowserScreen(Library.over(store), Options(refresh=0), lambda: now)
    async with QtuiApp(lambda: screen, Options(refresh=0)).run_test(size=(140, 30)) as pilot:
        await wait_until_idle(pilot, settled)
        assert "3m ago" not in text_of(pilot.app) and "2m 00s" in text_of(pilot.app)
        now = NOW + MINUTE
        await wait_until(pilot, lambda: "3m 00s" in text_of(pilot.app) and "3m ago" in text_of(pilot.app))


async def test_the_first_runs_are_in_the_table_as_soon_as_they_come(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, _):
        screen.runs.set_scope(screen.runs.model.scope)
        screen.runs.add_infos([run(9).info])
        assert names(screen) == ["run-9"]


async def test_the_details_show_the_first_run(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, _):
        assert screen.details.view is not None
        assert screen.details.view.run.info.name == "run-7"
        assert "▸ running" in text_of(app)
        assert "run-8" in text_of(app)


async def test_an_experiment_under_the_cursor_shows_only_its_runs(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, pilot):
        await pilot.press("1", "G")
        await wait_until_idle(pilot, settled)
        assert screen.experiments.current is not None and screen.experiments.current.title == "动量"
        assert names(screen) == [f"run-{number}" for number in (6, 5, 4, 3, 2, 1)]


async def test_an_empty_experiment_says_that_runs_will_appear(settled: Settled) -> None:
    async with open_browser(settled) as (app, _, pilot):
        await pilot.press("1", "j")
        await wait_until_idle(pilot, settled)
        assert "empty has no runs yet." in text_of(app)


async def test_a_store_without_experiments_shows_a_notice(settled: Settled) -> None:
    async with open_browser(settled, MemoryStore()) as (app, _, _pilot):
        assert "no experiments yet" in text_of(app)


async def test_a_store_that_cannot_be_read_says_why_and_the_screen_still_works(settled: Settled) -> None:
    class MissingStore(MemoryStore):
        def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[ExperimentInfo]:
            raise StoreUnreachable("The server does not answer.")

        def infos(self, *_: object, **__: object) -> Iterator[Listing[RunInfo]]:
            raise StoreUnreachable("The server does not answer.")

    async with open_browser(settled, MissingStore()) as (app, _, pilot):
        assert text_of(app).count("The server does not answer.") >= 1
        await pilot.press("R")
        await wait_until_idle(pilot, settled)
        assert "live" not in text_of(app).splitlines()[0] and "○ retrying" in text_of(app)
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)


async def test_a_filter_applies_while_it_is_typed_until_it_is_cleared(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, pilot):
        await pilot.press("slash", *"params.model = lgb")
        await wait_until_idle(pilot, settled)
        assert names(screen) == ["run-5", "run-3", "run-1"]
        assert "3 of 8" in text_of(app)
        await pilot.press("escape")
        await wait_until_idle(pilot, settled)
        assert screen.runs.table.has_focus and len(names(screen)) == 3
        await pilot.press("escape")
        await wait_until_idle(pilot, settled)
        assert len(names(screen)) == 8
        assert not screen.runs.bar.display


async def test_opening_the_filter_reads_the_texts_of_runs_in_the_background(
    settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[threading.Thread] = set()
    containing = ValuePool.containing

    def record_thread(pool: ValuePool[str], word: str) -> bytearray:
        threads.add(threading.current_thread())
        return containing(pool, word)

    monkeypatch.setattr(ValuePool, "containing", record_thread)
    async with open_browser(settled) as (_, _, pilot):
        await pilot.press("slash")
        await wait_until_idle(pilot, settled)
        assert threads and threading.main_thread() not in threads


async def test_escape_clears_the_filter_and_then_the_marks(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, pilot):
        await pilot.press("slash", *"params.model = lgb", "enter", "ctrl+a", "escape")
        await wait_until_idle(pilot, settled)
        assert len(names(screen)) == 8 and len(screen.runs.table.marks) == 3
        await pilot.press("escape")
        await settled(pilot)
        assert not screen.runs.table.marks
        assert [notice.message for notice in app._notifications] == ["3 runs unmarked."]


def run_with_keys(number: int, experiment: str, metric: str) -> Run:
    """Return a run with one metric and one param."""
    plain = run(number, experiment)
    return replace(plain, metrics={metric: Point(0, 1, number / 10)}, params={"depth": "1"})


async def test_a_filter_by_a_bare_key_takes_its_kind_from_the_runs(settled: Settled) -> None:
    store = store_of(*(run_with_keys(number, "1", "Rank IC") for number in range(1, 5)), run_with_keys(5, "2", "depth"))
    async with open_browser(settled, store) as (app, screen, pilot):
        await pilot.press("slash", *"Rank IC > 0.25", "enter")
        await wait_until_idle(pilot, settled)
        assert names(screen) == ["run-4", "run-3"]
        await pilot.press("escape", "slash", *"depth > 0")
        await wait_until_idle(pilot, settled)
        assert "write metrics.depth or params.depth" in text_of(app)


async def test_a_filter_or_order_by_a_missing_key_says_so(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, pilot):
        await pilot.press("slash", *"metrics.typo > 3", "enter")
        await wait_until_idle(pilot, settled)
        assert "0 of 8, no run has a metric 'typo'" in text_of(app)
        await pilot.press("escape")
        screen.runs.set_layout(replace(screen.runs.model.layout, order_by=(parse_order("params.Gone"),)))
        await wait_until_idle(pilot, settled)
        screen.runs.rearrange()
        assert [notice.message for notice in app._notifications] == ["Not sorted: no run has a param 'Gone'."]


async def test_an_invalid_filter_shows_the_error_and_keeps_the_rows(settled: Settled) -> None:
    async with open_browser(settled) as (app, _, pilot):
        await pilot.press("slash", *"statuss = 3 and x")
        await wait_until_idle(pilot, settled)
        assert "did you mean status?" in text_of(app)


async def test_without_matches_the_notice_says_how_to_clear_the_filter(settled: Settled) -> None:
    async with open_browser(settled) as (app, _, pilot):
        await pilot.press("slash", *"metrics.ic > 7")
        await wait_until_idle(pilot, settled)
        assert "Nothing matches." in text_of(app)


async def test_views_go_from_active_to_deleted_to_all(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, pilot):
        await pilot.press("V")
        await wait_until_idle(pilot, settled)
        assert names(screen) == ["run-9"]
        await pilot.press("V")
        await wait_until_idle(pilot, settled)
        assert len(names(screen)) == 9


async def test_the_status_line_and_the_tree_count_the_runs_of_the_view(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, pilot):
        await pilot.press("V")
        await wait_until_idle(pilot, settled)
        assert "1 experiment, 1 run " in text_of(app)
        assert counts_at_the_left(screen) == {"All experiments": 1, "因子/价值": 1}
        await pilot.press("V")
        await wait_until_idle(pilot, settled)
        assert "3 experiments, 9 runs" in text_of(app)
        assert counts_at_the_left(screen)["All experiments"] == 9


def counts_at_the_left(screen: BrowserScreen) -> dict[str, int]:
    return {node.title: node.counts.total for node in screen.experiments.lines.rows}


async def test_deleted_runs_of_an_active_experiment_show_its_name(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, pilot):
        await pilot.press("V")
        await wait_until_idle(pilot, settled)
        view = screen.runs.table.view
        column = next(column for column in view.columns if column.title == "experiment")
        assert table_cell(view, view[0], column, 20).text == "因子/价值"


async def test_a_full_round_of_views_returns_to_the_same_experiment_cursor_and_order(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, pilot):
        await pilot.press("1", "G")
        await wait_until_idle(pilot, settled)
        await pilot.press("2", "s", *"ic", "enter", "j", "j")
        await wait_until_idle(pilot, settled)
        before = names(screen)
        assert screen.runs.table.line is not None
        run_id, top = screen.runs.table.line.key, screen.runs.table.viewport.top
        for expected in ([], before, before):
            await pilot.press("V")
            await wait_until_idle(pilot, settled)
            assert names(screen) == expected
            assert screen.experiments.current is not None and screen.experiments.current.title.endswith("动量")
        assert screen.runs.table.line is not None and screen.runs.table.line.key == run_id
        assert screen.runs.table.viewport.top == top


async def test_leaving_the_view_that_holds_a_deleted_experiment_goes_to_all_experiments(settled: Settled) -> None:
    gone = ExperimentInfo("4", "gone", lifecycle_stage="deleted", creation_time=9)
    store = MemoryStore((*EXPERIMENTS, gone), (*RUNS, run(10, "4", stage="deleted")))
    async with open_browser(settled, store) as (_, screen, pilot):
        await pilot.press("V")
        await wait_until_idle(pilot, settled)
        await pilot.press("1", "j")
        await wait_until_idle(pilot, settled)
        assert names(screen) == ["run-10"]
        await pilot.press("2", "V")
        await wait_until_idle(pilot, settled)
        await pilot.press("V")
        await wait_until_idle(pilot, settled)
        assert screen.experiments.current is not None and screen.experiments.current.key == "all"
        assert len(names(screen)) == 8


async def test_a_folder_includes_its_deleted_experiments(settled: Settled) -> None:
    gone = ExperimentInfo("4", "因子/旧", lifecycle_stage="deleted", creation_time=0)
    store = MemoryStore((*EXPERIMENTS, gone), (*RUNS, run(10, "4", stage="deleted")))
    async with open_browser(settled, store) as (_, screen, pilot):
        await pilot.press("1", "j", "j")
        await wait_until_idle(pilot, settled)
        assert screen.experiments.current is not None and screen.experiments.current.title == "因子/"
        await pilot.press("2", "V")
        await wait_until_idle(pilot, settled)
        assert sorted(names(screen)) == ["run-10", "run-9"]


async def test_sorting_by_a_metric_starts_with_the_best_and_reversed_with_the_worst(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, pilot):
        await pilot.press("1", "G")
        await wait_until_idle(pilot, settled)
        await pilot.press("2", "s", *"ic", "enter")
        await wait_until_idle(pilot, settled)
        assert names(screen)[0] == "run-6"
        await pilot.press("S")
        await wait_until_idle(pilot, settled)
        assert names(screen)[0] == "run-1"


async def test_grouping_shows_a_line_for_each_value(settled: Settled) -> None:
    async with open_browser(settled) as (app, _, pilot):
        await pilot.press("b", *"model", "enter")
        await wait_until_idle(pilot, settled)
        assert "lgb (3)" in text_of(app) and "gru (3)" in text_of(app)


async def test_only_differences_hides_params_with_equal_values(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, pilot):
        await pilot.press("1", "G")
        await wait_until_idle(pilot, settled)
        await pilot.press("2", "d")
        await wait_until_idle(pilot, settled)
        keys = [column.field.key for column in screen.runs.table.view.columns]
        assert "model" in keys and "lr" not in keys


async def test_a_layout_is_remembered_for_its_experiment(settled: Settled) -> None:
    state = State()
    async with open_browser(settled, state=state) as (_, _screen, pilot):
        await pilot.press("s", *"ic", "enter")
        await wait_until_idle(pilot, settled)
    async with open_browser(settled, state=state) as (_, screen, _pilot):
        assert screen.runs.model.layout.order_by[0].field.key == "ic"


async def test_a_title_that_does_not_fit_is_cut_only_at_its_start(settled: Settled) -> None:
    async with open_browser(settled, size=(80, 24)) as (app, screen, pilot):
        screen.runs.set_scope(replace(screen.runs.model.scope, title="x" * 90))
        await pilot.pause()
        [title] = [line for line in text_of(app).splitlines() if " Runs " in line]
        assert title.rstrip("─").endswith("x ") and "…x" in title


async def test_a_view_is_saved_by_name_and_opened_again(settled: Settled) -> None:
    async with open_browser(settled, state=State()) as (app, screen, pilot):
        await pilot.press("slash", *"params.model = lgb", "enter", "ctrl+s", *"mine", "enter")
        await wait_until_idle(pilot, settled)
        assert "Saved the view 'mine': ctrl+o opens it." in [notice.message for notice in app._notifications]
        await pilot.press("slash", "escape", "escape")
        await wait_until_idle(pilot, settled)
        assert len(names(screen)) == 8
        await pilot.press("ctrl+o", "enter")
        await wait_until_idle(pilot, settled)
        assert names(screen) == ["run-5", "run-3", "run-1"]


async def test_a_new_tab_does_not_take_the_focus_back_from_the_runs(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, pilot):
        await pilot.press("3")
        screen.details.step_tab(1)
        screen.action_back()
        await wait_until_idle(pilot, settled)
        assert screen.details.current_tab.name == "params"
        assert screen.runs.table.has_focus


async def test_enter_goes_to_the_details_and_escape_back(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert app.focused is not None and screen.details in app.focused.ancestors
        await pilot.press("escape")
        await pilot.pause()
        assert app.focused is screen.runs.table


async def test_the_artifacts_are_listed_when_their_tab_is_opened(settled: Settled) -> None:
    async with open_browser(settled) as (app, _, pilot):
        await pilot.press("j", "3", "left_square_bracket")
        await wait_until_idle(pilot, settled)
        assert "pred.pkl" in text_of(app) and "2.0 kB" in text_of(app)


async def test_enter_on_a_child_goes_to_that_run(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, pilot):
        await pilot.press("3", "G", "enter")
        await wait_until_idle(pilot, settled)
        assert screen.details.view is not None
        assert screen.details.view.run.info.name == "run-8"


async def test_a_value_opens_in_full(settled: Settled) -> None:
    async with open_browser(settled, store_of(run(1, note="first line\nsecond line"))) as (app, _, pilot):
        await pilot.press("3", "right_square_bracket", "G", "enter")
        await pilot.pause()
        lines = [line.strip() for line in text_of(app).splitlines()]
        assert any(line.endswith("first line") for line in lines)


async def test_every_command_has_an_action(settled: Settled) -> None:
    async with open_browser(settled) as (_, screen, _pilot):
        for command_host in command_hosts(screen):
            for command in command_host.OWN_COMMANDS:
                path = command.CALL[0] if command.CALL else f"action_{command.ACTION}"
                assert callable(attrgetter(path)(command_host)), command


@pytest.mark.parametrize("size", [(20, 5), (38, 12), (80, 24), (120, 36), (200, 55)])
async def test_every_size_shows_runs(settled: Settled, size: tuple[int, int]) -> None:
    async with open_browser(settled, size=size) as (app, _, _pilot):
        assert "run-7" in text_of(app)


async def test_shrinking_and_enlarging_the_terminal_loses_nothing(settled: Settled) -> None:
    async with open_browser(settled) as (app, _, pilot):
        for size in ((20, 5), (1, 1), (140, 30)):
            await pilot.resize_terminal(*size)
            await wait_until_idle(pilot, settled)
        assert "run-7" in text_of(app) and "All experiments" in text_of(app)


async def test_a_running_run_shows_new_points_and_reads_only_those(settled: Settled) -> None:
    store = CountingStore(EXPERIMENTS, RUNS)
    async with open_browser(settled, store) as (app, screen, pilot):
        await pilot.press("3", "]", "]", "R")
        await wait_until_idle(pilot, settled)
        assert screen.details.view is not None and screen.details.view.summaries["ic"].count == 1
        store.append(f"{7:032x}", "ic", [Point(4, NOW, 0.875)])
        screen.poll()
        await wait_until_idle(pilot, settled)
        assert screen.details.view.summaries["ic"].count == 2
        assert "0.875" in text_of(app)
    assert store.points_read["run-7", "ic"] == [1, 1]


async def test_only_runs_of_listed_experiments_are_counted(settled: Settled) -> None:
    gone = ExperimentInfo("9", "gone", "deleted", creation_time=NOW)
    orphan = Run(RunInfo("9" * 32, "9", "left behind", "FINISHED"))
    store = MemoryStore((*EXPERIMENTS, gone), (*RUNS, orphan))
    async with open_browser(settled, store) as (app, _, _):
        assert "3 experiments, 8 runs" in text_of(app)


async def test_the_charts_tab_shows_the_run_and_its_new_points(settled: Settled) -> None:
    store = CountingStore(EXPERIMENTS, RUNS)
    async with open_browser(settled, store, size=(160, 40)) as (app, screen, pilot):
        assert screen.details.charts.grid is None
        await pilot.press("3", "]", "]", "]", "R")
        await wait_until_idle(pilot, settled)
        assert screen.details.charts.grid is not None and screen.details.charts.grid.has_focus
        assert "ic ━" in text_of(app)
        store.append(f"{7:032x}", "ic", [Point(4, NOW, 0.875)])
        screen.poll()
        await wait_until_idle(pilot, settled)
        assert next(line for line in text_of(app).splitlines() if "ic ━" in line).rstrip().endswith("0.875")
        await pilot.press("2", "j")
        await wait_until_idle(pilot, settled)
        assert [run.name for run in screen.details.charts.grid.model.spec.runs] == ["run-8"]
        assert "reading …" not in text_of(app)
        await pilot.press("3", "[")
        await wait_until_idle(pilot, settled)
        assert screen.details.lines.has_focus


async def test_the_charts_of_another_run_are_shown_from_the_top(settled: Settled) -> None:
    runs = [replace(run(1), metrics={f"m{key:02d}": Point(3, NOW, 0.5) for key in range(40)})]
    runs.append(replace(runs[0], info=run(2).info))
    async with open_browser(settled, store_of(*runs), size=(160, 20)) as (_, screen, pilot):
        await pilot.press("3", "]", "]", "]", "G")
        await wait_until_idle(pilot, settled)
        grid = screen.details.charts.grid
        assert grid is not None and grid.scroll_offset.y > 0
        await pilot.press("2", "j")
        await wait_until_idle(pilot, settled)
        assert grid.scroll_offset.y == 0 and grid.model.item == GridItem("metrics", "m00")


async def test_with_marks_the_charts_tab_shows_the_marked_runs(settled: Settled) -> None:
    async with open_browser(settled, size=(160, 40)) as (app, screen, pilot):
        await pilot.press("3", "]", "]", "]", "2", "space", "space")
        await wait_until_idle(pilot, settled)
        assert screen.details.charts.grid is not None
        marked = {run.run_id for run in screen.details.charts.grid.model.spec.runs}
        assert len(marked) == 2 and marked == screen.runs.table.marks
        assert "Details 2 runs" in text_of(app) and "reading …" not in text_of(app)
        await pilot.press("ctrl+a", "ctrl+a")
        await wait_until_idle(pilot, settled)
        assert len(screen.details.charts.grid.model.spec.runs) == 1 and "Details run-" in text_of(app)


async def test_a_grid_of_the_first_runs_shows_the_total(settled: Settled) -> None:
    async with open_browser(settled, store_of(*(run(number) for number in range(1, 38)))) as (app, _, pilot):
        await pilot.press("ctrl+a", "C")
        await pilot.pause()
        assert "Charts 24 of 37 runs" in text_of(app)


async def test_marked_runs_share_charts_and_escape_returns(settled: Settled) -> None:
    store = CountingStore(EXPERIMENTS, RUNS)
    async with open_browser(settled, store) as (app, screen, pilot):
        await pilot.press("space", "space", "R", "C")
        await wait_until_idle(pilot, settled)
        grid = app.screen
        assert isinstance(grid, GridScreen)
        while grid.is_busy:
            await settled(pilot)
        assert "run-7" in text_of(app) and "run-8" in text_of(app)
        store.append(f"{7:032x}", "ic", [Point(4, NOW, 0.875)])
        screen.poll()
        await wait_until_idle(pilot, settled)
        while grid.is_busy:
            await settled(pilot)
        assert "0.875" in text_of(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ChartScreen)
        await pilot.press("escape", "escape", "escape")
        await wait_until_idle(pilot, settled)
        assert app.screen is screen


async def test_pins_of_charts_are_remembered_for_the_experiment(settled: Settled) -> None:
    state = State()
    async with open_browser(settled, size=(160, 40), state=state) as (_, screen, pilot):
        await pilot.press("3", "]", "]", "]", "*")
        await wait_until_idle(pilot, settled)
        assert screen.details.charts.grid is not None and screen.details.charts.grid.model.pins == ("ic",)
    async with open_browser(settled, size=(160, 40), state=state) as (app, screen, pilot):
        await pilot.press("3", "]", "]", "]")
        await wait_until_idle(pilot, settled)
        assert "* ic" in text_of(app)


class CountingStore(MemoryStore):
    """A store that counts the points of every read by run and metric."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.points_read: dict[tuple[str, str], list[int]] = {}

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        updates = super().metric_updates(info, cursors)
        for key, update in updates.items():
            self.points_read.setdefault((info.name, key), []).append(len(update.history))
        return updates


async def test_with_marked_runs_quitting_takes_a_second_key_in_a_row(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, pilot):
        await pilot.press("ctrl+a", "q")
        await wait_until_idle(pilot, settled)
        assert [notice.message for notice in app._notifications] == ["8 runs marked: press q again to quit."]
        await pilot.press("j")
        await wait_until_idle(pilot, settled)
        assert not len(app._notifications)
        await pilot.press("q")
        await wait_until_idle(pilot, settled)
        assert not app._exit
        assert len(screen.runs.table.marks) == 8
        await pilot.press("q")
        assert app._exit


async def test_without_marks_one_key_quits(settled: Settled) -> None:
    async with open_browser(settled) as (app, _, pilot):
        await pilot.press("q")
        assert app._exit


async def test_a_saved_view_is_deleted_by_pressing_the_key_twice(settled: Settled) -> None:
    state = State()
    memory = state.store("memory:")
    for name in ("first", "second"):
        memory.save_view(name, {"filter": "", "layout": {}})
    async with open_browser(settled, state=state) as (app, screen, pilot):
        assert screen.runs.store_state is not None
        await pilot.press("ctrl+o", "ctrl+d")
        await pilot.pause()
        assert "Press ctrl+d again to delete the view first." in text_of(app)
        await pilot.press("down", "up", "ctrl+d")
        assert list(screen.runs.store_state.views) == ["first", "second"]
        await pilot.press("ctrl+d")
        assert list(screen.runs.store_state.views) == ["second"]
        await pilot.press("ctrl+d", "ctrl+d")
        await wait_until_idle(pilot, settled)
        assert not screen.runs.store_state.views
        assert app.screen is screen


async def test_the_details_of_a_group_list_its_statistics_and_its_runs(settled: Settled) -> None:
    async with open_browser(settled) as (app, screen, pilot):
        await pilot.press("1", "G")
        await wait_until_idle(pilot, settled)
        await pilot.press("2", "s", *"ic", "enter", "b", *"model", "enter", "underscore", "g")
        await wait_until_idle(pilot, settled)
        rows = {row.key: row.cells[0] for row in screen.details.lines.rows}
        assert (rows["model"], rows["runs"]) == ("gru", "3 done")
        assert rows["ic"] == "mean 0.04 ±0.020  median 0.04 (0.03 to 0.05)  min 0.02  max 0.06  n 3"
        assert rows["best run"] == "run-6"
        assert list(rows)[-3:] == ["run-6", "run-4", "run-2"]
        await pilot.press("j")
        await wait_until_idle(pilot, settled)
        assert "Details model lgb (3)" in text_of(app)
        await pilot.press("3", "right_square_bracket", "right_square_bracket")
        await wait_until_idle(pilot, settled)
        assert [row.cells for row in screen.details.lines.rows] == [
            ("3", "0.03", "0.02", "0.02", "0.03", "0.04", "0.01", "0.05", "run-5")
        ]
        assert "best run" in text_of(app)
