"""The command palette: every command by name, with its key, or with the reason why it does not work now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.screen import Screen

from qtui.tui import keymap
from qtui.tui.commands import OfferedCommand, offered_commands
from qtui.tui.commands.cursor import CURSOR_COMMANDS
from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.choice_dialog import ChoiceDialog


class PaletteScreen(ChoiceDialog[OfferedCommand]):
    """Asks which command of a screen to run."""

    DEFAULT_CSS = """
    PaletteScreen > #box { width: 96; }
    """

    def __init__(self, screen: Screen[Any], keys: Mapping[str, str]) -> None:
        """Offer the commands of a screen, those that move the cursor last; `keys` is the user's keymap."""
        offered = sorted(offered_commands(screen), key=lambda offer: offer.command in CURSOR_COMMANDS)
        super().__init__("Commands", [choice_for(offer, keys) for offer in offered], placeholder="a command")


def choice_for(offered: OfferedCommand, keys: Mapping[str, str]) -> Choice[OfferedCommand]:
    """Return the entry of a command."""
    command = offered.command
    key = keymap.format_key_name(keymap.keys_of(command.ID, keys)[0])
    return Choice(offered, command.TITLE, note=command.HELP, detail=key, why_not=offered.why_not)
