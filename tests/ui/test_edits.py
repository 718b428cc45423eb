"""Edits from the screen: what is pressed, what the store has afterwards, and what the table shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from qtui.entities import STAR_TAG, ViewType
from qtui.recorder import Library
from qtui.store.memory_writer import MemoryWriter
from qtui.tui.app import QtuiApp
from tests.ui.browsing import names, open_browser, wait_until, wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import text_of
from tests.ui.test_browser import EXPERIMENTS, RUNS


def editable() -> MemoryWriter:
    return MemoryWriter(EXPERIMENTS, RUNS)


def stages(store: MemoryWriter) -> dict[str, str]:
    infos = (info for batch in Library.over(store).infos(view=ViewType.ALL) for info in batch.items)
    return {info.name: info.lifecycle_stage for info in infos}


def tags(store: MemoryWriter, number: int) -> dict[str, str]:
    return dict(Library.over(store).run(f"{number:032x}").tags)


def says(app: QtuiApp, text: str) -> Callable[[], bool]:
    return lambda: any(text in notice.message for notice in app._notifications)


async def press(pilot: Pilot[Any], settled: Settled, *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
    await wait_until_idle(pilot, settled)


async def test_marked_runs_are_deleted_after_a_question_and_undo_brings_them_back(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (app, screen, pilot):
        first = names(screen)
        await press(pilot, settled, "space", "space", "D", "enter")
        assert "Delete 2 runs?" in text_of(app)
        await press(pilot, settled, "y")
        await wait_until(pilot, says(app, "2 runs deleted · u undo"))
        await wait_until_idle(pilot, settled)
        assert names(screen) == first[2:] and not screen.runs.table.marks
        await press(pilot, settled, "u")
        await wait_until(pilot, says(app, "Undone: 2 runs deleted · U redo"))
        await wait_until_idle(pilot, settled)
        assert sorted(names(screen)) == sorted(first)
        await press(pilot, settled, "U")
        await wait_until(pilot, says(app, "Redone"))
    assert list(stages(store).values()).count("deleted") == 3


async def test_one_run_is_deleted_by_enter_and_restored_in_the_deleted_view(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (_, screen, pilot):
        name = names(screen)[0]
        await press(pilot, settled, "D", "enter")
        await wait_until(pilot, lambda: stages(store)[name] == "deleted")
        await press(pilot, settled, "V")
        await wait_until(pilot, lambda: name in names(screen))
        screen.runs.go_to(next(info.run_id for info in screen.runs.frame.infos if info.name == name))
        await press(pilot, settled, "D")
        await wait_until(pilot, lambda: stages(store)[name] == "active")
        await wait_until(pilot, lambda: name not in names(screen))


async def test_f_stars_the_run_and_removes_the_star_again(settled: Settled) -> None:
    store = editable()
    async with open_browser(settled, store) as (_, screen, pilot):
        number = int(names(screen)[0].removeprefix("run-"))
        await press(pilot, settled, "f")
        await wait_until(pilot, lambda: tags(store, number).get(STAR_TAG) == "1")
        await wait_until(pilot, lambda: screen.runs.edit_selection().all_starred)
        await press(pilot, settled, "f")
        await wait_until(pilot, lambda: STAR_TAG not in tags(store, number))


async def test_a_store_that_cannot_be_edited_says_why(settled: Settled) -> None:
    async with open_browser(settled, MemoryWriter(EXPERIMENTS, RUNS), read_only=True) as (app, screen, pilot):
        before = names(screen)
        await press(pilot, settled, "D", "enter")
        assert says(app, "read-only")() and names(screen) == before
        await press(pilot, settled, "u")
        assert says(app, "read-only")()
