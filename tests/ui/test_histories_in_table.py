"""Histories in the table: summaries to show, sort and filter by, curves, stale runs."""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator, Mapping, Sequence

import pytest

from qtui.entities import ExperimentInfo, History, Listing, Point, Problem, Run, RunInfo
from qtui.formatting import now_ms
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.query.projection import ALL_VALUES, Projection
from qtui.runs.column_specs import curve_column
from qtui.store import MetricUpdate
from qtui.store.memory import MemoryStore
from tests.ui.browsing import names, open_browser, wait_until, wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import NOW, text_of

HOUR = 3_600_000
COURSES = {1: (0.1, 0.9, 0.2), 2: (0.5, 0.4, 0.3), 3: (0.1, 0.2, 0.4)}


def run_of(number: int, status: str = "FINISHED", written: int = NOW) -> Run:
    info = RunInfo(f"{number:032x}", "1", f"run-{number}", status, start_time=NOW - 5 * HOUR + number)
    return Run(info, metrics={"ic": Point(2, written, COURSES[number][-1]), "epoch": Point(2, written, 2.0)})


class CountingStore(MemoryStore):
    """A store with histories that records its reads."""

    def __init__(self, *runs: Run) -> None:
        super().__init__((ExperimentInfo("1", "one"),), runs, batch=1)
        self.courses = dict(COURSES)
        self.summed: list[tuple[str, Projection]] = []
        self.history_reads: list[tuple[str, str]] = []
        self.written: int | None = None

    def runs(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        if projection.summaries:
            self.summed += ((info.name, projection) for info in infos)
        return super().runs(infos, projection)

    def last_write(self, info: RunInfo) -> int | None:
        return self.written or super().last_write(info)

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        self.history_reads.append((info.name, key))
        values = self.courses[int(info.run_id, 16)]
        points = [Point(step, NOW, value) for step, value in enumerate(values)]
        return History.of(info.run_id, key, points), ()


def store_of(*runs: Run) -> CountingStore:
    return CountingStore(*(runs or map(run_of, COURSES)))


class BlockingStore(CountingStore):
    """A store that blocks reads of charts until it is opened."""

    def __init__(self, *runs: Run) -> None:
        super().__init__(*runs)
        self.opened, self.reached = threading.Event(), threading.Event()

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        self.reached.set()
        assert self.opened.wait(20)
        return super().metric_updates(info, cursors)


@pytest.fixture
def blocking_store() -> Iterator[BlockingStore]:
    store = BlockingStore(*map(run_of, COURSES))
    yield store
    store.opened.set()


@pytest.mark.parametrize("keys", [("2", "/", *"max(metrics.ic) > 0.3", "enter", "3"), ("r",)])
async def test_charts_of_a_slow_store_load_while_the_table_is_loading(
    settled: Settled, blocking_store: BlockingStore, keys: tuple[str, ...]
) -> None:
    async with open_browser(settled, blocking_store, size=(160, 40)) as (app, screen, pilot):
        await pilot.press("3", "]", "]", "]")
        await wait_until(pilot, blocking_store.reached.is_set)
        await pilot.press(*keys)
        await wait_until(pilot, lambda: screen.runs.histories_loaded)
        blocking_store.opened.set()
        await wait_until_idle(pilot, settled)
        grid = screen.details.charts.grid
        assert grid is not None
        await wait_until(pilot, lambda: not grid.is_waiting)
        assert "reading" not in text_of(app)


async def test_the_browser_is_busy_until_the_charts_of_the_details_are_loaded(settled: Settled) -> None:
    async with open_browser(settled, store_of(), size=(160, 40)) as (_, screen, pilot):
        await pilot.press("3", "]", "]", "]")
        await wait_until_idle(pilot, settled)
        assert screen.details.charts.grid is not None and not screen.is_busy
        screen.details.charts.grid.reload()
        assert screen.is_busy
        await wait_until_idle(pilot, settled)
        assert not screen.is_busy


BEST = Field(FieldKind.METRIC, "ic", Aggregate.BEST)


async def test_the_table_loads_no_history_that_it_does_not_need(settled: Settled) -> None:
    store = store_of()
    async with open_browser(settled, store):
        assert store.summed == []


async def test_a_filter_by_the_best_value_finds_runs_whose_last_value_is_not(settled: Settled) -> None:
    store = store_of()
    async with open_browser(settled, store) as (app, screen, pilot):
        await pilot.press("slash", *"best(metrics.ic) > 0.45", "enter")
        await wait_until_idle(pilot, settled)
        assert sorted(names(screen)) == ["run-1", "run-2"]
        assert "2 of 3" in text_of(app)
        assert {projection.summaries for _, projection in store.summed} == {frozenset({"ic"})}


async def test_a_sort_by_the_best_value_covers_every_run(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (_, screen, pilot):
        screen.runs.set_layout(screen.runs.model.layout.sort_by(BEST))
        await wait_until_idle(pilot, settled)
        assert names(screen) == ["run-1", "run-2", "run-3"]


async def test_min_max_first_and_best_can_be_chosen_as_columns(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (app, screen, pilot):
        await pilot.press("v", *"max ic", "enter")
        await wait_until_idle(pilot, settled)
        assert any(column.title == "max ic" for column in screen.runs.table.view.columns)
        assert "0.9" in text_of(app)


async def test_curves_are_loaded_for_the_visible_runs_only(settled: Settled) -> None:
    store = store_of()
    async with open_browser(settled, store, size=(140, 12)) as (app, screen, pilot):
        visible_ids = screen.runs.visible_run_ids
        store.history_reads.clear()
        screen.runs.set_layout(screen.runs.table.view.layout.with_column(curve_column("ic")))
        await wait_until_idle(pilot, settled)
        assert {f"{int(name.removeprefix('run-')):032x}" for name, key in store.history_reads if key == "ic"} == set(
            visible_ids
        )
        assert "▁█▂" in text_of(app)


async def test_another_sort_loads_no_history_again(settled: Settled) -> None:
    store = store_of()
    async with open_browser(settled, store) as (_, screen, pilot):
        screen.runs.set_layout(screen.runs.model.layout.sort_by(BEST))
        await wait_until_idle(pilot, settled)
        read = len(store.summed)
        screen.runs.set_layout(screen.runs.model.layout.reverse_sort())
        screen.runs.set_layout(screen.runs.model.layout.sort_by(Field(FieldKind.METRIC, "ic", Aggregate.FIRST)))
        await wait_until_idle(pilot, settled)
        assert read == len(store.summed) == 3


async def test_summaries_of_a_changed_run_are_loaded_again(settled: Settled) -> None:
    store = store_of(run_of(1), run_of(2), run_of(3, "RUNNING"))
    async with open_browser(settled, store) as (_, screen, pilot):
        screen.runs.set_layout(screen.runs.model.layout.sort_by(BEST))
        await wait_until_idle(pilot, settled)
        assert names(screen)[0] == "run-1"
        store.courses[3] = (0.1, 0.2, 2.0)
        store.written = now_ms() + HOUR
        store.summed.clear()
        await pilot.press("R")
        await wait_until_idle(pilot, settled)
        assert names(screen)[0] == "run-3"
        assert [name for name, _ in store.summed] == ["run-3"]


async def test_the_notice_says_that_values_are_still_loading(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (app, screen, pilot):
        await pilot.press("slash", *"best(metrics.ic) > 7", "enter")
        await wait_until_idle(pilot, settled)
        assert "Nothing matches." in text_of(app)
        screen.runs.histories_loaded = False
        screen.runs.rearrange()
        await pilot.pause()
        assert "Nothing matches so far." in text_of(app)


async def test_a_stale_run_is_marked_in_the_table(settled: Settled) -> None:
    store = store_of(run_of(1, "RUNNING", NOW - 2 * HOUR), run_of(2, "RUNNING", NOW), run_of(3))
    async with open_browser(settled, store) as (app, screen, _):
        assert screen.runs.table.view.stale == {f"{1:032x}"}
        text = text_of(app)
        assert "! stale" in text and "▸ running" in text
