"""From the command line to the screen, and back. Nothing of Textual is imported before the terminal was asked."""

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
from qtui.tui.terminal import query as terminal

if TYPE_CHECKING:
    from textual.screen import Screen

    from qtui.recorder import Library
    from qtui.tui.app import QtuiApp


FIRST_SECONDS = 2.0
"""How long the collector of garbage waits: what is made by then, modules and widgets, stays."""


def run_screen(library: Library, options: Options) -> int:
    """Show a store until the user leaves, and give the exit code."""

    def browser() -> Screen[Any]:
        from qtui.tui.screens.browser import BrowserScreen

        return BrowserScreen(library, options)

    return run(browser, options)


def run(first_screen: Callable[[], Screen[Any]], options: Options) -> int:
    """Show a screen until the user leaves, and give the exit code."""
    terminal.check(os.environ)
    gc.disable()
    if not os.environ.get("NO_COLOR"):
        # An empty one asks for nothing, but Textual would obey it.
        os.environ.pop("NO_COLOR", None)
    state = State(state_dir())
    follows = (options.theme or state.theme or AUTO) == AUTO
    with terminal.BackgroundQuestion(os.environ, ask=follows) as question:
        from qtui.tui.app import QtuiApp

        about = question.answer()
    app = QtuiApp(first_screen, options, about, state)
    code = _until_left(app)
    if app.crash is not None:
        code = crash.report(app.crash)
    _abandon_threads(code)
    return code


def _until_left(app: QtuiApp) -> int:
    """Run the app in a loop of our own: closing that of `asyncio.run` would wait for threads that are still reading."""
    import asyncio

    from qtui.tui.terminal.signals import ending_on_signals

    loop = asyncio.new_event_loop()
    loop.call_later(FIRST_SECONDS, _collect_garbage)
    try:
        with ending_on_signals(app, loop):
            loop.run_until_complete(app.run_async())
    finally:
        loop.close()
    return app.return_code or 0


def _collect_garbage() -> None:
    """Look for garbage from now on, but never again among what was there before."""
    gc.freeze()
    gc.enable()


def _abandon_threads(code: int) -> None:
    """End the process if threads are still reading a store: nobody waits for what they read."""
    if any(not each.daemon and each is not threading.main_thread() for each in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            # The terminal may be gone: that it cannot be written to must not keep the process from ending.
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
