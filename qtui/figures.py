"""How numbers, times and amounts are written for people."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

ABSENT = "–"
"""Stands where there is nothing to tell."""

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

SIGNIFICANT = 5


def number(value: float) -> str:
    """A measured value with the digits that matter."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    magnitude = abs(value)
    if value == int(value) and magnitude < 1e15:
        return str(int(value))
    if magnitude < 1e-4 or magnitude >= 1e9:
        mantissa, exponent = f"{value:.{SIGNIFICANT - 2}e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    if magnitude >= 10 ** (SIGNIFICANT - 1):
        return f"{value:.1f}"
    return f"{value:.{SIGNIFICANT}g}"


MOST_DECIMALS = 6


def decimals_of(values: Iterable[float]) -> int | None:
    """The decimals that all of these values can share; None when they are whole, or of too many sizes."""
    finite = [abs(each) for each in values if math.isfinite(each)]
    greatest = max(finite, default=0.0)
    if not 1e-3 <= greatest < 10 ** (SIGNIFICANT + 1) or all(each == int(each) for each in finite):
        return None
    most = max(1, min(MOST_DECIMALS, SIGNIFICANT - 1 - math.floor(math.log10(greatest))))
    used = max(len(f"{each:.{most}f}".rstrip("0").partition(".")[2]) for each in finite)
    return max(1, used)


def fixed(value: float, decimals: int) -> str:
    """A measured value with so many decimals, unless that would hide it or make it endless."""
    if not math.isfinite(value) or not 10.0**-decimals <= abs(value) < 10 ** (SIGNIFICANT + 1):
        return number(value)
    return f"{value:.{decimals}f}"


STALE = "STALE"
"""Said in the place of a status of a running run that has been silent for too long."""

STATUS_SIGNS = {"RUNNING": "▸", "SCHEDULED": "◦", "FINISHED": "✓", "FAILED": "✗", "KILLED": "⊘", STALE: "!"}
"""A sign for each status. None is of ambiguous width, which a terminal set to Chinese may draw over two cells."""


STATUS_WORDS = {"FINISHED": "done", "SCHEDULED": "queued"}
"""The short words for statuses whose own word is long."""


def status(word: str) -> str:
    """A status as a sign and a short word, so that colour is never needed."""
    return f"{STATUS_SIGNS.get(word, '?')} {status_word(word)}"


def status_word(word: str) -> str:
    """Return the short word for a status."""
    return STATUS_WORDS.get(word, word.lower())


def count(amount: int, noun: str, plural: str | None = None) -> str:
    """An amount with its noun: `1 run`, `12,000 runs`."""
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def size(amount: int | None) -> str:
    """An amount of bytes: `640 B`, `1.2 kB`, `34 MB`."""
    if amount is None:
        return ABSENT
    if amount < 1000:
        return f"{amount} B"
    units = ("kB", "MB", "GB", "TB", "PB")
    power = next((each for each in range(1, len(units)) if amount < 999.5 * 1000**each), len(units))
    scaled = amount / 1000**power
    return f"{scaled:.1f} {units[power - 1]}" if scaled < 9.95 else f"{scaled:.0f} {units[power - 1]}"


def duration(milliseconds: int | None) -> str:
    """A span of time in its two largest units: `320ms`, `12s`, `3m 20s`, `2h 05m`, `3d 04h`."""
    if milliseconds is None:
        return ABSENT
    if milliseconds < 0:
        return "-" + duration(-milliseconds)
    if milliseconds < SECOND:
        return f"{milliseconds}ms"
    if milliseconds < MINUTE:
        return f"{milliseconds // SECOND}s"
    if milliseconds < HOUR:
        return f"{milliseconds // MINUTE}m {milliseconds % MINUTE // SECOND:02}s"
    if milliseconds < DAY:
        return f"{milliseconds // HOUR}h {milliseconds % HOUR // MINUTE:02}m"
    return f"{milliseconds // DAY}d {milliseconds % DAY // HOUR:02}h"


def age(moment_ms: int | None, now: int) -> str:
    """How long ago that was, or the day when it is more than a month."""
    if moment_ms is None:
        return ABSENT
    past = now - moment_ms
    if past < -MINUTE or past >= 30 * DAY:
        return moment(moment_ms).partition(" ")[0]
    if past < MINUTE:
        return "just now"
    for unit, letter in ((DAY, "d"), (HOUR, "h")):
        if past >= unit:
            return f"{past // unit}{letter} ago"
    return f"{past // MINUTE}m ago"


def moment(milliseconds: int | None) -> str:
    """A point in local time to the second; a number that is no time stays a number."""
    if milliseconds is None:
        return ABSENT
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(milliseconds / 1000))
    except (OverflowError, ValueError, OSError):
        return str(milliseconds)


def now_ms() -> int:
    """This moment in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000
