"""Opcodes for the stack, marks, the memo, the protocol and frames."""

from __future__ import annotations

import struct

from qtui.pickles.machine.stack import OPCODES, UINT1, UINT4, UINT8, Machine, opcode

HIGHEST_PROTOCOL = 5


@opcode(b"(")
def mark(machine: Machine) -> None:
    machine.outer_stacks.append(machine.stack)
    machine.stack = []


@opcode(b"0")
def pop(machine: Machine) -> None:
    if machine.stack:
        machine.stack.pop()
    else:
        machine.items()


@opcode(b"1")
def pop_mark(machine: Machine) -> None:
    machine.items()


@opcode(b"2")
def duplicate(machine: Machine) -> None:
    machine.stack.append(machine.stack[-1])


@opcode(b"g")
def get_line(machine: Machine) -> None:
    machine.stack.append(machine.memo[int(machine.line())])


def _get(code: bytes, form: struct.Struct) -> None:
    def push(machine: Machine) -> None:
        machine.stack.append(machine.memo[machine.number(form)])

    OPCODES[code[0]] = push


_get(b"h", UINT1)
_get(b"j", UINT4)


@opcode(b"p")
def put_line(machine: Machine) -> None:
    key = int(machine.line())
    if key < 0:
        raise ValueError(key)
    machine.memo[key] = machine.stack[-1]


def _put(code: bytes, form: struct.Struct) -> None:
    def keep(machine: Machine) -> None:
        machine.memo[machine.number(form)] = machine.stack[-1]

    OPCODES[code[0]] = keep


_put(b"q", UINT1)
_put(b"r", UINT4)


@opcode(b"\x94")
def memoize(machine: Machine) -> None:
    machine.memo[len(machine.memo)] = machine.stack[-1]


@opcode(b"\x80")
def protocol(machine: Machine) -> None:
    if machine.number(UINT1) > HIGHEST_PROTOCOL:
        raise ValueError(HIGHEST_PROTOCOL)


@opcode(b"\x95")
def frame(machine: Machine) -> None:
    """Skip the frame size, which only serves buffered reading."""
    machine.number(UINT8)
