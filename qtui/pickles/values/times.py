"""Build dates, times and time deltas of the standard library from their bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from qtui.pickles.values.registry import ObjectParts, Unsupported, check, factory

T = TypeVar("T")
FOLD_BIT = 0x80
"""The bit of the fold attribute: the second occurrence of an ambiguous time."""
INVALID_TIMEDELTA = "It is not a valid time delta."


def call_checked(make: Callable[..., T], *args: Any, **keywords: Any) -> T:
    """Call a constructor that validates its arguments; raise Unsupported if it refuses them."""
    try:
        return make(*args, **keywords)
    except (ValueError, OverflowError, TypeError) as error:
        raise Unsupported(f"It is invalid: {error}.") from None


def _content(parts: ObjectParts, size: int) -> bytes:
    """Return the bytes of a date or time, which Python 2 wrote as a string."""
    parts.check_only_args()
    content = parts.args[0] if parts.args else None
    if isinstance(content, str):
        try:
            content = content.encode("latin-1")
        except UnicodeEncodeError:
            content = None
    if not isinstance(content, bytes) or len(content) != size:
        raise Unsupported(f"Its content is not {size} bytes.")
    return content


def _zone(parts: ObjectParts) -> dt.tzinfo | None:
    """Return the time zone after the bytes, if any."""
    if len(parts.args) == 1:
        return None
    zone = parts.args[1]
    if len(parts.args) != 2 or not isinstance(zone, dt.tzinfo):
        raise Unsupported("Its time zone is not supported.")
    return zone


@factory("datetime:date")
def make_date(parts: ObjectParts) -> dt.date:
    century, year, month, day = _content(parts, 4)
    check(len(parts.args) == 1, "It has more than its bytes.")
    return call_checked(dt.date, century << 8 | year, month, day)


@factory("datetime:datetime")
def make_datetime(parts: ObjectParts) -> dt.datetime:
    century, year, month, day, hour, minute, second, *micro = _content(parts, 10)
    fold, month = divmod(month, FOLD_BIT)
    numbers = (century << 8 | year, month, day, hour, minute, second, int.from_bytes(micro, "big"))
    return call_checked(dt.datetime, *numbers, tzinfo=_zone(parts), fold=fold)


@factory("datetime:time")
def make_time(parts: ObjectParts) -> dt.time:
    hour, minute, second, *micro = _content(parts, 6)
    fold, hour = divmod(hour, FOLD_BIT)
    return call_checked(dt.time, hour, minute, second, int.from_bytes(micro, "big"), tzinfo=_zone(parts), fold=fold)


@factory("datetime:timedelta")
def make_timedelta(parts: ObjectParts) -> dt.timedelta:
    parts.check_only_args()
    check(len(parts.args) == 3 and all(type(number) is int for number in parts.args), INVALID_TIMEDELTA)
    return call_checked(dt.timedelta, *parts.args)


@factory("datetime:timezone")
def make_timezone(parts: ObjectParts) -> dt.timezone:
    parts.check_only_args()
    match parts.args:
        case (dt.timedelta() as offset,):
            return dt.UTC if not offset else call_checked(dt.timezone, offset)
        case (dt.timedelta() as offset, str() as name):
            return call_checked(dt.timezone, offset, name)
    raise Unsupported(INVALID_TIMEDELTA)
