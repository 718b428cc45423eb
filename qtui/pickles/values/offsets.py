"""Makes pandas' offsets, the steps of a calendar."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from qtui.pickles.values.table import Parts, Unknown, check, makes
from qtui.pickles.values.times import checked

MODULE = "pandas._libs.tslibs.offsets"
TICKS = ("Day", "Hour", "Minute", "Second", "Milli", "Micro", "Nano")
MONTHS = ("MonthEnd", "MonthBegin", "BusinessMonthEnd", "BusinessMonthBegin", "SemiMonthEnd", "SemiMonthBegin")
QUARTERS = ("QuarterEnd", "QuarterBegin", "BQuarterEnd", "BQuarterBegin")
YEARS = ("YearEnd", "YearBegin", "BYearEnd", "BYearBegin")
WEEKS = ("BusinessDay", "Week", "WeekOfMonth", "LastWeekOfMonth", "Easter")
NAMES = (*TICKS, *MONTHS, *QUARTERS, *YEARS, *WEEKS)

FARTHEST = 1 << 31
OLD_NAMES = {"H": "h", "T": "min", "S": "s", "L": "ms", "U": "us", "N": "ns", "A": "Y"}
"""How pandas named steps before 2.2."""
FREQUENCY = re.compile(r"(\d{0,9})([A-Za-z]{1,6})(-[A-Z]{3})?", re.ASCII)


@makes(*(f"{MODULE}:{name}" for name in NAMES))
def make_offset(parts: Parts) -> Any:
    import pandas as pd

    check(not parts.items and not parts.pairs and not parts.keywords, "It is given more than arguments.")
    check(parts.args and type(parts.args[0]) is int and abs(parts.args[0]) < FARTHEST, "Its number is none.")
    check(all(each is None or type(each) in (int, bool, dt.timedelta) for each in parts.args), "Its numbers are none.")
    check(all(type(each) is not int or abs(each) < FARTHEST for each in parts.args), "Its numbers are too great.")
    return checked(getattr(pd.offsets, parts.path[1]), *parts.args)


def frequency_of(text: Any) -> str:
    """A frequency of periods by the name that it has today."""
    if not isinstance(text, str) or not (found := FREQUENCY.fullmatch(text)):
        raise Unknown("Its frequency is not known.")
    return found[1] + OLD_NAMES.get(found[2], found[2]) + (found[3] or "")
