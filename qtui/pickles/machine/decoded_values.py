"""Decoded values before objects are built from them; they are never hashed, compared or called."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

Value: TypeAlias = Any
"""A scalar, a list, a tuple, or one of the classes below."""


class DictItems:
    """A dict, as alternating keys and values."""

    __slots__ = ("flat",)

    def __init__(self, flat: list[Value]) -> None:
        self.flat = flat


class SetItems:
    """A set or frozenset, as its items."""

    __slots__ = ("frozen", "items")

    def __init__(self, items: list[Value], frozen: bool) -> None:
        self.items = items
        self.frozen = frozen


class ByteArray:
    """The content of a bytearray."""

    __slots__ = ("content",)

    def __init__(self, content: memoryview) -> None:
        self.content = content


class Symbol:
    """A global name, which is not resolved."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name


class PersistentId:
    """A persistent ID of an object stored outside the pickle."""

    __slots__ = ("key",)

    def __init__(self, key: Value) -> None:
        self.key = key


class Call:
    """An object that unpickling would create by a call, with the state and items it would then receive."""

    __slots__ = ("arguments", "function", "items", "keywords", "kind", "pairs", "states")

    def __init__(
        self, kind: Literal["call", "change"], function: Value, arguments: Value, keywords: Value = None
    ) -> None:
        self.kind = kind
        self.function = function
        self.arguments = arguments
        self.keywords = keywords
        self.states: list[Value] = []
        self.items: list[Value] = []
        self.pairs: list[Value] = []
