"""Durations and dates as a person writes them: `90s`, `1h30m`, `2026-01-31`, `2026-01-31 18:30`, `yesterday`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

UNITS: Mapping[str, int] = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
}
"""How many milliseconds each unit has."""

_LARGEST = 10**15
"""Beyond this many milliseconds, some thirty thousand years, nothing is a duration or a moment."""
_PART = r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])"
_DURATION = re.compile(rf"(?:{_PART}\s*)+", re.ASCII | re.IGNORECASE)
_PARTS = re.compile(_PART, re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(r"\d\d:\d\d\S*", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def duration_of(text: str) -> int | None:
    """Milliseconds in a duration, or None if the text is none."""
    if not _DURATION.fullmatch(text):
        return None
    total = sum(float(amount) * UNITS[unit.lower()] for amount, unit in _PARTS.findall(text))
    return round(total) if total <= _LARGEST else None


def is_date(text: str) -> bool:
    """Whether the text is a date alone, without a time of day."""
    return _DATE.fullmatch(text) is not None


def is_clock(text: str) -> bool:
    """Whether the text looks like a time of day."""
    return _CLOCK.fullmatch(text) is not None


def day_of(text: str, now: int) -> tuple[int, int] | None:
    """When a whole day begins and ends: a date, `today` or `yesterday`, in local time."""
    try:
        if (back := {"today": 0, "yesterday": 1}.get(text.lower())) is not None:
            day = datetime.fromtimestamp(now / 1000).date() - timedelta(days=back)
        elif is_date(text):
            day = date.fromisoformat(text)
        else:
            return None
        return _midnight(day), _midnight(day + timedelta(days=1))
    except (ValueError, OverflowError, OSError):
        return None


def instant_of(text: str, now: int) -> int | None:
    """A moment in milliseconds: `now`, or a date with a time of day, local unless it names its zone."""
    if text.lower() == "now":
        return now
    if not _DATE.match(text):
        return None
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return None


def _midnight(day: date) -> int:
    return round(datetime(day.year, day.month, day.day).timestamp() * 1000)
