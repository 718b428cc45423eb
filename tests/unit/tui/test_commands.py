"""Every host has the attributes that its commands read, and every command has a name, a key and an action."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import fields
from typing import Any, ClassVar, Protocol, get_args, get_origin

import pytest

from qtui import tui
from qtui.plot.curves.chart_options import ChartOptions
from qtui.tui import keymap
from qtui.tui.commands import Command, CommandHost, all_commands, command_by_id
from qtui.tui.commands.command import IMPORTED_COMMANDS
from qtui.tui.present.compare.comparison_grid import GridOptions


def hosts() -> list[type[CommandHost]]:
    for info in pkgutil.walk_packages(tui.__path__, "qtui.tui."):
        importlib.import_module(info.name)
    classes: list[type[CommandHost]] = [CommandHost]
    for cls in classes:
        classes += [subclass for subclass in cls.__subclasses__() if subclass not in classes]
    return [cls for cls in classes if cls.__module__.startswith("qtui.") and cls.__dict__.get("OWN_COMMANDS")]


PAIRS = [(host, command) for host in hosts() for command in host.OWN_COMMANDS]


def protocol_of(command: type[Command[Any]]) -> type | None:
    """Return the type argument of Command in the bases of a command, unless it is Any."""
    for cls in command.__mro__:
        for base in getattr(cls, "__orig_bases__", ()):
            if get_origin(base) is Command and isinstance(get_args(base)[0], type):
                return get_args(base)[0]
    return None


def members_of(protocol: type) -> set[str]:
    classes = [cls for cls in protocol.__mro__ if cls is not Protocol and issubclass(cls, Protocol)]
    names = {name for cls in classes for name in (*vars(cls), *getattr(cls, "__annotations__", ()))}
    return {name for name in names if not name.startswith("_")}


def has_member(host: type, name: str) -> bool:
    if hasattr(host, name):
        return True
    sources = [inspect.getsource(cls) for cls in host.__mro__ if cls.__module__.startswith("qtui.")]
    return any(f"self.{name} =" in source or f"self.{name}: " in source for source in sources)


@pytest.mark.parametrize(("host", "command"), PAIRS, ids=lambda cls: cls.__name__)
def test_every_host_has_what_its_commands_read(host: type[CommandHost], command: type[Command[Any]]) -> None:
    protocol = protocol_of(command)
    if protocol is not None:
        assert [name for name in sorted(members_of(protocol)) if not has_member(host, name)] == []


@pytest.mark.parametrize(("host", "command"), PAIRS, ids=lambda cls: cls.__name__)
def test_every_host_has_the_method_that_a_command_calls(host: type[CommandHost], command: type[Command[Any]]) -> None:
    name = command.CALL[0] if command.CALL else f"action_{command.ACTION}"
    assert has_member(host, name.partition(".")[0]), name


def test_every_option_that_a_command_toggles_exists() -> None:
    options = {field.name for cls in (ChartOptions, GridOptions) for field in fields(cls) if field.type == "bool"}
    toggled = {command.CALL[1] for _, command in PAIRS if command.CALL[:1] == ("toggle_option",)}
    assert toggled and toggled <= options


def test_a_command_calls_a_method_of_its_host_with_arguments() -> None:
    class Step(Command[Any], keys="f12", text="step", call=("moves.append", 3)):
        """Go a step."""

    class Mover(CommandHost):
        OWN_COMMANDS = (Step,)
        moves: ClassVar[list[int]] = []

    Mover.action_step(Mover)
    del IMPORTED_COMMANDS[Step.ID]
    assert Mover.moves == [3]


def test_every_command_has_a_title_a_help_and_keys_that_exist() -> None:
    for command_id, command in all_commands().items():
        assert command_id == command.ID and command.TITLE and command.HELP and command.TEXT
        assert keymap.resolve({command_id: command.KEYS}) == ({command_id: command.KEYS}, ())


def test_commands_with_one_id_have_the_same_keys() -> None:
    for _, command in PAIRS:
        assert command.KEYS == command_by_id(command.ID).KEYS


@pytest.mark.parametrize(("old", "new"), keymap.RENAMED_IDS.items())
def test_command_ids_of_earlier_versions_are_accepted(old: str, new: str) -> None:
    assert new in all_commands() and old not in all_commands()
    assert keymap.resolve({old: "f9"}) == ({new: "f9"}, ())
    assert keymap.resolve({old: "f9", new: "f8"}) == ({new: "f8"}, ())
