"""The commands: footer, palette, help and keymap are generated from them."""

from qtui.tui.commands import (
    artifacts,
    chart_zoom,
    charts,
    compare,
    compare_plots,
    cursor,
    details,
    dialogs,
    downloads,
    edits,
    everywhere,
    experiments,
    grid,
    runs,
    store,
)
from qtui.tui.commands.command import COMMANDS, Command
from qtui.tui.commands.host import CommandHost, OfferedCommand, command_hosts, offered_commands

__all__ = [
    "COMMANDS",
    "Command",
    "CommandHost",
    "OfferedCommand",
    "artifacts",
    "chart_zoom",
    "charts",
    "command_hosts",
    "compare",
    "compare_plots",
    "cursor",
    "details",
    "dialogs",
    "downloads",
    "edits",
    "everywhere",
    "experiments",
    "grid",
    "offered_commands",
    "runs",
    "store",
]
