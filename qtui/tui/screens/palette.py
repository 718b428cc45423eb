"""The palette: every command by name, with its key, or why it does not work now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.screen import Screen

from qtui.tui import keymap
from qtui.tui.commands import Offer, offers
from qtui.tui.commands.moving import MOVES
from qtui.tui.present.choices import Choice
from qtui.tui.screens.choice_dialog import ChoiceDialog


class PaletteScreen(ChoiceDialog[Offer]):
    """Asks which command of a screen to run."""

    DEFAULT_CSS = """
    PaletteScreen > #box { width: 96; }
    """

    def __init__(self, screen: Screen[Any], keys: Mapping[str, str]) -> None:
        known = sorted(offers(screen), key=lambda each: each.command in MOVES)
        super().__init__("Commands", [choice(each, keys) for each in known], placeholder="what to do")


def choice(offer: Offer, keys: Mapping[str, str]) -> Choice[Offer]:
    """An offer as a line of the palette."""
    command = offer.command
    key = keymap.written(keymap.keys_of(command.id(), keys)[0])
    return Choice(offer, command.title(), note=command.help(), detail=key, why_not=offer.why_not)
