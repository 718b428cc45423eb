"""Times in the lines of a log, and times that a user types to go to."""

from __future__ import annotations

import re
from datetime import datetime, time

from qtui.errors import BadValue
from qtui.query.times import parse_duration

START_LENGTH = 200
"""Characters of a line in which its time and level are searched."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIME = re.compile(
    r"(?<!\d)(\d{4})[-/](\d\d)[-/](\d\d)[T ,]+(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d:?\d\d(?!\d))?"
)
ACCESS_TIME = re.compile(rf"(?<!\d)(\d\d)/({'|'.join(MONTHS)})/(\d{{4}}):(\d\d):(\d\d):(\d\d)(?: ([+-]\d{{4}}))?")
"""The time in an access log of a web server, such as `[10/Oct/2024:13:55:36 +0200]`."""
CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,6})?)?")
STEP = re.compile(r"([+-])\s*(.+)")
UNREADABLE = "Type a time such as 2026-01-31 18:30, 18:30:15, +10m or -2h."
EXAMPLE = datetime(2026, 1, 31)


def time_match(line: str) -> re.Match[str] | None:
    """Return the first time in a line."""
    return TIME.search(line, 0, START_LENGTH) or ACCESS_TIME.search(line, 0, START_LENGTH)


def line_moment(line: str) -> datetime | None:
    """Return the time of a line, with its zone if it names one; None without a time."""
    match = time_match(line)
    if match is None:
        return None
    if match.re is ACCESS_TIME:
        day, month, year, hour, minute, second, zone = match.groups()
        numbers, fraction = [year, f"{MONTHS.index(month) + 1:02}", day, hour, minute], "0"
    else:
        *numbers, second, fraction, zone = match.groups()
    text = "{}-{}-{}T{}:{}".format(*numbers) + f":{second or '00'}.{(fraction or '0')[:3]:0<3}"
    try:
        return datetime.fromisoformat(text + (zone or "").replace("Z", "+00:00"))
    except ValueError:
        return None


def line_time(line: str) -> int | None:
    """Return the time of a line in milliseconds since the epoch, local time if it names no zone."""
    moment = line_moment(line)
    return None if moment is None else to_ms(moment)


def to_ms(moment: datetime) -> int | None:
    """Return milliseconds since the epoch; None for a time that the platform cannot convert."""
    try:
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return None


def parse_log_time(text: str, base: datetime) -> int:
    """Return the time that a user means, in milliseconds since the epoch, in the zone of a line with the time `base`.

    It is a date with or without a time, a time on the day of the line, or a step from it. Raises BadValue for others.
    """
    text = text.strip()
    if step := STEP.fullmatch(text):
        duration = parse_duration(step[2].strip())
        result = to_ms(base) if duration is not None else None
        if duration is None or result is None:
            raise BadValue(UNREADABLE)
        return result + (duration if step[1] == "+" else -duration)
    try:
        if CLOCK.fullmatch(text):
            clock = time.fromisoformat(text.replace(",", ".").rjust(len(text) + (text.index(":") == 1), "0"))
            moment = datetime.combine(base.date(), clock, base.tzinfo)
        else:
            moment = line_moment(text) or datetime.fromisoformat(text.replace("/", "-"))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=base.tzinfo)
        result = to_ms(moment)
    except ValueError:
        result = None
    if result is None:
        raise BadValue(UNREADABLE)
    return result


def log_time_problem(text: str) -> str | None:
    """Return why a text is no time to go to; None if it is one."""
    try:
        parse_log_time(text, EXAMPLE)
    except (BadValue, OverflowError):
        return UNREADABLE
    return None
