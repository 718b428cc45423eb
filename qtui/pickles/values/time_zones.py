"""Build time zones of zoneinfo, pytz and dateutil, without importing the latter two."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from qtui.pickles.node import Node
from qtui.pickles.values.registry import ObjectParts, Unsupported, check, factory, path_of
from qtui.pickles.values.times import call_checked

ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,3}", re.ASCII)
ZONE_FILE = re.compile(r".*/zoneinfo/(?:(?:posix|right)/)?([A-Za-z0-9_+/-]{1,100})", re.ASCII)
UNPICKLE = Node("zoneinfo", "ZoneInfo._unpickle")


def zone_of(name: Any) -> dt.tzinfo:
    """Return a zone by name from the system's time zone database."""
    if not isinstance(name, str) or not ZONE_NAME.fullmatch(name):
        raise Unsupported("Its time zone name is invalid.")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unsupported(f"This machine has no time zone {name}.") from None


@factory("builtins:getattr")
def make_attribute(parts: ObjectParts) -> Node:
    """Return a node for `ZoneInfo._unpickle`, the only attribute lookup that is supported."""
    match parts.args:
        case (owner, "_unpickle") if path_of(owner) == ("zoneinfo", "ZoneInfo"):
            return UNPICKLE
    raise Unsupported("")


@factory("zoneinfo:ZoneInfo._unpickle")
def make_zone(parts: ObjectParts) -> dt.tzinfo:
    parts.check_only_args()
    check(len(parts.args) == 2, "Its time zone name is invalid.")
    return zone_of(parts.args[0])


@factory("pytz:_UTC", "dateutil.tz.tz:tzutc", "dateutil.tz:tzutc")
def make_utc(parts: ObjectParts) -> dt.tzinfo:
    return dt.UTC


@factory("pytz:_p", "pytz:timezone")
def make_pytz_zone(parts: ObjectParts) -> dt.tzinfo:
    parts.check_only_args()
    check(parts.args, "Its time zone name is missing.")
    return zone_of(parts.args[0])


@factory("pytz:_FixedOffset", "pytz:FixedOffset")
def make_pytz_offset(parts: ObjectParts) -> dt.tzinfo:
    parts.check_only_args()
    check(len(parts.args) == 1 and type(parts.args[0]) is int, "Its offset is not a number of minutes.")
    return call_checked(dt.timezone, call_checked(dt.timedelta, minutes=parts.args[0]))


@factory("dateutil.tz.tz:tzoffset", "dateutil.tz:tzoffset")
def make_dateutil_offset(parts: ObjectParts) -> dt.tzinfo:
    state = parts.state
    offset = state.get("_offset") if isinstance(state, dict) else parts.args[1] if len(parts.args) == 2 else None
    offset = call_checked(dt.timedelta, seconds=offset) if type(offset) in (int, float) else offset
    if not isinstance(offset, dt.timedelta):
        raise Unsupported("Its offset is not a time delta.")
    name = state.get("_name") if isinstance(state, dict) else parts.args[0]
    return call_checked(dt.timezone, offset, *([name] if isinstance(name, str) else []))


@factory("dateutil.tz.tz:tzfile", "dateutil.tz:tzfile", "dateutil.zoneinfo:tzfile", "dateutil.tz._tzfile:_unpickle")
def make_dateutil_file(parts: ObjectParts) -> dt.tzinfo:
    """Return the zone named by a path below zoneinfo; the file is not opened."""
    for name in parts.args:
        if isinstance(name, str) and (match := ZONE_FILE.fullmatch(name)):
            return zone_of(match[1])
        if isinstance(name, str) and ZONE_NAME.fullmatch(name):
            return zone_of(name)
    raise Unsupported("Its time zone name is invalid.")
