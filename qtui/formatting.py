"""Formats numbers, times, sizes and statuses for people."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable

ABSENT = "–"
"""Shown where there is no value."""

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

SIGNIFICANT_DIGITS = 5
"""Digits of a measured value."""


def format_number(value: float) -> str:
    """Return a measured value with its significant digits."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    magnitude = abs(value)
    if value == int(value) and magnitude < 1e15:
        return str(int(value))
    if magnitude < 1e-4 or magnitude >= 1e9:
        mantissa, exponent = f"{value:.{SIGNIFICANT_DIGITS - 2}e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    if magnitude >= 10 ** (SIGNIFICANT_DIGITS - 1):
        return f"{value:.1f}"
    return f"{value:.{SIGNIFICANT_DIGITS}g}"


def format_deviation(value: float) -> str:
    """Return a standard deviation with two significant digits: more would say nothing."""
    return f"{value:#.2g}".removesuffix(".") if value else "0"


MAX_DECIMALS = 6
"""Decimals that the values of a column share at most."""

MAX_FIXED = 10 ** (SIGNIFICANT_DIGITS + 1)
"""The magnitude below which values are written with the decimals of their column."""


def shared_decimals(values: Iterable[float]) -> int | None:
    """Return the number of decimals for a column of values; None if they are integers, or too large or small for it."""
    finite = [abs(value) for value in values if math.isfinite(value)]
    largest = max(finite, default=0.0)
    if not 1e-3 <= largest < MAX_FIXED or all(value == int(value) for value in finite):
        return None
    limit = max(1, min(MAX_DECIMALS, SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(largest))))
    return max(1, *(len(f"{value:.{limit}f}".rstrip("0").partition(".")[2]) for value in finite))


def number_format(decimals: int | None) -> Callable[[float], str]:
    """Return the function that writes numbers with these decimals, or with significant digits where those do not fit.

    A number that is too small or large for the decimals is not hidden; None means significant digits for all numbers.
    """
    if decimals is None:
        return format_number
    smallest, template = 10.0**-decimals, f"%.{decimals}f"
    return lambda value: template % value if smallest <= abs(value) < MAX_FIXED else format_number(value)


STALE = "STALE"
"""Replaces the status of a running run that has not written for a long time."""

STATUS_SIGNS = {"RUNNING": "▸", "SCHEDULED": "◦", "FINISHED": "✓", "FAILED": "✗", "KILLED": "⊘", STALE: "!"}
"""The sign of every status. None has an ambiguous width, which terminals set to Chinese may draw in two cells."""


STATUS_WORDS = {"FINISHED": "done", "SCHEDULED": "queued"}
"""Short words for statuses with a long name."""


def format_status(word: str) -> str:
    """Return a status as a sign and a short word, which is readable without colour."""
    return f"{STATUS_SIGNS.get(word, '?')} {status_word(word)}"


def status_word(word: str) -> str:
    """Return the short word for a status."""
    return STATUS_WORDS.get(word, word.lower())


def format_count(amount: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: `1 run`, `12,000 runs`."""
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def format_size(amount: int | None) -> str:
    """Return a number of bytes with its unit: `640 B`, `1.2 kB`, `34 MB`."""
    if amount is None:
        return ABSENT
    if amount < 1000:
        return f"{amount} B"
    units = ("kB", "MB", "GB", "TB", "PB")
    power = next((power for power in range(1, len(units)) if amount < 999.5 * 1000**power), len(units))
    scaled = amount / 1000**power
    return f"{scaled:.1f} {units[power - 1]}" if scaled < 9.95 else f"{scaled:.0f} {units[power - 1]}"


def format_duration(milliseconds: int | None) -> str:
    """Return a duration in its two largest units: `320ms`, `12s`, `3m 20s`, `2h 05m`, `3d 04h`."""
    if milliseconds is None:
        return ABSENT
    if milliseconds < 0:
        return "-" + format_duration(-milliseconds)
    if milliseconds < SECOND_MS:
        return f"{milliseconds}ms"
    if milliseconds < MINUTE_MS:
        return f"{milliseconds // SECOND_MS}s"
    if milliseconds < HOUR_MS:
        return f"{milliseconds // MINUTE_MS}m {milliseconds % MINUTE_MS // SECOND_MS:02}s"
    if milliseconds < DAY_MS:
        return f"{milliseconds // HOUR_MS}h {milliseconds % HOUR_MS // MINUTE_MS:02}m"
    return f"{milliseconds // DAY_MS}d {milliseconds % DAY_MS // HOUR_MS:02}h"


def format_age(time_ms: int | None, now: int) -> str:
    """Return how long ago a time was, or its date when that is more than a month; both times in milliseconds."""
    if time_ms is None:
        return ABSENT
    elapsed = now - time_ms
    if elapsed < -MINUTE_MS or elapsed >= 30 * DAY_MS:
        return format_time(time_ms).partition(" ")[0]
    if elapsed < MINUTE_MS:
        return "just now"
    for unit, letter in ((DAY_MS, "d"), (HOUR_MS, "h")):
        if elapsed >= unit:
            return f"{elapsed // unit}{letter} ago"
    return f"{elapsed // MINUTE_MS}m ago"


def format_time(milliseconds: int | None) -> str:
    """Return a time in milliseconds as local time to the second; a number out of range stays a number."""
    if milliseconds is None:
        return ABSENT
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(milliseconds / 1000))
    except (OverflowError, ValueError, OSError):
        return str(milliseconds)


def now_ms() -> int:
    """Return the present time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000
