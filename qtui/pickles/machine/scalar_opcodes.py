"""Opcodes for numbers, strings and bytes."""

from __future__ import annotations

import codecs
import struct

from qtui.errors import PickleRefused
from qtui.pickles.machine.decoded_values import ByteArray
from qtui.pickles.machine.stack import FLOAT8, INT4, OPCODES, UINT1, UINT2, UINT4, UINT8, Machine, opcode

MAX_COPIED_BYTES = 1 << 12
"""Byte strings up to this size are copied, so that they do not keep the file's content alive."""
BOOLS = {b"00": False, b"01": True}
QUOTES = (b"'", b'"')
ESCAPED = codecs.lookup("raw-unicode-escape").name
"""Looked up at import, because the child process cannot import codecs later."""


@opcode(b"N")
def none(machine: Machine) -> None:
    machine.stack.append(None)


@opcode(b"\x88")
def true(machine: Machine) -> None:
    machine.stack.append(True)


@opcode(b"\x89")
def false(machine: Machine) -> None:
    machine.stack.append(False)


@opcode(b"I")
def decimal_int(machine: Machine) -> None:
    line = machine.line()
    machine.stack.append(BOOLS[line] if line in BOOLS else int(line, 0))


@opcode(b"L")
def decimal_long(machine: Machine) -> None:
    machine.stack.append(int(machine.line().removesuffix(b"L"), 0))


@opcode(b"F")
def decimal_float(machine: Machine) -> None:
    machine.stack.append(float(machine.line()))


def _number(code: bytes, form: struct.Struct) -> None:
    def push(machine: Machine) -> None:
        machine.stack.append(machine.number(form))

    OPCODES[code[0]] = push


_number(b"K", UINT1)
_number(b"M", UINT2)
_number(b"J", INT4)
_number(b"G", FLOAT8)


def _long(code: bytes, size: struct.Struct) -> None:
    def push(machine: Machine) -> None:
        content = machine.window(machine.number(size))
        machine.stack.append(int.from_bytes(content, "little", signed=True))

    OPCODES[code[0]] = push


_long(b"\x8a", UINT1)
_long(b"\x8b", INT4)


def _text(code: bytes, size: struct.Struct) -> None:
    def push(machine: Machine) -> None:
        machine.stack.append(str(machine.window(machine.number(size)), "utf-8", "surrogatepass"))

    OPCODES[code[0]] = push


_text(b"X", UINT4)
_text(b"\x8d", UINT8)


@opcode(b"\x8c")
def short_text(machine: Machine) -> None:
    # The most frequent opcode, so it is inlined.
    start = machine.position + 1
    end = start + machine.number(UINT1)
    if end > len(machine.data):
        raise machine.truncation_error()
    machine.stack.append(str(machine.data[start:end], "utf-8", "surrogatepass"))
    machine.position = end


@opcode(b"V")
def escaped_text(machine: Machine) -> None:
    machine.stack.append(str(machine.line(), ESCAPED))


def python2_text(content: bytes) -> str | bytes:
    """Decode a `str` of Python 2: text if it is ASCII, otherwise bytes, because its encoding is unknown."""
    return content.decode("ascii") if content.isascii() else content


@opcode(b"S")
def quoted_string(machine: Machine) -> None:
    line = machine.line().strip()
    if len(line) < 2 or line[:1] not in QUOTES or line[:1] != line[-1:]:
        raise ValueError(line)
    machine.stack.append(python2_text(codecs.escape_decode(line[1:-1])[0]))


def _string(code: bytes, size: struct.Struct) -> None:
    def push(machine: Machine) -> None:
        machine.stack.append(python2_text(machine.take(machine.number(size))))

    OPCODES[code[0]] = push


_string(b"U", UINT1)
_string(b"T", INT4)


def _bytes(code: bytes, size: struct.Struct) -> None:
    def push(machine: Machine) -> None:
        content = machine.window(machine.number(size))
        machine.stack.append(bytes(content) if len(content) <= MAX_COPIED_BYTES else content)

    OPCODES[code[0]] = push


_bytes(b"C", UINT1)
_bytes(b"B", UINT4)
_bytes(b"\x8e", UINT8)


@opcode(b"\x96")
def bytearray_(machine: Machine) -> None:
    machine.stack.append(ByteArray(machine.window(machine.number(UINT8))))


def out_of_band_buffer(machine: Machine) -> None:
    raise PickleRefused("The pickle uses out-of-band buffers, which are not in the file.")


opcode(b"\x97")(out_of_band_buffer)
opcode(b"\x98")(out_of_band_buffer)
