"""Opcodes for global names and object construction."""

from __future__ import annotations

import struct

from qtui.pickles.machine.decoded_values import Call, PersistentId, Symbol, Value
from qtui.pickles.machine.stack import INT4, OPCODES, UINT1, UINT2, Machine, opcode

EXTENSIONS = "copyreg._inverted_registry"
"""The registry in which unpickling would look up extension codes."""


@opcode(b"c")
def global_name(machine: Machine) -> None:
    machine.stack.append(_symbol(machine))


@opcode(b"\x93")
def stack_name(machine: Machine) -> None:
    name = machine.stack.pop()
    module = machine.stack.pop()
    if not isinstance(name, str) or not isinstance(module, str):
        raise TypeError(type(name))
    machine.stack.append(Symbol(module, name))


def _symbol(machine: Machine) -> Symbol:
    module = str(machine.line(), "utf-8")
    return Symbol(module, str(machine.line(), "utf-8"))


def _extension(code: bytes, form: struct.Struct) -> None:
    def push(machine: Machine) -> None:
        number = machine.number(form)
        if number <= 0:
            raise ValueError(number)
        machine.stack.append(Symbol(EXTENSIONS, str(number)))

    OPCODES[code[0]] = push


_extension(b"\x82", UINT1)
_extension(b"\x83", UINT2)
_extension(b"\x84", INT4)


@opcode(b"R")
def reduce(machine: Machine) -> None:
    arguments = _tuple(machine.stack.pop())
    machine.stack[-1] = _call(machine, machine.stack[-1], arguments)


@opcode(b"\x81")
def new_object(machine: Machine) -> None:
    arguments = _tuple(machine.stack.pop())
    machine.stack[-1] = _call(machine, machine.stack[-1], arguments)


@opcode(b"\x92")
def new_object_with_keywords(machine: Machine) -> None:
    keywords = machine.stack.pop()
    arguments = _tuple(machine.stack.pop())
    machine.stack[-1] = _call(machine, machine.stack[-1], arguments, keywords)


@opcode(b"i")
def instance(machine: Machine) -> None:
    symbol = _symbol(machine)
    arguments = tuple(machine.items())
    machine.stack.append(_call(machine, symbol, arguments))


@opcode(b"o")
def instance_of(machine: Machine) -> None:
    function, *arguments = machine.items()
    machine.stack.append(_call(machine, function, tuple(arguments)))


@opcode(b"b")
def build(machine: Machine) -> None:
    state = machine.stack.pop()
    target = machine.stack[-1]
    if not isinstance(target, Call):
        # A class, a module or a container, which unpickling would modify: shown together with the new state.
        target = machine.stack[-1] = Call("change", target, ())
    target.states.append(state)


@opcode(b"P")
def persistent_line(machine: Machine) -> None:
    machine.stack.append(PersistentId(str(machine.line(), "utf-8")))


@opcode(b"Q")
def persistent(machine: Machine) -> None:
    machine.stack.append(PersistentId(machine.stack.pop()))


def _call(machine: Machine, function: Value, arguments: Value, keywords: Value = None) -> Call:
    """Record a call without making it, and count it, because its result may be discarded."""
    if isinstance(function, Symbol):
        machine.called[function.module, function.name] += 1
    return Call("call", function, arguments, keywords)


def _tuple(arguments: Value) -> Value:
    if not isinstance(arguments, tuple):
        raise TypeError(type(arguments))
    return arguments
