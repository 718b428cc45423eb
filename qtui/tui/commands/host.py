"""The screens and widgets that offer commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partialmethod
from typing import TYPE_CHECKING, Any, ClassVar

from qtui.tui.commands.command import Command
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from textual.dom import DOMNode as Node
    from textual.screen import Screen
else:
    # Textual takes the CSS of a class from its first base that is a DOMNode; CommandHost must not be that one.
    Node = object


class CommandHost(Node):
    """A screen or widget that offers commands.

    It is the first base class and lists its commands; bindings, footer, palette and help follow from them:

        class ExampleList(CommandHost, Vertical):
            HEADING = "Runs"
            OWN_COMMANDS = (SortBy, ReverseSort)

            def action_sort_by(self) -> None: ...

    The docstring of a command is also that of the action. A command that does not work now is left out of the footer
    and greyed in palette and help; its key shows the reason. Call `self.refresh_bindings()` when anything that
    the reasons depend on has changed.
    """

    HEADING: ClassVar[str] = ""
    """The heading over its keys in the help; a host without one uses that of the host around it."""

    OWN_COMMANDS: ClassVar[tuple[type[Command[Any]], ...]] = ()
    """Its commands, the most useful first."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        commands: Sequence[type[Command[Any]]] = cls.__dict__.get("OWN_COMMANDS", ())
        cls.BINDINGS = [*(command.binding() for command in commands), *cls.__dict__.get("BINDINGS", ())]
        for command in commands:
            if command.CALL and f"action_{command.ACTION}" not in cls.__dict__:
                setattr(cls, f"action_{command.ACTION}", partialmethod(_call, command))
        super().__init_subclass__(**kwargs)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether the action works now; None disables the key of one that does not."""
        if self.why_not(action):
            return None
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str | None:
        """Return why the command with this action does not work now; None when it does."""
        for command in self.OWN_COMMANDS:
            if action == command.ACTION:
                return command.why_not(self)
        return None


def _call(host: CommandHost, command: type[Command[Any]]) -> object:
    return command.call(host)


@dataclass(frozen=True, slots=True)
class OfferedCommand:
    """A command and the host that offers it."""

    command: type[Command[Any]]
    host: CommandHost

    @property
    def why_not(self) -> str | None:
        """Return why the command does not work now; None when it does."""
        return self.command.why_not(self.host)

    @property
    def heading(self) -> str:
        """Return the heading of the host in the help, or that of the nearest host around it."""
        headings = (node.HEADING for node in self.host.ancestors_with_self if isinstance(node, CommandHost))
        return next(filter(None, headings), "")


def command_hosts(screen: Screen[Any]) -> Iterator[CommandHost]:
    """Return the hosts on a screen: the focused one and those around it first."""
    focused = screen.focused
    ancestors = focused.ancestors_with_self if focused else (screen, screen.app)
    nearest = [node for node in ancestors if isinstance(node, CommandHost)]
    yield from nearest
    yield from (node for node in screen.walk_children() if isinstance(node, CommandHost) and node not in nearest)


def offered_commands(screen: Screen[Any]) -> tuple[OfferedCommand, ...]:
    """Return the commands on a screen, each with the host that its key reaches first."""
    offered: dict[type[Command[Any]], OfferedCommand] = {}
    for host in command_hosts(screen):
        for command in host.OWN_COMMANDS:
            offered.setdefault(command, OfferedCommand(command, host))
    return tuple(offered.values())
