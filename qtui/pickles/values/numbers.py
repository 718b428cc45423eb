"""Makes the numbers, ids and paths of the standard library."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from uuid import UUID

from qtui.pickles.values.table import Parts, Unknown, check, makes

DIGITS = 4_300
DECIMAL = re.compile(
    r"[+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d{1,18})?|[+-]?(?:Infinity|s?NaN\d*)", re.ASCII | re.IGNORECASE
)
FRACTION = re.compile(r"(-?\d+)(?:/(\d+))?", re.ASCII)
UUID_BITS = 128


@makes("decimal:Decimal", "_pydecimal:Decimal")
def make_decimal(parts: Parts) -> Decimal:
    parts.check_only_args()
    match parts.args:
        case (str() as text,) if len(text) <= DIGITS and DECIMAL.fullmatch(text):
            try:
                return Decimal(text)
            except ArithmeticError:
                raise Unknown("Its exponent is too great.") from None
    raise Unknown("Its digits are no number.")


@makes("fractions:Fraction")
def make_fraction(parts: Parts) -> Fraction:
    parts.check_only_args()
    match parts.args:
        case (str() as text,) if len(text) <= DIGITS and (found := FRACTION.fullmatch(text)):
            numerator, denominator = int(found[1]), int(found[2] or 1)
        case (int() as numerator, int() as denominator):
            pass
        case _:
            raise Unknown("Its digits are no fraction.")
    check(denominator, "It is divided by 0.")
    return Fraction(numerator, denominator)


@makes("uuid:UUID")
def make_uuid(parts: Parts) -> UUID:
    state = parts.state
    check(isinstance(state, dict) and not parts.args, "Its number is not given.")
    number = state.get("int")
    check(type(number) is int and 0 <= number < 1 << UUID_BITS, "Its number has more than 128 bits, or is none.")
    return UUID(int=number)


@makes("pathlib:PosixPath", "pathlib:PurePosixPath", "pathlib._local:PosixPath", "pathlib._local:PurePosixPath")
def make_path(parts: Parts) -> PurePath:
    return PurePosixPath(*_steps(parts))


@makes("pathlib:WindowsPath", "pathlib:PureWindowsPath", "pathlib._local:WindowsPath", "pathlib._local:PureWindowsPath")
def make_windows_path(parts: Parts) -> PurePath:
    return PureWindowsPath(*_steps(parts))


def _steps(parts: Parts) -> tuple[str, ...]:
    parts.check_only_args()
    check(all(type(step) is str for step in parts.args), "Its steps are no texts.")
    return parts.args
