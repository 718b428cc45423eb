"""The values received from the child process, as numbered nodes with validated references."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import islice, repeat
from typing import Any, Protocol

from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles import wire
from qtui.pickles.limits import PickleLimits
from qtui.pickles.node import Node

MAX_INT_BITS = 14_000
"""Bits of the largest int that Python converts to decimal by default."""
ERRORS = {error.__name__: error for error in (PickleRefused, PickleUnreadable)}
SAME_KIND_RUN = re.compile(rb"(.)\1*", re.DOTALL)
"""Matches a run of equal kinds."""


class Sender(Protocol):
    """The source of a graph's sections, normally a child process."""

    def read_magic(self) -> None:
        """Read and check the magic bytes."""

    def section(self) -> bytearray:
        """Read the next section."""

    def json(self) -> Any:
        """Read the next section as JSON."""

    def end(self) -> None:
        """Check that nothing follows."""


class Graph:
    """The content of a pickle: scalar values, and nodes as lists of references to their parts."""

    def __init__(self, sender: Sender, limits: PickleLimits) -> None:
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
            raise PickleUnreadable("The pickle decoder sent no values, or too many.")
        self._slots: array[int] = numbers["slots"]
        self._starts = array("I", bytes(4 * len(self.kinds)))
        self._ends = array("I", bytes(4 * len(self.kinds)))
        self.values: list[Any] = [None] * len(self.kinds)
        """The scalar values; the Builder adds those of the nodes."""
        self._fill(sender, texts, head["longs"], numbers)
        sender.end()

    def parts(self, number: int) -> array[int]:
        """Return the numbers of a node's parts."""
        return self._slots[self._starts[number] : self._ends[number]]

    def _fill(self, sender: Sender, texts: list[str], longs: list[str], numbers: dict[str, Any]) -> None:
        """Set the value of every scalar and the span of parts of every node."""
        sources: dict[int, Iterator[Any]] = {
            wire.NONE: repeat(None),
            wire.TRUE: repeat(True),
            wire.FALSE: repeat(False),
            wire.INT: iter(numbers["ints"]),
            wire.FLOAT: iter(numbers["floats"]),
            wire.TEXT: iter(texts),
            wire.LONG: map(_long, longs),
            wire.BYTES: iter(lambda: bytes(sender.section()), None),
            wire.BYTEARRAY: iter(sender.section, None),
        }
        sizes, end = iter(numbers["sizes"]), 0
        for run in SAME_KIND_RUN.finditer(self.kinds):
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
            raise PickleUnreadable("The pickle decoder sent inconsistent values.")


def _numbers(content: bytearray, form: str) -> array[Any]:
    numbers: array[Any] = array(form)
    numbers.frombytes(content)
    return numbers


def _long(text: str) -> int | Node:
    """Return an int from hexadecimal, or a node if it is too large to convert to decimal."""
    number = int(text, 16)
    if number.bit_length() > MAX_INT_BITS:
        return Node("builtins", "int", (text,), reason="It has too many digits to show.")
    return number
