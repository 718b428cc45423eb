"""The app: theme, key bindings, first screen, and everything that is the same on every screen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual import on, work

from qtui import crash
from qtui.errors import QtuiError
from qtui.formatting import format_size
from qtui.text import display
from qtui.tui import keymap, themes
from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import Help, Palette, Quit, Redraw, Suspend, SwitchTheme
from qtui.tui.messages import CopyExport, CopyText, DialogRequest, SaveFile, ShowPlots, ShowValue
from qtui.tui.options import AUTO, Options
from qtui.tui.state import State
from qtui.tui.terminal import clipboard
from qtui.tui.terminal.image_mode import current_image_choice
from qtui.tui.terminal.terminal_app import TerminalApp
from qtui.tui.terminal.terminal_images import TerminalImages
from qtui.tui.terminal.terminal_info import TerminalInfo

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from qtui.tui.screens.saving import SaveTarget


class QtuiApp(CommandHost, TerminalApp, inherit_bindings=False):
    """The full-screen program; a `return_code` other than 0 means that a signal or an error ended it."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (Help, Palette, SwitchTheme, Redraw, Suspend, Quit)
    CSS_PATH = "app.tcss"
    TITLE = "qtui"
    ENABLE_COMMAND_PALETTE = False
    PAUSE_GC_ON_SCROLL = True

    def __init__(
        self,
        first_screen: Callable[[], Screen[Any]],
        options: Options | None = None,
        terminal: TerminalInfo | None = None,
        state: State | None = None,
    ) -> None:
        """Show this screen on this terminal; without a state nothing is remembered after the app has ended."""
        self.options = options or Options()
        self.state = state or State()
        self._first_screen = first_screen
        no_colour = bool(os.environ.get("NO_COLOR"))
        terminal = terminal or TerminalInfo()
        has_no_images = no_colour or self.options.ascii_only or terminal.ascii_only
        super().__init__(
            terminal,
            ascii_only=self.options.ascii_only,
            images=TerminalImages(current_image_choice("off" if has_no_images else self.options.images)),
            ansi_color=True if no_colour else None,
        )
        for theme in themes.themes_for(dark=self.terminal.dark, colours=self.terminal.colours):
            self.register_theme(theme)
        theme_name = themes.TERMINAL.name if no_colour else self.options.theme or self.state.theme
        self.theme = theme_name if theme_name in self.available_themes else AUTO
        keys, self._keymap_problems = keymap.resolve(self.options.keys)
        self.keys = keys
        self.set_keymap(keys)

    def get_default_screen(self) -> Screen[Any]:
        """Return the first screen."""
        return self._first_screen()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our own colours, for the themes of Textual that do not define them."""
        return themes.defaults(dark=self.current_theme.dark)

    def watch_theme(self, theme: str) -> None:
        """Draw borders around dialogs in a theme whose surfaces have the colour of the background."""
        chosen = self.available_themes[theme]
        self.set_class(chosen.ansi or chosen.surface == chosen.background, "-flat")

    def on_mount(self) -> None:
        """Show the warnings about the settings and the terminal."""
        notices = [*self._keymap_problems, *([self.terminal.notice] if self.terminal.notice else [])]
        if notices:
            self.show_notice("\n".join(notices), severity="warning")

    def show_notice(self, text: str, *, severity: SeverityLevel = "information") -> None:
        """Show a notice for a few seconds, instead of the one before."""
        self.clear_notifications()
        self.notify(display(text, one_line=False), severity=severity, markup=False)

    def copy(self, text: str, what: str) -> None:
        """Copy a text to the clipboard and show a notice; `what` names the text."""
        self.copy_to_clipboard(text)
        suffix = "" if clipboard.fits(text) else ", only its start: it is too long for the terminal's clipboard"
        self.show_notice(f"Copied {what}{suffix}.")

    @on(CopyText)
    def _copy_text(self, message: CopyText) -> None:
        self.copy(message.text, message.what)

    @on(ShowValue)
    def _show_value(self, message: ShowValue) -> None:
        from qtui.tui.screens.value import ValueScreen

        self.push_screen(ValueScreen(message.key, message.value, message.other))

    @on(ShowPlots)
    def _show_plots(self, message: ShowPlots) -> None:
        from qtui.tui.screens.plots import PlotsScreen

        self.push_screen(PlotsScreen(message.title, message.plots))

    @on(DialogRequest)
    def _open_dialog(self, request: DialogRequest[Any]) -> None:
        from qtui.tui.screens.dialogs.requested_dialog import dialog_for

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
            amount, limit = (
                format_size(len(text.encode("utf-8", "replace"))),
                format_size(clipboard.MAX_CLIPBOARD_BYTES),
            )
            self.show_notice(
                f"{amount} do not fit the terminal's clipboard, which takes {limit}: write a file instead."
            )

    @on(SaveFile)
    def _ask_where_to_save(self, message: SaveFile) -> None:
        from qtui.tui.screens.dialogs.save_dialog import SaveDialog
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
            return f"Saved {message.what} to {target.path} ({format_size(len(data))})."

        notice = await self._make_text(make_and_save)
        if notice is not None:
            self.show_notice(notice)

    async def _make_text(self, make: Callable[[], str]) -> str | None:
        """Call a function in a thread; say why it failed, and return None then."""
        try:
            return await asyncio.to_thread(make)
        except Exception as error:
            self.show_notice(str(error) if isinstance(error, QtuiError) else crash.save_report(error), severity="error")
            return None

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run the action of a key or a click; if its command does not work now, show the reason."""
        host = default_namespace if isinstance(default_namespace, CommandHost) else self
        reason = host.why_not(action) if isinstance(action, str) else None
        if reason:
            self.show_notice(reason, severity="warning")
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def action_help(self) -> None:
        from qtui.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen, self.keys))

    @work
    async def action_palette(self) -> None:
        """Let the user find a command by name, and run it."""
        from qtui.tui.screens.dialogs.palette import PaletteScreen

        offered = await self.push_screen_wait(PaletteScreen(self.screen, self.keys))
        if offered is not None:
            await self.run_action(offered.command.ACTION, offered.host)

    @work
    async def action_switch_theme(self) -> None:
        """Let the user choose a theme, and remember it."""
        from qtui.tui.screens.dialogs.theme_dialog import ThemeDialog

        theme_before = self.theme
        name = await self.push_screen_wait(ThemeDialog(self.available_themes, theme_before))
        self.theme = name or theme_before
        if name is not None:
            self.state.theme = name
