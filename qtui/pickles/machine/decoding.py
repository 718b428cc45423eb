"""Decodes one pickle as far as it goes."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from qtui.errors import PickleUnreadable
from qtui.pickles.limits import Limits
from qtui.pickles.machine import atoms, containers, memory, objects
from qtui.pickles.machine.graph import Bag, Call, Pairs, Value
from qtui.pickles.machine.stack import STOP, Machine

FAMILIES = (atoms, containers, memory, objects)
"""The modules that teach the machine its opcodes."""
PROTOCOL = b"\x80"


class Decoded(NamedTuple):
    """What a pickle describes, what was odd about it, whether it was read to its end, and what it would call."""

    root: Value
    notes: list[str]
    complete: bool
    called: Counter[tuple[str, str]]


def decode(data: bytes, limits: Limits) -> Decoded:
    """Decode the first pickle in the data; of a damaged one, what came before the damage."""
    machine = Machine(data, limits)
    try:
        root = machine.run()
    except PickleUnreadable as damage:
        root = _salvage(machine)
        if root is None:
            raise
        return Decoded(root, [f"{damage} What came before is shown."], complete=False, called=machine.called)
    return Decoded(root, _after(machine), complete=True, called=machine.called)


def _after(machine: Machine) -> list[str]:
    """What to say of the bytes behind the end of the pickle."""
    left = len(machine.data) - machine.position
    if not left:
        return []
    rest = machine.data[machine.position : machine.position + 1]
    what = "another pickle" if rest == PROTOCOL and machine.data.rfind(STOP, machine.position) > 0 else "something else"
    return [f"Only the first pickle is shown: {left:,} bytes follow it, which look like {what}."]


def _salvage(machine: Machine) -> Value:
    """The oldest value on the stack, with what was not yet put into it where that is sure; nothing if there is none."""
    pending: list[Value] | None = None
    for stack in (machine.stack, *reversed(machine.below)):
        if pending is not None:
            stack = _joined(stack, pending)
        pending = stack
    return pending[0] if pending else None


def _joined(stack: list[Value], pending: list[Value]) -> list[Value]:
    """A stack whose last value was about to take in what lay above a mark."""
    target = stack[-1] if stack else None
    if isinstance(target, list | Call):
        containers.items_of(target).extend(pending)
    elif isinstance(target, Pairs):
        target.flat.extend(pending[: len(pending) // 2 * 2])
    elif isinstance(target, Bag) and not target.frozen:
        target.items.extend(pending)
    elif pending:
        return [*stack, tuple(pending)]
    return stack
