"""Puts what was decoded into the sections of the wire, each value once."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from qtui.errors import PickleRefused
from qtui.pickles import wire
from qtui.pickles.limits import Limits
from qtui.pickles.machine.graph import Bag, Call, Octets, Pairs, Persistent, Symbol, Value


class Encoder:
    """Numbers values in the order in which they are met, and notes what each of them holds."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.numbers: dict[str, array[Any]] = {name: array(form) for name, form in wire.SECTIONS.items()}
        self.kinds, self.sizes, self.slots, self.ints, self.floats = self.numbers.values()
        self.longs: list[str] = []
        self.texts: list[str] = []
        self.blobs: list[bytes | memoryview] = []
        self._met: list[Value] = []
        self._numbers: dict[int, int] = {}

    def encode(self, root: Value) -> None:
        """Take in a value with all that hangs on it; its own number is 0."""
        self._number_of(root)
        for value in self._met:
            ENCODINGS[type(value)](self, value)

    def put_node(self, kind: int, parts: Sequence[Value]) -> None:
        """Note a node and the numbers of its parts."""
        self.kinds.append(kind)
        self.sizes.append(len(parts))
        numbers, slots = self._numbers, self.slots
        for part in parts:
            number = numbers.get(id(part))
            slots.append(self._number_of(part) if number is None else number)

    def _number_of(self, value: Value) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._met)
            if number >= self.limits.values:
                raise PickleRefused(f"The pickle holds more than {self.limits.values:,} values.")
            self._met.append(value)
        return number


def _constant(kind: int) -> Callable[[Encoder, Value], None]:
    return lambda encoder, value: encoder.kinds.append(kind)


def _bool(encoder: Encoder, value: bool) -> None:
    encoder.kinds.append(wire.TRUE if value else wire.FALSE)


def _int(encoder: Encoder, value: int) -> None:
    if -wire.INT_BOUND <= value < wire.INT_BOUND:
        encoder.kinds.append(wire.INT)
        encoder.ints.append(value)
    else:
        encoder.kinds.append(wire.LONG)
        encoder.longs.append(hex(value))


def _float(encoder: Encoder, value: float) -> None:
    encoder.kinds.append(wire.FLOAT)
    encoder.floats.append(value)


def _text(encoder: Encoder, value: str) -> None:
    encoder.kinds.append(wire.TEXT)
    encoder.texts.append(value)


def _bytes(encoder: Encoder, value: bytes | memoryview) -> None:
    encoder.kinds.append(wire.BYTES)
    encoder.blobs.append(value)


def _octets(encoder: Encoder, value: Octets) -> None:
    encoder.kinds.append(wire.OCTETS)
    encoder.blobs.append(value.content)


def _bag(encoder: Encoder, value: Bag) -> None:
    encoder.put_node(wire.FROZENSET if value.frozen else wire.SET, value.items)


def _call(encoder: Encoder, value: Call) -> None:
    given = (value.states or None, value.items or None, value.pairs or None)
    parts = (value.function, value.arguments, value.keywords, *given)
    encoder.put_node(wire.WAYS[value.way], parts)


ENCODINGS: dict[type, Callable[[Encoder, Value], None]] = {
    type(None): _constant(wire.NONE),
    bool: _bool,
    int: _int,
    float: _float,
    str: _text,
    bytes: _bytes,
    memoryview: _bytes,
    Octets: _octets,
    list: lambda encoder, value: encoder.put_node(wire.LIST, value),
    tuple: lambda encoder, value: encoder.put_node(wire.TUPLE, value),
    Pairs: lambda encoder, value: encoder.put_node(wire.DICT, value.flat),
    Bag: _bag,
    Symbol: lambda encoder, value: encoder.put_node(wire.SYMBOL, (value.module, value.name)),
    Persistent: lambda encoder, value: encoder.put_node(wire.PERSISTENT, (value.key,)),
    Call: _call,
}
