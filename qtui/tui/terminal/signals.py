"""Exit on a signal: the terminal is restored, and the exit code is 128 plus the signal number."""

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

from qtui.tui.terminal.terminal_info import TerminalRestorer

EXIT_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT)

KEYBOARD_SIGNALS = (signal.SIGINT, signal.SIGQUIT)
"""Signals that the terminal sends to all programs in the foreground."""

EXIT_TIMEOUT_S = 2.0
"""Seconds that the app has to exit by itself."""


@contextlib.contextmanager
def exit_on_signals(app: App[Any], loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Exit the app on a signal. If it hangs, or on a second signal, end the process at once."""
    restorer = TerminalRestorer()
    is_exiting = threading.Event()

    def end_process(code: int) -> None:
        restorer.restore()
        os._exit(code)

    def exit_app(number: int, frame: FrameType | None) -> None:
        code = 128 + number
        if is_exiting.is_set():
            end_process(code)
        is_exiting.set()
        timer = threading.Timer(EXIT_TIMEOUT_S, end_process, [code])
        timer.daemon = True
        timer.start()
        loop.call_soon_threadsafe(lambda: app.exit(return_code=code))

    previous_handlers = {number: signal.signal(number, exit_app) for number in EXIT_SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous_handlers.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def keyboard_signals_ignored() -> Iterator[None]:
    """Ignore Ctrl-C in this process inside the `with`; programs that it starts get it as usual."""
    previous_handlers = {number: signal.signal(number, lambda *_: None) for number in KEYBOARD_SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous_handlers.items():
            signal.signal(number, handler)
