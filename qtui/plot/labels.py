"""Writes the numbers beside an axis: short, and with just the digits that tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MOST_DIGITS = 6
"""Numbers that take more digits to be told apart are written as differences from one that they share."""
LEAST_PLAIN = -3
MOST_PLAIN = 4
"""Powers of ten between which numbers are written out."""
LONGEST_PLAIN = 9
UNITS = {3: "k", 6: "M", 9: "G", 12: "T"}


class Labels(NamedTuple):
    """The text of each tick, and what all of them are to be added to, if anything."""

    texts: tuple[str, ...]
    note: str = ""


def labels(numbers: Sequence[int], exponent: int) -> Labels:
    """The labels for whole multiples of a power of ten, in ascending order."""
    greatest = max((abs(each) for each in numbers), default=0)
    digits = len(str(greatest))
    if digits > MOST_DIGITS and len(numbers) > 1:
        return _differences(numbers, exponent)
    power = digits + exponent
    if power > MOST_PLAIN + max(UNITS) - 1 or power <= LEAST_PLAIN or (digits > MOST_DIGITS and exponent > 0):
        return Labels(tuple(scientific(each, exponent) for each in numbers))
    unit = max((each for each in UNITS if each < power), default=0) if power > MOST_PLAIN else 0
    suffix = UNITS.get(unit, "")
    return Labels(tuple(plain(each, exponent - unit) + suffix if each else "0" for each in numbers))


def plain(number: int, exponent: int) -> str:
    """The number times a power of ten, written out with as many decimals as the power has."""
    if exponent >= 0:
        return str(number * 10**exponent)
    digits = str(abs(number)).rjust(1 - exponent, "0")
    return f"{'-' if number < 0 else ''}{digits[:exponent]}.{digits[exponent:]}"


def scientific(number: int, exponent: int) -> str:
    """The number times a power of ten, as `2.5e-5`."""
    if not number:
        return "0"
    digits = str(abs(number))
    mantissa = f"{digits[0]}.{digits[1:]}".rstrip("0").rstrip(".")
    return f"{'-' if number < 0 else ''}{mantissa}e{exponent + len(digits) - 1}"


def _differences(numbers: Sequence[int], exponent: int) -> Labels:
    """The labels of what each number is above a round one below them all."""
    round_to = 10 ** len(str(numbers[-1] - numbers[0]))
    base = numbers[0] // round_to * round_to
    texts = labels([each - base for each in numbers], exponent).texts
    return Labels(tuple(f"+{text}" for text in texts), f"{shortest(base, exponent)} + …")


def shortest(number: int, exponent: int) -> str:
    """The number times a power of ten, written out unless that is long."""
    while number and number % 10 == 0:
        number, exponent = number // 10, exponent + 1
    written = plain(number, exponent)
    return written if len(written) <= LONGEST_PLAIN else scientific(number, exponent)
