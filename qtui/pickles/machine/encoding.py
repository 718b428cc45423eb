"""Encode decoded values into the sections of the wire format, shared values once."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from qtui.errors import PickleRefused
from qtui.pickles import wire
from qtui.pickles.limits import PickleLimits
from qtui.pickles.machine.decoded_values import ByteArray, Call, DictItems, PersistentId, SetItems, Symbol, Value


class Encoder:
    """Numbers values in order of first occurrence and records their contents."""

    def __init__(self, limits: PickleLimits) -> None:
        self.limits = limits
        self.numbers: dict[str, array[Any]] = {name: array(form) for name, form in wire.SECTIONS.items()}
        self.kinds, self.sizes, self.slots, self.ints, self.floats = self.numbers.values()
        self.longs: list[str] = []
        self.blobs: list[bytes | memoryview] = []
        self.called: Counter[tuple[str, str]] = Counter()
        """Calls by name among the encoded values."""
        self._nodes: list[Value] = []
        self._known: dict[int, int] = {}
        self._texts: dict[str, int] = {}

    @property
    def texts(self) -> list[str]:
        """The strings in order of first occurrence."""
        return list(self._texts)

    def encode(self, root: Value) -> None:
        """Encode a value and everything it refers to; its number is 0."""
        self._number_of(root)
        for node in self._nodes:
            parts = PARTS[type(node)](node)
            self.sizes.append(len(parts))
            self.slots.extend(map(self._number_of, parts))

    def _number_of(self, value: Value) -> int:
        """Return the number of a value, adding it at its first occurrence."""
        kind = type(value)
        if kind is float:
            self.floats.append(value)
            return self._next(wire.FLOAT)
        if kind is int and -wire.INT_BOUND <= value < wire.INT_BOUND:
            self.ints.append(value)
            return self._next(wire.INT)
        if kind is str:
            number = self._texts.get(value)
            if number is None:
                number = self._texts[value] = self._next(wire.TEXT)
            return number
        number = self._known.get(id(value))
        if number is None:
            number = self._known[id(value)] = self._next(CONTENTS[kind](self, value))
        return number

    def _next(self, kind: int) -> int:
        number = len(self.kinds)
        if number >= self.limits.values:
            raise PickleRefused(f"The pickle has more than {self.limits.values:,} values.")
        self.kinds.append(kind)
        return number

    def put_long(self, value: int) -> int:
        """Add an int of any size."""
        self.longs.append(hex(value))
        return wire.LONG

    def put_bytes(self, value: bytes | memoryview) -> int:
        """Add a byte string."""
        self.blobs.append(value)
        return wire.BYTES

    def put_bytearray(self, value: ByteArray) -> int:
        """Add a bytearray."""
        self.blobs.append(value.content)
        return wire.BYTEARRAY

    def put_node(self, node: Value) -> int:
        """Add a node; its parts are encoded later."""
        if len(self._nodes) >= self.limits.nodes:
            raise PickleRefused(f"The pickle has more than {self.limits.nodes:,} lists, dicts and objects.")
        self._nodes.append(node)
        if isinstance(node, Call) and isinstance(node.function, Symbol):
            self.called[node.function.module, node.function.name] += 1
        return KINDS[type(node)](node)


CONTENTS: dict[type, Callable[[Encoder, Value], int]] = {
    type(None): lambda encoder, value: wire.NONE,
    bool: lambda encoder, value: wire.TRUE if value else wire.FALSE,
    int: Encoder.put_long,
    bytes: Encoder.put_bytes,
    memoryview: Encoder.put_bytes,
    ByteArray: Encoder.put_bytearray,
}

KINDS: dict[type, Callable[[Value], int]] = {
    list: lambda node: wire.LIST,
    tuple: lambda node: wire.TUPLE,
    DictItems: lambda node: wire.DICT,
    SetItems: lambda node: wire.FROZENSET if node.frozen else wire.SET,
    Symbol: lambda node: wire.SYMBOL,
    PersistentId: lambda node: wire.PERSISTENT,
    Call: lambda node: wire.CALL_KINDS[node.kind],
}
CONTENTS.update(dict.fromkeys(KINDS, Encoder.put_node))


def _parts_of_call(call: Call) -> tuple[Value, ...]:
    contents = (call.states or None, call.items or None, call.pairs or None)
    return (call.function, call.arguments, call.keywords, *contents)


PARTS: dict[type, Callable[[Value], Sequence[Value]]] = {
    list: lambda node: node,
    tuple: lambda node: node,
    DictItems: lambda node: node.flat,
    SetItems: lambda node: node.items,
    Symbol: lambda node: (node.module, node.name),
    PersistentId: lambda node: (node.key,),
    Call: _parts_of_call,
}
