"""Build pandas date offsets."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from qtui.pickles.values.registry import ObjectParts, Unsupported, check, factory
from qtui.pickles.values.times import call_checked

MODULE = "pandas._libs.tslibs.offsets"
TICKS = ("Day", "Hour", "Minute", "Second", "Milli", "Micro", "Nano")
MONTHS = ("MonthEnd", "MonthBegin", "BusinessMonthEnd", "BusinessMonthBegin", "SemiMonthEnd", "SemiMonthBegin")
QUARTERS = ("QuarterEnd", "QuarterBegin", "BQuarterEnd", "BQuarterBegin")
YEARS = ("YearEnd", "YearBegin", "BYearEnd", "BYearBegin")
WEEKS = ("BusinessDay", "Week", "WeekOfMonth", "LastWeekOfMonth", "Easter")
NAMES = (*TICKS, *MONTHS, *QUARTERS, *YEARS, *WEEKS)

MAX_OFFSET = 1 << 31
OLD_NAMES = {"H": "h", "T": "min", "S": "s", "L": "ms", "U": "us", "N": "ns", "A": "Y"}
"""Frequency aliases of pandas before 2.2."""
FREQUENCY = re.compile(r"(\d{0,9})([A-Za-z]{1,6})(-[A-Z]{3})?", re.ASCII)


@factory(*(f"{MODULE}:{name}" for name in NAMES))
def make_offset(parts: ObjectParts) -> Any:
    import pandas as pd

    check(not parts.items and not parts.pairs and not parts.keywords, "It has more than positional arguments.")
    check(parts.args and type(parts.args[0]) is int and abs(parts.args[0]) < MAX_OFFSET, "Its number is invalid.")
    check(all(arg is None or type(arg) in (int, bool, dt.timedelta) for arg in parts.args), "An argument is invalid.")
    check(all(type(arg) is not int or abs(arg) < MAX_OFFSET for arg in parts.args), "Its numbers are too large.")
    return call_checked(getattr(pd.offsets, parts.path[1]), *parts.args)


def frequency_of(text: Any) -> str:
    """Return a period frequency with current aliases."""
    if not isinstance(text, str) or not (match := FREQUENCY.fullmatch(text)):
        raise Unsupported("Its frequency is not supported.")
    return match[1] + OLD_NAMES.get(match[2], match[2]) + (match[3] or "")
