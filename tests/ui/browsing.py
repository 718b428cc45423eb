"""The browser over a store in memory, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from qtui.recorder import Library
from qtui.store.memory import MemoryStore
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.browser import BrowserScreen
from qtui.tui.state import State
from tests.ui.conftest import Settled
from tests.ui.hosts import NOW


@asynccontextmanager
async def open_browser(
    settled: Settled,
    store: MemoryStore,
    size: tuple[int, int] = (140, 30),
    state: State | None = None,
    keys: Mapping[str, str] | None = None,
    *,
    read_only: bool = False,
) -> AsyncIterator[tuple[QtuiApp, BrowserScreen, Pilot[Any]]]:
    """Run the browser over this store without polling, and wait until everything is loaded; `keys` are settings."""
    options = Options(refresh=0, keys=keys or {})
    screen = BrowserScreen(Library.over(store, read_only=read_only), options, lambda: NOW)
    app = QtuiApp(lambda: screen, options, state=state)
    async with app.run_test(size=size) as pilot:
        await wait_until_idle(pilot, settled)
        yield app, screen, pilot


async def wait_until_idle(pilot: Pilot[Any], settled: Settled) -> None:
    """Wait until the browser is not busy."""
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, BrowserScreen)
    await settled(pilot)
    while screen.is_busy:
        await settled(pilot)


def names(screen: BrowserScreen) -> list[str]:
    """Return the names of the runs in the table, from the top."""
    view = screen.runs.table.view
    rows = (view.frame.row(key) for key in view.run_ids())
    return [view.frame.infos[row].name for row in rows if row is not None]


async def wait_until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Wait for a condition that depends on a thread outside the screen's workers."""
    async with asyncio.timeout(20):
        while not holds():
            await pilot.pause()
    await pilot.pause()
