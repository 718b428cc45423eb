"""Everything a user can do: footer, palette, help and keymap are made of it."""

from qtui.tui.commands import charts, details, everywhere, experiments, grid, moving, runs, store, views
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
    "grid",
    "moving",
    "offers",
    "places",
    "runs",
    "store",
    "views",
]
