"""Build numbers, UUIDs and paths of the standard library."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from uuid import UUID

from qtui.pickles.values.registry import ObjectParts, Unsupported, check, factory

MAX_DIGITS = 4_300
DECIMAL = re.compile(
    r"[+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d{1,18})?|[+-]?(?:Infinity|s?NaN\d*)", re.ASCII | re.IGNORECASE
)
FRACTION = re.compile(r"(-?\d+)(?:/(\d+))?", re.ASCII)
UUID_BITS = 128


@factory("decimal:Decimal", "_pydecimal:Decimal")
def make_decimal(parts: ObjectParts) -> Decimal:
    parts.check_only_args()
    match parts.args:
        case (str() as text,) if len(text) <= MAX_DIGITS and DECIMAL.fullmatch(text):
            try:
                return Decimal(text)
            except ArithmeticError:
                raise Unsupported("Its exponent is too large.") from None
    raise Unsupported("Its digits are not a number.")


@factory("fractions:Fraction")
def make_fraction(parts: ObjectParts) -> Fraction:
    parts.check_only_args()
    match parts.args:
        case (str() as text,) if len(text) <= MAX_DIGITS and (match := FRACTION.fullmatch(text)):
            numerator, denominator = int(match[1]), int(match[2] or 1)
        case (int() as numerator, int() as denominator):
            pass
        case _:
            raise Unsupported("Its digits are not a fraction.")
    check(denominator, "Its denominator is 0.")
    return Fraction(numerator, denominator)


@factory("uuid:UUID")
def make_uuid(parts: ObjectParts) -> UUID:
    state = parts.state
    check(isinstance(state, dict) and not parts.args, "Its number is missing.")
    number = state.get("int")
    check(type(number) is int and 0 <= number < 1 << UUID_BITS, "Its number is not a 128-bit int.")
    return UUID(int=number)


@factory("pathlib:PosixPath", "pathlib:PurePosixPath", "pathlib._local:PosixPath", "pathlib._local:PurePosixPath")
def make_path(parts: ObjectParts) -> PurePath:
    return PurePosixPath(*_path_parts(parts))


@factory("pathlib:WindowsPath", "pathlib:PureWindowsPath")
@factory("pathlib._local:WindowsPath", "pathlib._local:PureWindowsPath")
def make_windows_path(parts: ObjectParts) -> PurePath:
    return PureWindowsPath(*_path_parts(parts))


def _path_parts(parts: ObjectParts) -> tuple[str, ...]:
    parts.check_only_args()
    check(all(type(step) is str for step in parts.args), "Its parts are not strings.")
    return parts.args
