"""Decode one pickle, or as much of a damaged one as possible."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from qtui.errors import PickleUnreadable
from qtui.pickles.limits import PickleLimits
from qtui.pickles.machine import container_opcodes, object_opcodes, scalar_opcodes, stack_opcodes
from qtui.pickles.machine.decoded_values import Call, DictItems, SetItems, Value
from qtui.pickles.machine.stack import STOP, Machine

OPCODE_MODULES = (scalar_opcodes, container_opcodes, stack_opcodes, object_opcodes)
"""The modules that register opcodes."""
PROTOCOL = b"\x80"


class DecodedPickle(NamedTuple):
    """The root value, notes for the user, whether decoding was complete, and the calls unpickling would make."""

    root: Value
    notes: list[str]
    is_complete: bool
    called: Counter[tuple[str, str]]


def decode(data: bytes, limits: PickleLimits) -> DecodedPickle:
    """Decode the first pickle in the data; of a damaged one, the part before the damage."""
    machine = Machine(data, limits)
    try:
        root = machine.run()
    except PickleUnreadable as damage:
        root = _salvage(machine)
        if root is None:
            raise
        return DecodedPickle(
            root, [f"{damage} Only the part before it is shown."], is_complete=False, called=machine.called
        )
    return DecodedPickle(root, _trailing_bytes_note(machine), is_complete=True, called=machine.called)


def _trailing_bytes_note(machine: Machine) -> list[str]:
    """Return a note on the bytes after the end of the pickle."""
    left = len(machine.data) - machine.position
    if not left:
        return []
    rest = machine.data[machine.position : machine.position + 1]
    is_pickle = rest == PROTOCOL and machine.data.rfind(STOP, machine.position) > 0
    what = "another pickle" if is_pickle else "other data"
    return [f"Only the first pickle is shown; {left:,} bytes follow, probably {what}."]


def _salvage(machine: Machine) -> Value:
    """Return the bottom value of the stack, with pending items added where unambiguous; None if the stack is empty."""
    pending: list[Value] | None = None
    for stack in (machine.stack, *reversed(machine.outer_stacks)):
        if pending is not None:
            stack = _add_pending(stack, pending)
        pending = stack
    return pending[0] if pending else None


def _add_pending(stack: list[Value], pending: list[Value]) -> list[Value]:
    """Add the items above a mark to the value below it."""
    target = stack[-1] if stack else None
    if isinstance(target, list | Call):
        container_opcodes.items_of(target).extend(pending)
    elif isinstance(target, DictItems):
        target.flat.extend(pending[: len(pending) // 2 * 2])
    elif isinstance(target, SetItems) and not target.frozen:
        target.items.extend(pending)
    elif pending:
        return [*stack, tuple(pending)]
    return stack
