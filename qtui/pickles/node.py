"""Nodes: plain data standing for objects of unsupported classes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from qtui.text import display, truncate

MAX_ARGS_IN_REPR = 3
"""Arguments shown in the repr of a node."""
MAX_ARG_LENGTH = 40
MAX_TITLE_LENGTH = 120


# The dataclass of the standard library: the decoder program forbids to compile code once it decodes.
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Node:
    """An object of a class that is not imported, as its parts; without `args` a global name."""

    module: str
    """The module named by the pickle, or ""."""
    name: str
    """The qualified name of the class or function."""
    args: tuple[Any, ...] | None = None
    """Positional arguments of the call."""
    keywords: Any = None
    """Keyword arguments of the call, a dict, if any."""
    state: Any = None
    """The state passed to `__setstate__`, usually a dict of attributes."""
    items: tuple[Any, ...] = ()
    """Items appended to it, for subclasses of list."""
    pairs: tuple[tuple[Any, Any], ...] = ()
    """Keys and values set in it, for subclasses of dict."""
    reason: str = ""
    """Why it was not built; empty if its class is not supported."""

    @property
    def path(self) -> str:
        """Return module and name joined with a dot."""
        return f"{self.module}.{self.name}" if self.module else self.name

    @property
    def title(self) -> str:
        """Return the path for display: without control characters, truncated."""
        return truncate(display(self.path), MAX_TITLE_LENGTH)

    def __repr__(self) -> str:
        """Return a text of bounded length."""
        if self.args is None:
            return f"<{self.title}>"
        texts = [_short_repr(argument) for argument in self.args[:MAX_ARGS_IN_REPR]]
        if len(self.args) > MAX_ARGS_IN_REPR:
            texts.append("…")
        if isinstance(self.state, dict) and self.state:
            texts.append(f"{len(self.state)} attributes" if len(self.state) > 1 else "1 attribute")
        for contents, label in ((self.items, "items"), (self.pairs, "pairs")):
            if contents:
                texts.append(f"{len(contents)} {label}")
        return f"<{self.title}({', '.join(texts)})>"


def refill(node: Node, content: Node) -> None:
    """Copy the content into a node that others already refer to."""
    for field in fields(Node):
        object.__setattr__(node, field.name, getattr(content, field.name))


def _short_repr(value: Any) -> str:
    """Return a short text for an argument in constant time."""
    if isinstance(value, Node):
        return f"<{truncate(value.title, MAX_ARG_LENGTH)}>"
    if isinstance(value, str | bytes):
        return repr(value[:MAX_ARG_LENGTH]) + ("…" if len(value) > MAX_ARG_LENGTH else "")
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 1 << 64):
        return repr(value)
    return f"<{type(value).__name__}>"
