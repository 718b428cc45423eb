"""Common parts of all screens: keys, palette, help, footer, themes, the clipboard."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from qtui.plot.pieces import Piece
from qtui.settings import load
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import Refresh
from qtui.tui.options import Options
from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.choice_dialog import ChoiceDialog
from qtui.tui.screens.dialogs.confirm_dialog import ConfirmDialog
from qtui.tui.screens.dialogs.dialog import Dialog
from qtui.tui.screens.dialogs.multi_choice_dialog import MultiChoiceDialog
from qtui.tui.screens.dialogs.palette import PaletteScreen
from qtui.tui.screens.dialogs.text_dialog import TextDialog
from qtui.tui.screens.dialogs.theme_dialog import ThemeDialog
from qtui.tui.screens.help import HelpScreen
from qtui.tui.state import State
from qtui.tui.terminal.terminal_info import TerminalInfo
from qtui.tui.widgets.footer import Footer
from qtui.tui.widgets.hint import Hint
from qtui.tui.widgets.pane import Pane
from qtui.tui.widgets.row_list import FocusableList
from tests.ui.frame import EmptyPane, FormPane, FrameScreen, frame_app
from tests.ui.hosts import text_of


class Outer(Pane):
    """Two lists without headings."""

    HEADING = "Outer"

    def compose(self) -> ComposeResult:
        yield FocusableList[str](lambda row, _: [Piece(row)])
        yield FocusableList[str](lambda row, _: [Piece(row)])


class OuterScreen(CommandHost, Screen[None]):
    """A screen with that pane alone."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (Refresh,)

    def compose(self) -> ComposeResult:
        yield Outer()
        yield Footer()


def footer_text(app) -> str:
    return str(app.screen.query_one(Footer).render())


async def test_a_key_does_what_its_command_says() -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        await pilot.press("s", "h")
        assert app.screen.query_one(FormPane).calls == ["submit", "hide"]


async def test_the_footer_shows_the_keys_that_work_now_and_no_others() -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert footer_text(app) == "s submit   h hide   ? keys"
        app.screen.query_one(FormPane).is_valid = False
        app.screen.refresh_bindings()
        await pilot.pause()
        assert footer_text(app) == "h hide   ? keys"
        app.screen.query_one(EmptyPane).focus()
        await pilot.pause()
        assert footer_text(app) == "/ filter   ? keys"


async def test_open_is_offered_only_on_a_row() -> None:
    app = QtuiApp(OuterScreen)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert footer_text(app) == "? keys"
        app.screen.query(FocusableList).first().set_rows(["one"])
        await pilot.pause()
        assert footer_text(app) == "enter open   ? keys"


async def test_the_key_of_a_command_that_is_off_says_why() -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        app.screen.query_one(FormPane).is_valid = False
        await pilot.press("s")
        assert [notification.message for notification in app._notifications] == ["The form is not valid."]
        assert app.screen.query_one(FormPane).calls == []


async def test_a_click_on_the_footer_presses_the_key() -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.click(Footer, offset=(13, 0))
        assert app.screen.query_one(FormPane).calls == ["hide"]


async def test_the_palette_runs_a_command_of_a_pane_without_the_focus() -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        app.screen.query_one(EmptyPane).focus()
        await pilot.press(":")
        assert isinstance(app.screen, PaletteScreen)
        await pilot.press(*"hide", "enter")
        await pilot.pause()
        assert app.screen.query_one(FormPane).calls == ["hide"]


async def test_the_palette_says_why_a_command_is_off_and_does_not_run_it() -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        form = app.screen.query_one(FormPane)
        form.is_valid = False
        await pilot.press("ctrl+p", *"submit", "enter")
        assert isinstance(app.screen, PaletteScreen)
        current = app.screen.current
        assert current is not None and current.why_not == "The form is not valid."
        await pilot.press("escape")
        assert form.calls == []


async def test_the_help_starts_with_the_focused_host() -> None:
    app = frame_app()
    async with app.run_test(size=(100, 40)) as pilot:
        app.screen.query_one(EmptyPane).focus()
        await pilot.press("?")
        assert isinstance(app.screen, HelpScreen)
        headings = [
            line
            for line in str(app.screen.query_one("#page", Static).content).splitlines()
            if line in ("Empty", "Form", "Everywhere")
        ]
        assert headings == ["Empty", "Everywhere", "Form"]
        await pilot.press("escape")
        assert isinstance(app.screen, FrameScreen)


async def test_commands_of_a_host_without_heading_are_listed_under_its_parent_and_cursor_commands_last() -> None:
    app = QtuiApp(OuterScreen)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("?")
        lines = [line for line in str(app.screen.query_one("#page", Static).content).splitlines() if line]
        assert lines[0] == "Outer"
        assert lines.index("Outer") < lines.index("Everywhere") < lines.index("Moving")
        assert len([line for line in lines if line.startswith("j ")]) == 1
        assert lines[lines.index("Moving") + 1].startswith("j ")


