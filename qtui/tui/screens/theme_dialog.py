"""The choice of a theme, tried on while the cursor moves."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.theme import Theme

from qtui.tui.options import AUTO
from qtui.tui.present.choices import Choice
from qtui.tui.screens.choice_dialog import ChoiceDialog
from qtui.tui.themes import THEMES
from qtui.tui.widgets.choice_list import ChoiceList

OURS = (AUTO, *THEMES)
NOTES = {
    AUTO: "follows the background and the colours of the terminal",
    "terminal": "the sixteen colours of the terminal itself",
}


class ThemeDialog(ChoiceDialog[str]):
    """Asks for a theme, and shows each on the screen while it is under the cursor."""

    DEFAULT_CSS = """
    ChooseTheme { background: transparent; }
    """

    def __init__(self, available: Mapping[str, Theme], chosen: str) -> None:
        super().__init__("Theme", choices(available), chosen=chosen)

    @on(ChoiceList.Highlighted)
    def _try_on(self, event: ChoiceList.Highlighted) -> None:
        if event.choice is not None:
            self.app.theme = event.choice.value


def choices(available: Mapping[str, Theme]) -> tuple[Choice[str], ...]:
    """Every theme to choose from, ours first."""
    others = sorted(set(available) - set(OURS))
    return tuple(_choice(available[name]) for name in (*OURS, *others))


def _choice(theme: Theme) -> Choice[str]:
    kind = "dark" if theme.dark else "light"
    return Choice(theme.name, theme.name, NOTES.get(theme.name, kind), "" if theme.name in OURS else "Textual's")
