"""The app: theme, keymap, first screen, and what is the same on every screen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from textual import events, on, work
from textual._xterm_parser import XTermParser
from textual.filter import LineFilter
from textual.worker import WorkerFailed

from qtui import crash
from qtui.errors import QtuiError
from qtui.figures import size
from qtui.text import display
from qtui.tui import keymap, themes
from qtui.tui.commands import Place
from qtui.tui.commands.everywhere import Help, Palette, Quit, Redraw, Suspend, SwitchTheme
from qtui.tui.messages import CopyExport, CopyText, DialogRequest, SaveFile
from qtui.tui.options import AUTO, Options
from qtui.tui.state import State
from qtui.tui.terminal import clipboard
from qtui.tui.terminal.ascii import AsciiOnly
from qtui.tui.terminal.cell_cache import Shown
from qtui.tui.terminal.query import COLOURS_16, COLOURS_256, TRUECOLOR, Terminal
from qtui.tui.terminal.type_ahead import TypeAhead
from qtui.tui.terminal.updates import spared

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from qtui.tui.screens.saving import SaveTarget

COLOUR_SYSTEMS = {
    COLOURS_16: ColorSystem.STANDARD,
    COLOURS_256: ColorSystem.EIGHT_BIT,
    TRUECOLOR: ColorSystem.TRUECOLOR,
}
"""What Rich calls a number of colours."""


class QtuiApp(Place, TypeAhead, inherit_bindings=False):
    """The full-screen program; a `return_code` other than 0 says that it was ended from outside or broke."""

    PLACE = "Everywhere"
    OFFERS = (Help, Palette, SwitchTheme, Redraw, Suspend, Quit)
    CSS_PATH = "app.tcss"
    TITLE = "qtui"
    ENABLE_COMMAND_PALETTE = False
    PAUSE_GC_ON_SCROLL = True

    def __init__(
        self,
        first_screen: Callable[[], Screen[Any]],
        options: Options | None = None,
        terminal: Terminal | None = None,
        state: State | None = None,
    ) -> None:
        """Show this screen, as options and terminal want it; without a state nothing is remembered."""
        self.options = options or Options()
        self.terminal = terminal or Terminal()
        self.state = state or State()
        self.crash: BaseException | None = None
        """What broke the app, for its caller to report."""
        self._first_screen = first_screen
        self._shown = Shown()
        self._ascii = AsciiOnly(enabled=self.options.ascii_only or self.terminal.ascii_only)
        without_colour = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=True if without_colour else None)
        self.console._color_system = COLOUR_SYSTEMS[self.terminal.colours]
        for theme in themes.themes_for(dark=self.terminal.dark, colours=self.terminal.colours):
            self.register_theme(theme)
        wanted = themes.TERMINAL.name if without_colour else self.options.theme or self.state.theme
        self.theme = wanted if wanted in self.available_themes else AUTO
        self.keys, self._wrong_keys = keymap.resolve(self.options.keys)
        self.set_keymap(self.keys)

    @property
    def ascii_only(self) -> bool:
        """Whether the terminal shows nothing but ASCII."""
        return self._ascii.enabled

    def get_default_screen(self) -> Screen[Any]:
        """The first screen."""
        return self._first_screen()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of ours that Textual's own themes do not know."""
        return themes.defaults(dark=self.current_theme.dark)

    def watch_theme(self, theme: str) -> None:
        """Draw edges around dialogs in a theme whose surfaces have the colour of the background."""
        chosen = self.available_themes[theme]
        self.set_class(chosen.ansi or chosen.surface == chosen.background, "-flat")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line goes through on its way to the terminal."""
        filters = super().get_line_filters()
        return [*filters, self._ascii] if self._ascii.enabled else filters

    def on_mount(self) -> None:
        """Tell the user what has to be told, and take the keys that were typed before the screen was there."""
        notices = [*self._wrong_keys, *([self.terminal.notice] if self.terminal.notice else [])]
        if notices:
            self.say("\n".join(notices), severity="warning")
        for event in XTermParser().feed(self.terminal.typed):
            self.post_message(event)

    def say(self, text: str, *, severity: SeverityLevel = "information") -> None:
        """Tell the user something, for a few seconds."""
        self.clear_notifications()
        self.notify(display(text, one_line=False), severity=severity, markup=False)

    def copy(self, text: str, what: str) -> None:
        """Put a text into the clipboard of the user's terminal, and say so."""
        self.copy_to_clipboard(text)
        whole = "" if clipboard.fits(text) else ", only its beginning: it is too long for a terminal's clipboard"
        self.say(f"Copied {what}{whole}.")

    def copy_to_clipboard(self, text: str) -> None:
        """Put a text into the clipboard of the user's terminal."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(clipboard.sequence(clipboard.pasteable(text), os.environ))

    @on(CopyText)
    def _copy_text(self, message: CopyText) -> None:
        self.copy(message.text, message.what)

    @on(DialogRequest)
    def _open_dialog(self, request: DialogRequest[Any]) -> None:
        from qtui.tui.screens.dialogs import dialog_for

        def call_back(answer: Any) -> None:
            if answer is not None:
                request.on_answer(answer)
            elif request.on_cancel is not None:
                request.on_cancel()

        self.push_screen(dialog_for(request), call_back)

    @on(CopyExport)
    @work(group="export")
    async def _copy_export(self, message: CopyExport) -> None:
        text = await self._make_text(message.make_text)
        if text is None:
            return
        if clipboard.fits(text):
            self.copy(text, message.what)
        else:
            amount, limit = size(len(text.encode("utf-8", "replace"))), size(clipboard.LIMIT)
            self.say(f"{amount} do not fit the terminal's clipboard, which takes {limit}: write a file instead.")

    @on(SaveFile)
    def _ask_where_to_save(self, message: SaveFile) -> None:
        from qtui.tui.screens.save_dialog import SaveDialog
        from qtui.tui.screens.saving import suggest_file_name

        def save(target: SaveTarget | None) -> None:
            if target is not None:
                self._save_file(message, target)

        self.push_screen(SaveDialog(message.title, suggest_file_name(message.name, message.suffix)), save)

    @work(group="export")
    async def _save_file(self, message: SaveFile, target: SaveTarget) -> None:
        from qtui.tui.screens.saving import save_file

        def make_and_save() -> str:
            data = message.make_text().encode("utf-8", "backslashreplace")
            save_file(target, data)
            return f"Saved {message.what} to {target.path} ({size(len(data))})."

        notice = await self._make_text(make_and_save)
        if notice is not None:
            self.say(notice)

    async def _make_text(self, make: Callable[[], str]) -> str | None:
        """Call a function in a thread; say why it failed, and return None then."""
        try:
            return await asyncio.to_thread(make)
        except Exception as error:
            self.say(str(error) if isinstance(error, QtuiError) else crash.kept(error), severity="error")
            return None

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key or a click asks for; when it makes no sense now, say why."""
        place = default_namespace if isinstance(default_namespace, Place) else self
        reason = place.why_not(action) if isinstance(action, str) else None
        if reason:
            self.say(reason, severity="warning")
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write an update to the terminal, but no more of it than is different from what is shown."""
        super()._display(screen, spared(renderable, self._shown))

    def on_resize(self, event: events.Resize) -> None:
        """Redraw: the terminal may have reflowed the screen, or have lost it although its size is the same again."""
        self._shown.forget()
        if event.size == self.size:
            self.refresh(layout=True)

    def action_redraw(self) -> None:
        """Draw everything anew, for something else has written to the terminal."""
        self._shown.forget()
        self.refresh(layout=True)

    def _handle_exception(self, error: Exception) -> None:
        """Leave the screen when something broke; the report is made by the caller, after the terminal is restored."""
        self.crash = self.crash or (error.error if isinstance(error, WorkerFailed) else error)
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Leave the screen when the driver broke, without the traceback that Textual would print."""
        self._handle_exception(RuntimeError("The terminal could not be read any more."))

    def action_help(self) -> None:
        """Show the keys."""
        from qtui.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen, self.keys))

    @work
    async def action_palette(self) -> None:
        """Let the user find a command by name, and do it."""
        from qtui.tui.screens.palette import PaletteScreen

        offer = await self.push_screen_wait(PaletteScreen(self.screen, self.keys))
        if offer is not None:
            await self.run_action(offer.command.action(), offer.place)

    @work
    async def action_switch_theme(self) -> None:
        """Let the user choose a theme, and remember it."""
        from qtui.tui.screens.theme_dialog import ThemeDialog

        before = self.theme
        name = await self.push_screen_wait(ThemeDialog(self.available_themes, before))
        self.theme = name or before
        if name is not None:
            self.state.theme = name
