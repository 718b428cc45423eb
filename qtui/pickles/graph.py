"""The values a child process sent, as numbered nodes, with every number checked."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import islice, repeat
from typing import Any, Protocol

from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles import wire
from qtui.pickles.limits import Limits
from qtui.pickles.node import Node

LONGEST = 14_000
"""Bits of the longest whole number that Python writes out without being asked twice."""
ERRORS = {error.__name__: error for error in (PickleRefused, PickleUnreadable)}
ALIKE = re.compile(rb"(.)\1*", re.DOTALL)
"""A run of values of one kind."""


class Sender(Protocol):
    """What a graph is read from: mostly a child process."""

    def read_magic(self) -> None:
        """Make sure that the sections follow."""

    def section(self) -> bytearray:
        """The next section."""

    def json(self) -> Any:
        """The next section, which is JSON."""

    def end(self) -> None:
        """Make sure that nothing follows."""


class Graph:
    """What a pickle describes: the atoms as they are, and the nodes by the numbers of their parts."""

    def __init__(self, sender: Sender, limits: Limits) -> None:
        sender.read_magic()
        head = sender.json()
        if "error" in head:
            raise ERRORS[head["error"]](head["reason"])
        self.notes = [str(note) for note in head["notes"]]
        self.complete = bool(head["complete"])
        texts = sender.json()
        numbers = {name: _numbers(sender.section(), form) for name, form in wire.SECTIONS.items()}
        self.kinds = bytes(numbers["kinds"])
        if not 0 < len(self.kinds) <= limits.values:
            raise PickleUnreadable("The process that decodes pickles sent no values, or too many.")
        self._slots: array[int] = numbers["slots"]
        self._starts = array("I", bytes(4 * len(self.kinds)))
        self._ends = array("I", bytes(4 * len(self.kinds)))
        self.values: list[Any] = [None] * len(self.kinds)
        """The atoms; what the nodes are is for others to say."""
        self._fill(sender, texts, head["longs"], numbers)
        sender.end()

    def parts(self, number: int) -> array[int]:
        """The numbers of the values that a node holds."""
        return self._slots[self._starts[number] : self._ends[number]]

    def _fill(self, sender: Sender, texts: list[str], longs: list[str], numbers: dict[str, Any]) -> None:
        """Give each atom its value, and each node its span of parts."""
        sources: dict[int, Iterator[Any]] = {
            wire.NONE: repeat(None),
            wire.TRUE: repeat(True),
            wire.FALSE: repeat(False),
            wire.INT: iter(numbers["ints"]),
            wire.FLOAT: iter(numbers["floats"]),
            wire.TEXT: iter(texts),
            wire.LONG: map(_long, longs),
            wire.BYTES: iter(lambda: bytes(sender.section()), None),
            wire.OCTETS: iter(sender.section, None),
        }
        sizes, end = iter(numbers["sizes"]), 0
        for run in ALIKE.finditer(self.kinds):
            kind = run[0][0]
            if kind not in wire.NODES:
                self.values[run.start() : run.end()] = islice(sources[kind], run.end() - run.start())
                continue
            for number, size in zip(range(*run.span()), sizes, strict=False):
                self._starts[number] = end
                end += size
                self._ends[number] = end
        complete = len(self.values) == len(self.kinds) and end == len(self._slots)
        if not complete or max(self._slots, default=0) >= len(self.kinds):
            raise PickleUnreadable("The process that decodes pickles sent values that do not fit together.")


def _numbers(content: bytearray, form: str) -> array[Any]:
    numbers: array[Any] = array(form)
    numbers.frombytes(content)
    return numbers


def _long(text: str) -> int | Node:
    """A long whole number; one that could not be written out is a node."""
    number = int(text, 16)
    if number.bit_length() > LONGEST:
        return Node("builtins", "int", (text,), reason="It is too long to be written out.")
    return number
