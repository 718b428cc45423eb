"""Makes dates, times and spans of the standard library, from their bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from qtui.pickles.values.table import Parts, Unknown, check, makes

T = TypeVar("T")
FOLDED = 0x80
"""The bit that says that a time is the second one of its name, when clocks were set back."""
SPAN = "It is no span of time."


def checked(make: Callable[..., T], *args: Any, **keywords: Any) -> T:
    """What the standard library makes of numbers it checks itself."""
    try:
        return make(*args, **keywords)
    except (ValueError, OverflowError, TypeError) as error:
        raise Unknown(f"It cannot be: {error}.") from None


def _content(parts: Parts, size: int) -> bytes:
    """The bytes of a date or a time, which Python 2 gave as a text."""
    parts.check_only_args()
    content = parts.args[0] if parts.args else None
    if isinstance(content, str):
        try:
            content = content.encode("latin-1")
        except UnicodeEncodeError:
            content = None
    if not isinstance(content, bytes) or len(content) != size:
        raise Unknown(f"It is not given as {size} bytes.")
    return content


def _zone(parts: Parts) -> dt.tzinfo | None:
    """The time zone behind the bytes, if there is one."""
    if len(parts.args) == 1:
        return None
    zone = parts.args[1]
    if len(parts.args) != 2 or not isinstance(zone, dt.tzinfo):
        raise Unknown("Its time zone is not known here.")
    return zone


@makes("datetime:date")
def make_date(parts: Parts) -> dt.date:
    century, year, month, day = _content(parts, 4)
    check(len(parts.args) == 1, "It is given more than its bytes.")
    return checked(dt.date, century << 8 | year, month, day)


@makes("datetime:datetime")
def make_datetime(parts: Parts) -> dt.datetime:
    century, year, month, day, hour, minute, second, *micro = _content(parts, 10)
    fold, month = divmod(month, FOLDED)
    numbers = (century << 8 | year, month, day, hour, minute, second, int.from_bytes(micro, "big"))
    return checked(dt.datetime, *numbers, tzinfo=_zone(parts), fold=fold)


@makes("datetime:time")
def make_time(parts: Parts) -> dt.time:
    hour, minute, second, *micro = _content(parts, 6)
    fold, hour = divmod(hour, FOLDED)
    return checked(dt.time, hour, minute, second, int.from_bytes(micro, "big"), tzinfo=_zone(parts), fold=fold)


@makes("datetime:timedelta")
def make_timedelta(parts: Parts) -> dt.timedelta:
    parts.check_only_args()
    check(len(parts.args) == 3 and all(type(each) is int for each in parts.args), SPAN)
    return checked(dt.timedelta, *parts.args)


@makes("datetime:timezone")
def make_timezone(parts: Parts) -> dt.timezone:
    parts.check_only_args()
    match parts.args:
        case (dt.timedelta() as offset,):
            return dt.UTC if not offset else checked(dt.timezone, offset)
        case (dt.timedelta() as offset, str() as name):
            return checked(dt.timezone, offset, name)
    raise Unknown(SPAN)
