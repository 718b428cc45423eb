"""Fixtures for the screen's tests: no blinking cursor, and a way to wait for the workers."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input
from textual.worker import WorkerCancelled

Settled = Callable[[Pilot[Any]], Awaitable[None]]


@pytest.fixture(autouse=True)
def no_blinking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the cursor of a field visible."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)


@pytest.fixture
def settled() -> Settled:
    """Return a function that waits until every worker has ended and every message is handled."""

    async def settle(pilot: Pilot[Any]) -> None:
        await pilot.pause()
        ending = [worker for worker in pilot.app.workers if worker.group not in ENDLESS and worker.is_running]
        if ending:  # none at all would mean every worker
            with contextlib.suppress(WorkerCancelled):
                await pilot.app.workers.wait_for_complete(ending)
        await pilot.pause()

    return settle


ENDLESS = frozenset({"default"})
"""Groups of workers that wait for the user: those behind an open dialog."""
