"""Where commands work: the screen and its panes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from qtui.tui.commands.command import Command

if TYPE_CHECKING:
    from textual.dom import DOMNode as Node
    from textual.screen import Screen
else:
    # Textual follows the first base that is a node to find out which styles apply; that must not be this one.
    Node = object


class Place(Node):
    """A screen or a widget that offers commands.

    It comes first among the bases and lists what it offers; the keys, the footer, the palette and the help follow:

        class RunsPane(Place, Vertical):
            PLACE = "Runs"
            OFFERS = (SortBy, ReverseSort)

            def action_sort_by(self) -> None: ...

    A command that has a reason not to work now is left out of the footer and greyed in palette and help; pressing
    its key says the reason. Call `self.refresh_bindings()` when what the reasons depend on has changed.
    """

    PLACE: ClassVar[str] = ""
    """The heading over its keys in the help; a place without one stands under that of the place around it."""

    OFFERS: ClassVar[tuple[type[Command[Any]], ...]] = ()
    """Its commands, the most useful first."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        own = cls.__dict__.get("BINDINGS", ())
        cls.BINDINGS = [*(each.binding() for each in cls.__dict__.get("OFFERS", ())), *own]
        super().__init_subclass__(**kwargs)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether the action works now: None greys what has a reason not to."""
        if self.why_not(action):
            return None
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str | None:
        """Why one of the commands offered here does not work now."""
        for command in self.OFFERS:
            if command.action() == action:
                return command.why_not(self)
        return None


@dataclass(frozen=True, slots=True)
class Offer:
    """A command at the place that offers it."""

    command: type[Command[Any]]
    place: Place

    @property
    def why_not(self) -> str | None:
        """Why it does not work now."""
        return self.command.why_not(self.place)

    @property
    def heading(self) -> str:
        """What its place is called in the help."""
        around = (each.PLACE for each in self.place.ancestors_with_self if isinstance(each, Place))
        return next(filter(None, around), "")


def places(screen: Screen[Any]) -> Iterator[Place]:
    """Every place on the screen: the one with the focus and what lies around it first, then the others."""
    focused = screen.focused
    around = focused.ancestors_with_self if focused else (screen, screen.app)
    nearest = [node for node in around if isinstance(node, Place)]
    yield from nearest
    yield from (node for node in screen.walk_children() if isinstance(node, Place) and node not in nearest)


def offers(screen: Screen[Any]) -> tuple[Offer, ...]:
    """Everything that can be done on the screen, each by the place that its key would reach first."""
    found: dict[type[Command[Any]], Offer] = {}
    for place in places(screen):
        for command in place.OFFERS:
            found.setdefault(command, Offer(command, place))
    return tuple(found.values())
