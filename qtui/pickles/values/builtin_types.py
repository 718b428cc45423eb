"""Build values of Python's built-in types."""

from __future__ import annotations

from typing import Any

from qtui.pickles.values.registry import ObjectParts, Unsupported, check, factory

LATIN = frozenset(("latin1", "latin-1", "iso-8859-1"))


@factory("builtins:set")
def make_set(parts: ObjectParts) -> set[Any]:
    return set(_hashable(parts))


@factory("builtins:frozenset")
def make_frozenset(parts: ObjectParts) -> frozenset[Any]:
    return frozenset(_hashable(parts))


def _hashable(parts: ObjectParts) -> tuple[Any, ...]:
    """Return the items of a set; raise Unsupported if they are not cheap to hash."""
    parts.check_only_args()
    if not parts.args:
        return ()
    check(len(parts.args) == 1 and isinstance(parts.args[0], list), "Its items are not in a list.")
    parts.check_keys(parts.args[0])
    return tuple(parts.args[0])


@factory("builtins:slice")
def make_slice(parts: ObjectParts) -> slice:
    parts.check_only_args()
    check(len(parts.args) == 3, "A slice has three parts.")
    return slice(*parts.args)


@factory("builtins:range", "builtins:xrange")
def make_range(parts: ObjectParts) -> range:
    parts.check_only_args()
    check(1 <= len(parts.args) <= 3 and all(type(bound) is int for bound in parts.args), "Its bounds are not ints.")
    check(len(parts.args) < 3 or parts.args[2], "Its step is 0.")
    return range(*parts.args)


@factory("builtins:complex")
def make_complex(parts: ObjectParts) -> complex:
    parts.check_only_args()
    check(len(parts.args) == 2 and all(type(part) is float for part in parts.args), "Its parts are not floats.")
    return complex(*parts.args)


@factory("builtins:bytearray")
def make_bytearray(parts: ObjectParts) -> bytearray:
    parts.check_only_args()
    return bytearray(_bytes_of(parts.args))


@factory("builtins:bytes")
def make_bytes(parts: ObjectParts) -> bytes:
    parts.check_only_args()
    return _bytes_of(parts.args)


@factory("_codecs:encode")
def make_encoded(parts: ObjectParts) -> bytes:
    parts.check_only_args()
    check(len(parts.args) == 2, "Its encoding is missing.")
    return _bytes_of(parts.args)


def _bytes_of(args: tuple[Any, ...]) -> bytes:
    """Return bytes from bytes or a Latin-1 string; an int is refused, because it would allocate that many bytes."""
    match args:
        case ():
            return b""
        case (bytes() | bytearray() as content,):
            return bytes(content)
        case (str() as text, str() as encoding) if encoding in LATIN:
            try:
                return text.encode("latin-1")
            except UnicodeEncodeError:
                raise Unsupported("Its string is not Latin-1.") from None
    raise Unsupported("Its content is missing.")
