"""The machine: a stack, marks and a memo, and the opcodes that work on them."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeAlias

from qtui.errors import PickleRefused, PickleUnreadable
from qtui.pickles.limits import Limits
from qtui.pickles.machine.graph import Value

Opcode: TypeAlias = Callable[["Machine"], None]

OPCODES: list[Opcode | None] = [None] * 256
"""What each byte does; filled by the modules beside this one."""

STOP = ord(".")
MISTAKES = (IndexError, KeyError, ValueError, TypeError, AttributeError, struct.error)
"""What an opcode raises that finds something else than it works on."""


def opcode(code: bytes) -> Callable[[Opcode], Opcode]:
    """Make a function the meaning of a byte."""

    def register(function: Opcode) -> Opcode:
        OPCODES[code[0]] = function
        return function

    return register


class Machine:
    """One pickle being decoded."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data = data
        self.view = memoryview(data)
        self.limits = limits
        self.position = 0
        self.stack: list[Value] = []
        self.below: list[list[Value]] = []
        """The stacks under the marks that are open, the oldest first."""
        self.memo: dict[int, Value] = {}
        self.called: Counter[tuple[str, str]] = Counter()
        """How often each name would be called, by module and name."""

    def run(self) -> Value:
        """Run up to the first STOP, and give the value that lies on top then."""
        data, end, opcodes, left = self.data, len(self.data), OPCODES, self.limits.steps
        while self.position < end:
            code = data[self.position]
            if code == STOP:
                return self._stop()
            step = opcodes[code]
            if step is None:
                raise PickleUnreadable(f"The byte 0x{code:02x} at {self.position:,} is no opcode.")
            at = self.position
            self.position += 1
            left -= 1
            if left < 0:
                raise PickleRefused(f"The pickle has more than {self.limits.steps:,} opcodes.")
            try:
                step(self)
            except MISTAKES:
                raise PickleUnreadable(f"The opcode {chr(code)!r} at byte {at:,} does not fit what is there.") from None
        raise self.cut_off()

    def cut_off(self) -> PickleUnreadable:
        """What to raise where the pickle ends, or says that it goes on for longer than it does."""
        return PickleUnreadable(f"The pickle is cut off, or damaged: it has no more than {len(self.data):,} bytes.")

    def _stop(self) -> Value:
        self.position += 1
        if not self.stack:
            raise PickleUnreadable("The pickle stops with nothing decoded.")
        return self.stack[-1]

    def take(self, size: int) -> bytes:
        """The next bytes, for which the opcode asks."""
        return bytes(self.window(size))

    def window(self, size: int) -> memoryview:
        """The next bytes, without a copy."""
        start = self.position
        left = len(self.data) - start
        if not 0 <= size <= left:
            raise self.cut_off()
        self.position = start + size
        return self.view[start : start + size]

    def number(self, form: struct.Struct) -> Any:
        """The next number, in this form."""
        if self.position + form.size > len(self.data):
            raise self.cut_off()
        (number,) = form.unpack_from(self.data, self.position)
        self.position += form.size
        return number

    def line(self) -> bytes:
        """The rest of the line, without its end."""
        end = self.data.find(b"\n", self.position)
        if end < 0:
            raise self.cut_off()
        start, self.position = self.position, end + 1
        return self.data[start:end]

    def items(self) -> list[Value]:
        """What was put on the stack since the last mark, which is closed."""
        items, self.stack = self.stack, self.below.pop()
        return items
