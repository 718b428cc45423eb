"""Opcodes for lists, tuples, dicts and sets."""

from __future__ import annotations

from qtui.pickles.machine.decoded_values import Call, DictItems, SetItems, Value
from qtui.pickles.machine.stack import Machine, opcode


@opcode(b"]")
def empty_list(machine: Machine) -> None:
    machine.stack.append([])


@opcode(b"l")
def make_list(machine: Machine) -> None:
    items = machine.items()
    machine.stack.append(items)


@opcode(b")")
def empty_tuple(machine: Machine) -> None:
    machine.stack.append(())


@opcode(b"t")
def make_tuple(machine: Machine) -> None:
    items = machine.items()
    machine.stack.append(tuple(items))


@opcode(b"\x85")
def tuple1(machine: Machine) -> None:
    machine.stack[-1] = (machine.stack[-1],)


@opcode(b"\x86")
def tuple2(machine: Machine) -> None:
    _tuple_of(machine, 2)


@opcode(b"\x87")
def tuple3(machine: Machine) -> None:
    _tuple_of(machine, 3)


def _tuple_of(machine: Machine, size: int) -> None:
    if len(machine.stack) < size:
        raise IndexError(size)
    machine.stack[-size:] = [tuple(machine.stack[-size:])]


@opcode(b"}")
def empty_dict(machine: Machine) -> None:
    machine.stack.append(DictItems([]))


@opcode(b"d")
def make_dict(machine: Machine) -> None:
    flat = machine.items()
    machine.stack.append(DictItems(checked_pairs(flat)))


@opcode(b"\x8f")
def empty_set(machine: Machine) -> None:
    machine.stack.append(SetItems([], frozen=False))


@opcode(b"\x91")
def make_frozenset(machine: Machine) -> None:
    items = machine.items()
    machine.stack.append(SetItems(items, frozen=True))


@opcode(b"a")
def append(machine: Machine) -> None:
    item = machine.stack.pop()
    items_of(machine.stack[-1]).append(item)


@opcode(b"e")
def appends(machine: Machine) -> None:
    items = machine.items()
    items_of(machine.stack[-1]).extend(items)


@opcode(b"\x90")
def add_items(machine: Machine) -> None:
    items = machine.items()
    members_of(machine.stack[-1]).extend(items)


@opcode(b"s")
def set_item(machine: Machine) -> None:
    value = machine.stack.pop()
    key = machine.stack.pop()
    pairs_of(machine.stack[-1]).extend((key, value))


@opcode(b"u")
def set_items(machine: Machine) -> None:
    flat = checked_pairs(machine.items())
    pairs_of(machine.stack[-1]).extend(flat)


def items_of(target: Value) -> list[Value]:
    """Return the items of a value that supports append."""
    if isinstance(target, list):
        return target
    if isinstance(target, Call):
        return target.items
    raise TypeError(type(target))


def members_of(target: Value) -> list[Value]:
    """Return the items of a value that supports add."""
    if (isinstance(target, SetItems) and not target.frozen) or isinstance(target, Call):
        return target.items
    raise TypeError(type(target))


def pairs_of(target: Value) -> list[Value]:
    """Return the alternating keys and values of a value that supports item assignment."""
    if isinstance(target, DictItems):
        return target.flat
    if isinstance(target, Call):
        return target.pairs
    raise TypeError(type(target))


def checked_pairs(flat: list[Value]) -> list[Value]:
    """Return alternating keys and values; raise ValueError if a value is missing."""
    if len(flat) % 2:
        raise ValueError(len(flat))
    return flat
