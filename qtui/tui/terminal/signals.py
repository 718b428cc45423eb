"""How the screen ends when the process is told to end: the terminal is restored, the exit code names the signal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from textual.app import App

from qtui.tui.terminal.query import Restorer

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT)

GRACE = 2.0
"""Seconds that the app has to leave by itself."""


@contextlib.contextmanager
def ending_on_signals(app: App[Any], loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Let the app leave when a signal says so. If it hangs, or a second signal comes, the process ends at once."""
    restorer = Restorer()
    told = threading.Event()

    def give_up(code: int) -> None:
        restorer.restore()
        os._exit(code)

    def end(number: int, frame: FrameType | None) -> None:
        code = 128 + number
        if told.is_set():
            give_up(code)
        told.set()
        timer = threading.Timer(GRACE, give_up, [code])
        timer.daemon = True
        timer.start()
        loop.call_soon_threadsafe(lambda: app.exit(return_code=code))

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
