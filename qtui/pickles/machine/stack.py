"""The pickle machine: stack, marks, memo and the opcode table."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeAlias

from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles.limits import PickleLimits
from qtui.pickles.machine.decoded_values import Value

UINT1 = struct.Struct("<B")
UINT2 = struct.Struct("<H")
UINT4 = struct.Struct("<I")
UINT8 = struct.Struct("<Q")
INT4 = struct.Struct("<i")
FLOAT8 = struct.Struct(">d")


Opcode: TypeAlias = Callable[["Machine"], None]

OPCODES: list[Opcode | None] = [None] * 256
"""The opcode functions by byte; registered by the `*_opcodes` modules."""

STOP = ord(".")
OPCODE_ERRORS = (IndexError, KeyError, ValueError, TypeError, AttributeError, struct.error)
"""Exceptions raised by an opcode applied to invalid operands."""


def opcode(code: bytes) -> Callable[[Opcode], Opcode]:
    """Register a function for an opcode byte."""

    def register(function: Opcode) -> Opcode:
        OPCODES[code[0]] = function
        return function

    return register


class Machine:
    """The state of decoding one pickle."""

    def __init__(self, data: bytes, limits: PickleLimits) -> None:
        self.data = data
        self.view = memoryview(data)
        self.limits = limits
        self.position = 0
        self.stack: list[Value] = []
        self.outer_stacks: list[list[Value]] = []
        """The stacks below the open marks, outermost first."""
        self.memo: dict[int, Value] = {}
        self.called: Counter[tuple[str, str]] = Counter()
        """Calls that unpickling would make, by module and name."""

    def run(self) -> Value:
        """Run to the first STOP and return the top of the stack."""
        data, end, opcodes, left = self.data, len(self.data), OPCODES, self.limits.steps
        while self.position < end:
            code = data[self.position]
            if code == STOP:
                return self._stop()
            step = opcodes[code]
            if step is None:
                raise PickleUnreadable(f"Unknown opcode 0x{code:02x} at byte {self.position:,}.")
            at = self.position
            self.position += 1
            left -= 1
            if left < 0:
                raise PickleRefused(f"The pickle has more than {self.limits.steps:,} opcodes.")
            try:
                step(self)
            except OPCODE_ERRORS:
                raise PickleUnreadable(f"Invalid operands of opcode {chr(code)!r} at byte {at:,}.") from None
        raise self.truncation_error()

    def truncation_error(self) -> PickleUnreadable:
        """Return the error for a pickle that ends too early."""
        return PickleUnreadable(f"The pickle is truncated or damaged: it ends after {len(self.data):,} bytes.")

    def _stop(self) -> Value:
        self.position += 1
        if not self.stack:
            raise PickleUnreadable("The pickle stops without a value.")
        return self.stack[-1]

    def take(self, size: int) -> bytes:
        """Read the next bytes."""
        return bytes(self.window(size))

    def window(self, size: int) -> memoryview:
        """Read the next bytes without copying."""
        start = self.position
        left = len(self.data) - start
        if not 0 <= size <= left:
            raise self.truncation_error()
        self.position = start + size
        return self.view[start : start + size]

    def number(self, form: struct.Struct) -> Any:
        """Read the next number in this format."""
        if self.position + form.size > len(self.data):
            raise self.truncation_error()
        (number,) = form.unpack_from(self.data, self.position)
        self.position += form.size
        return number

    def line(self) -> bytes:
        """Read the rest of the line, without the newline."""
        end = self.data.find(b"\n", self.position)
        if end < 0:
            raise self.truncation_error()
        start, self.position = self.position, end + 1
        return self.data[start:end]

    def items(self) -> list[Value]:
        """Pop the items above the last mark."""
        items, self.stack = self.stack, self.outer_stacks.pop()
        return items
