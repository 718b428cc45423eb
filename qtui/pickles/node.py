"""What stands for an object that is not made: its class, and what it would be made of."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from qtui.text import display, truncate

SHOWN = 3
"""How many arguments the short text of a node names."""
SHOWN_LENGTH = 40
SHOWN_NAME = 120


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Node:
    """An object of a class that is never imported, to be looked at part by part; one without `args` is a bare name."""

    module: str
    """The module that the pickle names; "" if it names none."""
    name: str
    """The name in the module, of a class or a function, with dots if it lies in a class."""
    args: tuple[Any, ...] | None = None
    """What it would be called with."""
    keywords: Any = None
    """The arguments by name, a dict, if there are any."""
    state: Any = None
    """The attributes it would be given, mostly a dict."""
    items: tuple[Any, ...] = ()
    """What would be appended to it, if it is a kind of list."""
    pairs: tuple[tuple[Any, Any], ...] = ()
    """What would be set in it, key and value, if it is a kind of dict."""
    reason: str = ""
    """Why it is not made, if there is more to say than that its class is not known here."""

    @property
    def path(self) -> str:
        """The full name: module and name."""
        return f"{self.module}.{self.name}" if self.module else self.name

    @property
    def title(self) -> str:
        """The full name as it may be shown: with nothing that could command a terminal, and not too long."""
        return truncate(display(self.path), SHOWN_NAME)

    def __repr__(self) -> str:
        """A short text, of bounded length whatever hangs on the node."""
        if self.args is None:
            return f"<{self.title}>"
        shown = [_brief(argument) for argument in self.args[:SHOWN]]
        if len(self.args) > SHOWN:
            shown.append("…")
        if isinstance(self.state, dict) and self.state:
            shown.append(f"{len(self.state)} attributes" if len(self.state) > 1 else "1 attribute")
        for many, what in ((self.items, "items"), (self.pairs, "pairs")):
            if many:
                shown.append(f"{len(many)} {what}")
        return f"<{self.title}({', '.join(shown)})>"


def refill(node: Node, content: Node) -> None:
    """Give a node that others refer to already its content."""
    for field in fields(Node):
        object.__setattr__(node, field.name, getattr(content, field.name))


def _brief(value: Any) -> str:
    """A text for an argument that costs nothing, however big the argument is."""
    if isinstance(value, Node):
        return f"<{truncate(value.title, SHOWN_LENGTH)}>"
    if isinstance(value, str | bytes):
        return repr(value[:SHOWN_LENGTH]) + ("…" if len(value) > SHOWN_LENGTH else "")
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 1 << 64):
        return repr(value)
    return f"<{type(value).__name__}>"
