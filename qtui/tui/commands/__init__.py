"""Everything a user can do: footer, palette, help and keymap are made of it."""

from qtui.tui.commands import charts, details, everywhere, experiments, moving, runs, store
from qtui.tui.commands.command import COMMANDS, Command
from qtui.tui.commands.place import Offer, Place, offers, places

__all__ = [
    "COMMANDS",
    "Command",
    "Offer",
    "Place",
    "charts",
    "details",
    "everywhere",
    "experiments",
    "moving",
    "offers",
    "places",
    "runs",
    "store",
]
