"""Writes the numbers beside an axis: short, and with just the digits that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MOST_DIGITS = 6
"""Numbers that take more digits to be told apart are written as differences from one that they share."""
LEAST_PLAIN = -3
MOST_PLAIN = 15
MOST_SHORT = 4
"""Powers of ten between which numbers are written out, and from which on with units."""
LONGEST_PLAIN = 9
UNITS = {3: "k", 6: "M", 9: "G", 12: "T"}


class Labels(NamedTuple):
    """The text of each tick, and what all of them are to be added to, if anything."""

    texts: tuple[str, ...]
    note: str = ""


def labels(numbers: Sequence[int], exponent: int) -> Labels:
    """The labels for whole multiples of a power of ten, in ascending order."""
    digits = len(str(max((abs(each) for each in numbers), default=0)))
    base = _base(numbers) if digits > MOST_DIGITS else 0
    if base:
        texts = labels([each - base for each in numbers], exponent).texts
        return Labels(tuple(f"+{text}" for text in texts), f"{shortest(base, exponent)} + …")
    power = digits + exponent
    write = scientific
    if LEAST_PLAIN < power <= MOST_PLAIN and digits <= MOST_DIGITS:
        write = with_unit if power > MOST_SHORT else plain
    return Labels(tuple(write(each, exponent) if each else "0" for each in numbers))


def with_unit(number: int, exponent: int) -> str:
    """The number times a power of ten in thousands, millions and so on: `500`, `20k`, `1.5M`."""
    power = len(str(abs(number))) + exponent
    if power <= min(UNITS):
        return plain(number, exponent)
    unit = max(each for each in UNITS if each < power)
    text = plain(number, exponent - unit)
    return (text.rstrip("0").rstrip(".") if "." in text else text) + UNITS[unit]


def plain(number: int, exponent: int) -> str:
    """The number times a power of ten, written out with as many decimals as the power has."""
    if exponent >= 0:
        return str(number * 10**exponent)
    digits = str(abs(number)).rjust(1 - exponent, "0")
    return f"{'-' if number < 0 else ''}{digits[:exponent]}.{digits[exponent:]}"


def scientific(number: int, exponent: int) -> str:
    """The number times a power of ten, as `2.5e-5`."""
    digits = str(abs(number))
    mantissa = f"{digits[0]}.{digits[1:]}".rstrip("0").rstrip(".")
    return f"{'-' if number < 0 else ''}{mantissa}e{exponent + len(digits) - 1}"


def _base(numbers: Sequence[int]) -> int:
    """The round number below all of these that leaves the least digits to tell."""
    if len(numbers) == 1:
        return numbers[0]
    round_to: int = 10 ** len(str(numbers[-1] - numbers[0]))
    return numbers[0] // round_to * round_to


def shortest(number: int, exponent: int) -> str:
    """The number times a power of ten, written out unless that is long."""
    while number and number % 10 == 0:
        number, exponent = number // 10, exponent + 1
    written = plain(number, exponent)
    return written if len(written) <= LONGEST_PLAIN else scientific(number, exponent)
