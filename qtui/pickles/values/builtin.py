"""Makes the values of Python's own types."""

from __future__ import annotations

from typing import Any

from qtui.pickles.values.table import Parts, Unknown, check, makes

LATIN = frozenset(("latin1", "latin-1", "iso-8859-1"))


@makes("builtins:set")
def make_set(parts: Parts) -> set[Any]:
    return set(_hashable(parts))


@makes("builtins:frozenset")
def make_frozenset(parts: Parts) -> frozenset[Any]:
    return frozenset(_hashable(parts))


def _hashable(parts: Parts) -> tuple[Any, ...]:
    """The items of a set, which have to be light to be hashed here."""
    parts.check_only_args()
    if not parts.args:
        return ()
    check(len(parts.args) == 1 and isinstance(parts.args[0], list), "Its items are not in a list.")
    parts.check_keys(parts.args[0])
    return tuple(parts.args[0])


@makes("builtins:slice")
def make_slice(parts: Parts) -> slice:
    parts.check_only_args()
    check(len(parts.args) == 3, "A slice has three parts.")
    return slice(*parts.args)


@makes("builtins:range", "builtins:xrange")
def make_range(parts: Parts) -> range:
    parts.check_only_args()
    check(
        1 <= len(parts.args) <= 3 and all(type(each) is int for each in parts.args), "Its bounds are no whole numbers."
    )
    check(len(parts.args) < 3 or parts.args[2], "Its step is 0.")
    return range(*parts.args)


@makes("builtins:complex")
def make_complex(parts: Parts) -> complex:
    parts.check_only_args()
    check(len(parts.args) == 2 and all(type(each) is float for each in parts.args), "Its parts are no numbers.")
    return complex(*parts.args)


@makes("builtins:bytearray")
def make_bytearray(parts: Parts) -> bytearray:
    parts.check_only_args()
    return bytearray(_octets(parts.args))


@makes("builtins:bytes")
def make_bytes(parts: Parts) -> bytes:
    parts.check_only_args()
    return _octets(parts.args)


@makes("_codecs:encode")
def make_encoded(parts: Parts) -> bytes:
    parts.check_only_args()
    check(len(parts.args) == 2, "Its encoding is not named.")
    return _octets(parts.args)


def _octets(args: tuple[Any, ...]) -> bytes:
    """Bytes, or a text whose characters are bytes: a number would ask for so many bytes out of nothing."""
    match args:
        case ():
            return b""
        case (bytes() | bytearray() as content,):
            return bytes(content)
        case (str() as text, str() as encoding) if encoding in LATIN:
            try:
                return text.encode("latin-1")
            except UnicodeEncodeError:
                raise Unknown("Its text holds more than bytes.") from None
    raise Unknown("Its content is not in it.")
