"""The dialog that asks for a theme, with a preview."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.theme import Theme

from qtui.tui.options import AUTO
from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.choice_dialog import ChoiceDialog
from qtui.tui.themes import THEMES
from qtui.tui.widgets.row_list import RowList

OWN_THEMES = (AUTO, *THEMES)
NOTES = {
    AUTO: "follows the background and the colours of the terminal",
    "terminal": "the sixteen colours of the terminal itself",
}


class ThemeDialog(ChoiceDialog[str]):
    """Asks for a theme, and applies the highlighted one as a preview."""

    DEFAULT_CSS = """
    ThemeDialog { background: transparent; }
    """

    def __init__(self, available: Mapping[str, Theme], chosen: str) -> None:
        super().__init__("Theme", theme_choices(available), chosen=chosen)

    @on(RowList.RowHighlighted)
    def _preview(self) -> None:
        if self.current is not None:
            self.app.theme = self.current.value


def theme_choices(available: Mapping[str, Theme]) -> tuple[Choice[str], ...]:
    """Return a choice for every theme, our own first."""
    others = sorted(set(available) - set(OWN_THEMES))
    return tuple(_choice(available[name]) for name in (*OWN_THEMES, *others))


def _choice(theme: Theme) -> Choice[str]:
    kind = "dark" if theme.dark else "light"
    return Choice(theme.name, theme.name, NOTES.get(theme.name, kind), "" if theme.name in OWN_THEMES else "Textual's")
