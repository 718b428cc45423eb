"""The commands: footer, palette, help and keymap are generated from them."""

from qtui.tui.commands import (
    artifacts,
    charts,
    details,
    dialogs,
    everywhere,
    experiments,
    grid,
    moving,
    runs,
    store,
    views,
)
from qtui.tui.commands.command import COMMANDS, Command
from qtui.tui.commands.host import CommandHost, OfferedCommand, command_hosts, offered_commands

__all__ = [
    "COMMANDS",
    "Command",
    "CommandHost",
    "OfferedCommand",
    "artifacts",
    "charts",
    "command_hosts",
    "details",
    "dialogs",
    "everywhere",
    "experiments",
    "grid",
    "moving",
    "offered_commands",
    "runs",
    "store",
    "views",
]