async def test_the_help_is_closed_by_the_mouse_too() -> None:
    app = frame_app()
    async with app.run_test(size=(100, 40)) as pilot:
        for where, offset in ((Hint, (28, 1)), (None, (1, 1))):
            await pilot.press("?")
            await pilot.pause()
            await pilot.click(where, offset=offset)
            await pilot.pause()
            assert isinstance(app.screen, FrameScreen)


async def test_keys_of_the_settings_replace_the_default_ones() -> None:
    app = frame_app(Options(keys={"hide": "f5,x"}))
    async with app.run_test() as pilot:
        await pilot.press("h", "x", "f5")
        assert app.screen.query_one(FormPane).calls == ["hide", "hide"]
        assert "f5 hide" in footer_text(app)


async def test_keys_of_the_settings_close_the_help_too() -> None:
    app = frame_app(Options(keys={"back": "f6", "close-screen": "x", "help": "f2"}))
    async with app.run_test() as pilot:
        for key in ("f6", "x", "f2"):
            await pilot.press("f2")
            assert isinstance(app.screen, HelpScreen)
            await pilot.press(key)
            assert isinstance(app.screen, FrameScreen), key
        await pilot.press("f2", "q", "escape")
        assert isinstance(app.screen, HelpScreen)


@pytest.mark.parametrize("dialog", [TextDialog("Name"), ConfirmDialog("Delete?", ""), ChoiceDialog("Fruit", [])])
async def test_keys_of_the_settings_close_every_dialog(tmp_path: Path, dialog: Dialog[Any]) -> None:
    path = tmp_path / "qtui" / "config.toml"
    path.parent.mkdir()
    path.write_text('[keys]\nback = "f6"\nquit = "f4"\n')
    app = frame_app(Options.from_settings(load({"XDG_CONFIG_HOME": str(tmp_path)})))
    async with app.run_test() as pilot:
        app.push_screen(dialog)
        await pilot.press("escape")
        assert app.screen is dialog
        await pilot.press("f6")
        assert isinstance(app.screen, FrameScreen)
        app.push_screen(ConfirmDialog("Delete?", ""))
        await pilot.press("f4")
        assert app._exit


async def test_keys_of_the_settings_reach_the_commands_of_dialogs() -> None:
    app = frame_app(Options(keys={"mark-choice": "f7", "answer-yes": "j", "mark-all-choices": "f8", "back": "f6"}))
    async with app.run_test(size=(100, 40)) as pilot:
        answers: list[object] = []
        app.push_screen(MultiChoiceDialog("Fruit", [Choice("a", "apple"), Choice("p", "pear")]), answers.append)
        await pilot.pause()
        assert "f7 mark" in text_of(app) and "f8 all" in text_of(app) and "f6 cancel" in text_of(app)
        await pilot.press("ctrl+a", "f7", "enter")
        app.push_screen(ConfirmDialog("Delete?", "", needs_yes=True), answers.append)
        await pilot.pause()
        assert "j yes" in text_of(app)
        await pilot.press("y", "j")
        assert answers == [("a",), True]


async def test_the_help_lists_the_commands_of_dialogs() -> None:
    app = frame_app(Options(keys={"mark-choice": "f7"}))
    async with app.run_test(size=(100, 100)) as pilot:
        await pilot.press("?")
        await pilot.pause()
        assert re.search(r"f7 +Mark or unmark a choice.* mark-choice", text_of(app))


async def test_invalid_keys_in_the_settings_are_reported() -> None:
    app = frame_app(Options(keys={"hdie": "f5", "submit": "ctl+y"}))
    async with app.run_test() as pilot:
        await pilot.pause()
        [message] = [notification.message for notification in app._notifications]
        assert "there is no command 'hdie'. Did you mean 'hide'?" in message
        assert "'ctl+y' for 'submit' is not a key" in message


async def test_a_theme_is_previewed_on_the_screen_below_chosen_and_remembered(tmp_path) -> None:
    app = frame_app(state=State(tmp_path))
    async with app.run_test() as pilot:
        await pilot.press("ctrl+t", *"sand")
        await pilot.pause()
        assert app.theme == "sand"
        assert isinstance(app.screen, ThemeDialog) and app.screen.styles.background.is_transparent
        await pilot.press("enter")
        await pilot.pause()
    assert State(tmp_path).theme == "sand"


async def test_a_cancelled_theme_preview_restores_the_theme() -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+t", *"sand")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert app.theme == "auto"


@pytest.mark.parametrize(("dark", "expected"), [(True, "#14171c"), (False, "#fbfaf8")])
async def test_the_automatic_theme_follows_the_terminal(dark: bool, expected: str) -> None:
    app = frame_app(terminal=TerminalInfo(dark=dark))
    async with app.run_test():
        assert app.theme_variables["background"].lower() == expected


async def test_copying_sends_the_text_to_the_terminal_without_what_could_act_in_a_shell() -> None:
    app = frame_app()
    async with app.run_test():
        sent: list[str] = []
        app._driver.write = sent.append
        app.copy("naïve\x1b[201~rm\r\n", "the value")
        [sequence] = [text for text in sent if text.startswith("\x1b]52;c;")]
        assert base64.b64decode(sequence[7:-1]).decode() == "naïve[201~rm\n"
