"""Makes time zones: of zoneinfo, and of pytz and dateutil without either."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from qtui.pickles.node import Node
from qtui.pickles.values.table import Parts, Unknown, check, makes, path_of
from qtui.pickles.values.times import checked

ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,3}", re.ASCII)
ZONE_FILE = re.compile(r".*/zoneinfo/(?:(?:posix|right)/)?([A-Za-z0-9_+/-]{1,100})", re.ASCII)
UNPICKLE = Node("zoneinfo", "ZoneInfo._unpickle")
UTC_NAMES = ("UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu")


def zone_of(name: Any) -> dt.tzinfo:
    """The zone of this name, from the system's own table of zones."""
    if not isinstance(name, str) or not ZONE_NAME.fullmatch(name):
        raise Unknown("Its time zone has no proper name.")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unknown(f"The time zone {name} is not known on this machine.") from None


@makes("builtins:getattr")
def make_attribute(parts: Parts) -> Node:
    """The one attribute that is named this way in honest pickles; every other is an object nobody looks up."""
    match parts.args:
        case (owner, "_unpickle") if path_of(owner) == ("zoneinfo", "ZoneInfo"):
            return UNPICKLE
    raise Unknown("")


@makes("zoneinfo:ZoneInfo._unpickle")
def make_zone(parts: Parts) -> dt.tzinfo:
    parts.check_only_args()
    check(len(parts.args) == 2, "Its time zone has no proper name.")
    return zone_of(parts.args[0])


@makes("pytz:_UTC", "dateutil.tz.tz:tzutc", "dateutil.tz:tzutc")
def make_utc(parts: Parts) -> dt.tzinfo:
    return dt.UTC


@makes("pytz:_p", "pytz:timezone")
def make_pytz_zone(parts: Parts) -> dt.tzinfo:
    parts.check_only_args()
    check(parts.args, "Its time zone has no name.")
    return zone_of(parts.args[0])


@makes("pytz:_FixedOffset", "pytz:FixedOffset")
def make_pytz_offset(parts: Parts) -> dt.tzinfo:
    parts.check_only_args()
    check(len(parts.args) == 1 and type(parts.args[0]) is int, "Its offset is no number of minutes.")
    return checked(dt.timezone, checked(dt.timedelta, minutes=parts.args[0]))


@makes("dateutil.tz.tz:tzoffset", "dateutil.tz:tzoffset")
def make_dateutil_offset(parts: Parts) -> dt.tzinfo:
    state = parts.state
    offset = state.get("_offset") if isinstance(state, dict) else parts.args[1] if len(parts.args) == 2 else None
    offset = checked(dt.timedelta, seconds=offset) if type(offset) in (int, float) else offset
    if not isinstance(offset, dt.timedelta):
        raise Unknown("Its offset is no span of time.")
    name = state.get("_name") if isinstance(state, dict) else parts.args[0]
    return checked(dt.timezone, offset, *([name] if isinstance(name, str) else []))


@makes("dateutil.tz.tz:tzfile", "dateutil.tz:tzfile", "dateutil.zoneinfo:tzfile", "dateutil.tz._tzfile:_unpickle")
def make_dateutil_file(parts: Parts) -> dt.tzinfo:
    """The zone that a file of zones is named for; the file itself is not opened."""
    for name in parts.args:
        if isinstance(name, str) and (found := ZONE_FILE.fullmatch(name)):
            return zone_of(found[1])
        if isinstance(name, str) and ZONE_NAME.fullmatch(name):
            return zone_of(name)
    raise Unknown("Its time zone has no proper name.")
