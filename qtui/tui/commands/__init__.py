"""The commands: footer, palette, help and keymap are generated from them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from qtui.tui.commands.command import IMPORTED_COMMANDS, Command
from qtui.tui.commands.host import CommandHost, OfferedCommand, command_hosts, offered_commands

__all__ = [
    "Command",
    "CommandHost",
    "OfferedCommand",
    "all_commands",
    "command_by_id",
    "command_hosts",
    "offered_commands",
]


def all_commands() -> Mapping[str, type[Command[Any]]]:
    """Import the commands of every host, and return them by ID."""
    from pkgutil import iter_modules

    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return IMPORTED_COMMANDS


def command_by_id(command_id: str) -> type[Command[Any]]:
    """Return a command. Only one whose host was not imported yet needs the import of all commands."""
    return IMPORTED_COMMANDS.get(command_id) or all_commands()[command_id]
