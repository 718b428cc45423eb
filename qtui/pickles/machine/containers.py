"""Opcodes for lists, tuples, dicts and sets."""

from __future__ import annotations

from qtui.pickles.machine.graph import Bag, Call, Pairs, Value
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
def tuple_of_one(machine: Machine) -> None:
    machine.stack[-1] = (machine.stack[-1],)


@opcode(b"\x86")
def tuple_of_two(machine: Machine) -> None:
    _tuple_of(machine, 2)


@opcode(b"\x87")
def tuple_of_three(machine: Machine) -> None:
    _tuple_of(machine, 3)


def _tuple_of(machine: Machine, size: int) -> None:
    if len(machine.stack) < size:
        raise IndexError(size)
    machine.stack[-size:] = [tuple(machine.stack[-size:])]


@opcode(b"}")
def empty_dict(machine: Machine) -> None:
    machine.stack.append(Pairs([]))


@opcode(b"d")
def make_dict(machine: Machine) -> None:
    flat = machine.items()
    machine.stack.append(Pairs(even(flat)))


@opcode(b"\x8f")
def empty_set(machine: Machine) -> None:
    machine.stack.append(Bag([], frozen=False))


@opcode(b"\x91")
def make_frozenset(machine: Machine) -> None:
    items = machine.items()
    machine.stack.append(Bag(items, frozen=True))


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
    flat = even(machine.items())
    pairs_of(machine.stack[-1]).extend(flat)


def items_of(target: Value) -> list[Value]:
    """The items of what can be appended to."""
    if isinstance(target, list):
        return target
    if isinstance(target, Call):
        return target.items
    raise TypeError(type(target))


def members_of(target: Value) -> list[Value]:
    """The items of what can be added to, as a set."""
    if (isinstance(target, Bag) and not target.frozen) or isinstance(target, Call):
        return target.items
    raise TypeError(type(target))


def pairs_of(target: Value) -> list[Value]:
    """The keys and values of what can be set in, as a dict."""
    if isinstance(target, Pairs):
        return target.flat
    if isinstance(target, Call):
        return target.pairs
    raise TypeError(type(target))


def even(flat: list[Value]) -> list[Value]:
    """Keys and values in turns, of which there have to be as many of the one as of the other."""
    if len(flat) % 2:
        raise ValueError(len(flat))
    return flat
