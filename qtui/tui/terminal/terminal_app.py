"""The part of the app that talks to the terminal; with this folder, the only code that uses Textual's private API."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from rich.color import ColorSystem
from textual import events
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter
from textual.worker import WorkerFailed

from qtui.tui.terminal import clipboard
from qtui.tui.terminal.ascii_filter import AsciiFilter
from qtui.tui.terminal.cell_cache import CellCache
from qtui.tui.terminal.driver import StoppableDriver
from qtui.tui.terminal.signals import keyboard_signals_ignored
from qtui.tui.terminal.terminal_images import TerminalImages
from qtui.tui.terminal.terminal_info import COLOURS_16, COLOURS_256, TRUECOLOR, TerminalInfo
from qtui.tui.terminal.type_ahead import TypeAheadApp
from qtui.tui.terminal.updates import minimal_update

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

T = TypeVar("T")

COLOUR_SYSTEMS = {
    COLOURS_16: ColorSystem.STANDARD,
    COLOURS_256: ColorSystem.EIGHT_BIT,
    TRUECOLOR: ColorSystem.TRUECOLOR,
}
"""Rich's colour system for every number of colours."""


class TerminalApp(TypeAheadApp):
    """An app that sends the terminal only changed cells, in the colours and characters that it can show."""

    def __init__(
        self,
        terminal: TerminalInfo,
        *,
        ascii_only: bool = False,
        images: TerminalImages | None = None,
        **options: Any,
    ) -> None:
        """Draw on a terminal with these properties; `ascii_only` draws in ASCII even if it can show more."""
        self.terminal = terminal
        self.crash: BaseException | None = None
        """The exception that ended the app; the caller reports it."""
        self.images = images or TerminalImages()
        """The images on the terminal, and the way to draw them."""
        self.keys: Mapping[str, str] = {}
        """The keys that the user has set, by command ID."""
        self._cell_cache = CellCache(self.images)
        self._ascii_filter = AsciiFilter(enabled=ascii_only or terminal.ascii_only)
        super().__init__(**options)
        self.console._color_system = COLOUR_SYSTEMS[terminal.colours]

    def get_driver_class(self) -> type[Driver]:
        """Return the driver of a terminal, or the one that the environment names."""
        driver_class = super().get_driver_class()
        return StoppableDriver if driver_class is LinuxDriver else driver_class

    @property
    def ascii_only(self) -> bool:
        """Whether everything is drawn in ASCII."""
        return self._ascii_filter.enabled

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the ASCII filter to those of Textual."""
        filters = super().get_line_filters()
        return [*filters, self._ascii_filter] if self._ascii_filter.enabled else filters

    def on_mount(self) -> None:
        """Handle the keys that were typed before the app started."""
        for event in XTermParser().feed(self.terminal.typed):
            self.post_message(event)

    def on_resize(self, event: events.Resize) -> None:
        """Redraw: the terminal may have reflowed or cleared the screen, even if its size is the same."""
        self._cell_cache.invalidate()
        if event.size == self.size:
            self.refresh(layout=True)

    def action_redraw(self) -> None:
        """Redraw every cell, after another program has written to the terminal."""
        self._cell_cache.invalidate()
        self.refresh(layout=True)

    def run_suspended(self, action: Callable[[], T]) -> T:
        """Give the terminal to an action until it ends, and return its result.

        Ctrl-C is for the programs that the action starts, not for qtui. Raise what the action raises, after the screen
        is back, or SuspendNotSupported.
        """
        result: T | None = None
        failure: BaseException | None = None
        with self.suspend(), keyboard_signals_ignored():
            # Textual would not restore the screen after an exception.
            try:
                result = action()
            except BaseException as error:
                failure = error
        self.action_redraw()
        if failure is not None:
            raise failure
        return cast(T, result)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text to the clipboard of the user's terminal."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(clipboard.copy_sequence(clipboard.strip_controls(text), os.environ))

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write the changed cells of an update to the terminal."""
        super()._display(screen, minimal_update(renderable, self._cell_cache))

    def _handle_exception(self, error: Exception) -> None:
        """Exit with code 1 and keep the exception, instead of printing a traceback as Textual does."""
        self.crash = self.crash or (error.error if isinstance(error, WorkerFailed) else error)
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Exit when the terminal cannot be read any more."""
        self._handle_exception(RuntimeError("The terminal could not be read any more."))
