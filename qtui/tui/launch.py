"""The way from the command line to the app and back; Textual is imported only after the terminal was queried."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from qtui import crash
from qtui.settings import state_dir
from qtui.tui.options import AUTO, Options
from qtui.tui.state import State
from qtui.tui.terminal import terminal_info

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from textual.screen import Screen

    from qtui.recorder import Library
    from qtui.tui.app import QtuiApp


GC_DELAY_S, MAX_GC_DELAY_S = 2.0, 20.0
"""Seconds without garbage collection at the start, and at most while the first runs are loaded."""

SWITCH_INTERVAL_S = 0.001
"""Seconds for which a reading thread may keep the interpreter from the event loop."""


def run_screen(library: Library, options: Options) -> int:
    """Show a store until the user quits, and return the exit code."""

    def browser() -> Screen[Any]:
        from qtui.tui.screens.browser import BrowserScreen

        return BrowserScreen(library, options)

    return run(browser, options)


def run(first_screen: Callable[[], Screen[Any]], options: Options) -> int:
    """Show a screen until the user quits, and return the exit code."""
    terminal_info.require_terminal(os.environ)
    gc.disable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if not os.environ.get("NO_COLOR"):
        # An empty NO_COLOR means colour, but Textual only checks whether it is set.
        os.environ.pop("NO_COLOR", None)
    state = State(state_dir())
    follows_terminal = (options.theme or state.theme or AUTO) == AUTO
    with terminal_info.BackgroundQuery(os.environ, ask=follows_terminal) as query:
        from qtui.tui.app import QtuiApp

        terminal = query.answer()
    app = QtuiApp(first_screen, options, terminal, state)
    code = _run_app(app)
    if app.crash is not None:
        code = crash.report(app.crash)
    _exit_without_joining_threads(code)
    return code


def _run_app(app: QtuiApp) -> int:
    """Run the app in our own event loop: `asyncio.run` would wait at its end for threads that still read a store."""
    import asyncio

    from qtui.tui.terminal.signals import exit_on_signals

    loop = asyncio.new_event_loop()
    loop.call_later(GC_DELAY_S, _start_garbage_collection, app, loop, loop.time() + MAX_GC_DELAY_S)
    try:
        with exit_on_signals(app, loop):
            loop.run_until_complete(app.run_async())
    finally:
        loop.close()
    return app.return_code or 0


def _start_garbage_collection(app: QtuiApp, loop: AbstractEventLoop, deadline: float) -> None:
    """Enable garbage collection for objects created after the first load: modules, widgets and runs stay."""
    if loop.time() < deadline and any(worker.is_running for worker in app.workers):
        loop.call_later(GC_DELAY_S, _start_garbage_collection, app, loop, deadline)
        return
    gc.freeze()
    gc.enable()


def _exit_without_joining_threads(code: int) -> None:
    """End the process at once if threads still read a store: their results are not needed."""
    if any(not thread.daemon and thread is not threading.main_thread() for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            # The terminal may be gone; the process must end nevertheless.
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
