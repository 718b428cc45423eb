"""Parsing of durations, dates and times, such as `90s`, `1h30m`, `2026-01-31 18:30` and `yesterday`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from qtui.lazy_pattern import lazy_pattern

UNIT_MS: Mapping[str, int] = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
}

_MAX_MS = 10**15
"""Limit of durations and times, some thirty thousand years."""
_PART = r"(\d+(?:\.\d+)?)\s*(ms|[smhdw])"
_DURATION = lazy_pattern(rf"(?:{_PART}\s*)+", re.ASCII | re.IGNORECASE)
_PARTS = lazy_pattern(_PART, re.ASCII | re.IGNORECASE)
_TIME_OF_DAY = lazy_pattern(r"\d\d:\d\d\S*", re.ASCII)
_DATE = lazy_pattern(r"\d{4}-\d\d-\d\d", re.ASCII)


def parse_duration(text: str) -> int | None:
    """Return a duration in milliseconds, None if the text is not a duration."""
    if not _DURATION.fullmatch(text):
        return None
    total = sum(float(amount) * UNIT_MS[unit.lower()] for amount, unit in _PARTS.findall(text))
    return round(total) if total <= _MAX_MS else None


def is_date(text: str) -> bool:
    """Return whether the text is a date without a time of day."""
    return _DATE.fullmatch(text) is not None


def is_time_of_day(text: str) -> bool:
    """Return whether the text looks like a time of day."""
    return _TIME_OF_DAY.fullmatch(text) is not None


def parse_day(text: str, now: int) -> tuple[int, int] | None:
    """Return the start and end (Unix ms) of a local day (a date, `today`, `yesterday`), else None."""
    try:
        if (days_ago := {"today": 0, "yesterday": 1}.get(text.lower())) is not None:
            day = datetime.fromtimestamp(now / 1000).date() - timedelta(days=days_ago)
        elif is_date(text):
            day = date.fromisoformat(text)
        else:
            return None
        return _midnight(day), _midnight(day + timedelta(days=1))
    except (ValueError, OverflowError, OSError):
        return None


def parse_instant(text: str, now: int) -> int | None:
    """Return `now`, or a date with a time of day, in Unix ms; None for other texts. Times without a zone are local."""
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
