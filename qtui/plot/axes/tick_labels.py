"""Labels of numeric ticks: short, with just the digits that distinguish them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MAX_DIGITS = 6
"""Numbers that need more digits are labelled as differences from a common base."""
MIN_PLAIN_EXPONENT = -3
MAX_PLAIN_EXPONENT = 15
MAX_SHORT_EXPONENT = 4
"""Exponents between which numbers are written out, and above which they get unit suffixes."""
MAX_PLAIN_CHARACTERS = 9
UNIT_SUFFIXES = {3: "k", 6: "M", 9: "G", 12: "T"}


class TickLabels(NamedTuple):
    """The text of each tick, and the base that they are added to, if any."""

    texts: tuple[str, ...]
    note: str = ""


def tick_labels(numbers: Sequence[int], exponent: int) -> TickLabels:
    """Return labels for multiples of a power of ten, in ascending order."""
    digits = len(str(max((abs(value) for value in numbers), default=0)))
    base = _common_base(numbers) if digits > MAX_DIGITS else 0
    if base:
        texts = tick_labels([value - base for value in numbers], exponent).texts
        return TickLabels(tuple(f"+{text}" for text in texts), f"{format_shortest(base, exponent)} + …")
    power = digits + exponent
    write = format_scientific
    if MIN_PLAIN_EXPONENT < power <= MAX_PLAIN_EXPONENT and digits <= MAX_DIGITS:
        write = format_with_unit if power > MAX_SHORT_EXPONENT else format_plain
    return TickLabels(tuple(write(value, exponent) if value else "0" for value in numbers))


def format_with_unit(number: int, exponent: int) -> str:
    """Return number x 10^exponent with a unit suffix: `500`, `20k`, `1.5M`."""
    power = len(str(abs(number))) + exponent
    if power <= min(UNIT_SUFFIXES):
        return format_plain(number, exponent)
    unit = max(value for value in UNIT_SUFFIXES if value < power)
    text = format_plain(number, exponent - unit)
    return (text.rstrip("0").rstrip(".") if "." in text else text) + UNIT_SUFFIXES[unit]


def format_plain(number: int, exponent: int) -> str:
    """Return number x 10^exponent with as many decimals as the exponent has."""
    if exponent >= 0:
        return str(number * 10**exponent)
    digits = str(abs(number)).rjust(1 - exponent, "0")
    return f"{'-' if number < 0 else ''}{digits[:exponent]}.{digits[exponent:]}"


def format_scientific(number: int, exponent: int) -> str:
    """Return number x 10^exponent in scientific notation, such as `2.5e-5`."""
    digits = str(abs(number))
    mantissa = f"{digits[0]}.{digits[1:]}".rstrip("0").rstrip(".")
    return f"{'-' if number < 0 else ''}{mantissa}e{exponent + len(digits) - 1}"


def _common_base(numbers: Sequence[int]) -> int:
    """Return the round number below all of these that leaves the fewest digits."""
    if len(numbers) == 1:
        return numbers[0]
    round_to: int = 10 ** len(str(numbers[-1] - numbers[0]))
    return numbers[0] // round_to * round_to


def format_shortest(number: int, exponent: int) -> str:
    """Return number x 10^exponent, written out unless that is long."""
    while number and number % 10 == 0:
        number, exponent = number // 10, exponent + 1
    plain = format_plain(number, exponent)
    return plain if len(plain) <= MAX_PLAIN_CHARACTERS else format_scientific(number, exponent)
