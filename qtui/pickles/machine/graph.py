"""What a pickle describes, before anything is made of it; nothing here is ever hashed, compared or called."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

Value: TypeAlias = Any
"""An atom, a list, a tuple, or one of the classes below."""


class Pairs:
    """A dict, as the keys and values that were put into it, in turns."""

    __slots__ = ("flat",)

    def __init__(self, flat: list[Value]) -> None:
        self.flat = flat


class Bag:
    """A set or a frozenset, as the items that were put into it."""

    __slots__ = ("frozen", "items")

    def __init__(self, items: list[Value], frozen: bool) -> None:
        self.items = items
        self.frozen = frozen


class Octets:
    """The content of a bytearray."""

    __slots__ = ("content",)

    def __init__(self, content: memoryview) -> None:
        self.content = content


class Symbol:
    """The name of something in a module, which is not looked up."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name


class Persistent:
    """Something that the program which wrote the pickle kept elsewhere, under this id."""

    __slots__ = ("key",)

    def __init__(self, key: Value) -> None:
        self.key = key


class Call:
    """An object that unpickling would make by a call, with all that would then be given to it."""

    __slots__ = ("arguments", "function", "items", "keywords", "pairs", "states", "way")

    def __init__(
        self, way: Literal["call", "change"], function: Value, arguments: Value, keywords: Value = None
    ) -> None:
        self.way = way
        self.function = function
        self.arguments = arguments
        self.keywords = keywords
        self.states: list[Value] = []
        self.items: list[Value] = []
        self.pairs: list[Value] = []
