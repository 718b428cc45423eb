"""Makes pandas' own times, spans, periods and intervals, and what stands for a missing value."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qtui.pickles.values.table import CONSTANTS, Parts, Unknown, check, makes
from qtui.pickles.values.times import checked

UNITS = {7: "s", 8: "ms", 9: "us", 10: "ns"}
"""pandas' numbers for the units of time."""
NANOSECONDS = 10
TSLIBS = "pandas._libs.tslibs"
BOUND = 1 << 63


def _missing() -> Any:
    import pandas as pd

    return pd.NA


CONSTANTS["pandas", "NA"] = _missing
CONSTANTS["pandas._libs.missing", "NA"] = _missing
CONSTANTS["builtins", "Ellipsis"] = lambda: Ellipsis
CONSTANTS["builtins", "NotImplemented"] = lambda: NotImplemented


@makes(*(f"{TSLIBS}.nattype:{name}" for name in ("_nat_unpickle", "__nat_unpickle")))
def make_no_time(parts: Parts) -> Any:
    import pandas as pd

    return pd.NaT


@makes(f"{TSLIBS}.timestamps:_unpickle_timestamp", f"{TSLIBS}.timestamps:Timestamp", "pandas:Timestamp")
def make_timestamp(parts: Parts) -> Any:
    import numpy as np
    import pandas as pd

    parts.check_only_args()
    number, _, zone, code = (*parts.args, *(None, None, None, NANOSECONDS)[len(parts.args) :])[:4]
    check(zone is None or isinstance(zone, dt.tzinfo), "Its time zone is not known here.")
    naive = checked(pd.Timestamp, np.datetime64(_number(number), _unit(code)))
    return naive if zone is None else checked(lambda: naive.tz_localize("UTC").tz_convert(zone))


@makes(f"{TSLIBS}.timedeltas:_timedelta_unpickle", f"{TSLIBS}.timedeltas:Timedelta", "pandas:Timedelta")
def make_timedelta(parts: Parts) -> Any:
    import numpy as np
    import pandas as pd

    parts.check_only_args()
    number, code = (*parts.args, *(None, NANOSECONDS)[len(parts.args) :])[:2]
    return checked(pd.Timedelta, np.timedelta64(_number(number), _unit(code)))


def _number(number: Any) -> int:
    if type(number) is not int or not -BOUND <= number < BOUND:
        raise Unknown("Its number of units is none.")
    return number


def _unit(code: Any) -> Any:
    check(type(code) is int and code in UNITS, "Its unit of time is not known.")
    return UNITS[code]


@makes(f"{TSLIBS}.period:Period", "pandas:Period")
def make_period(parts: Parts) -> Any:
    import pandas as pd

    parts.check_only_args()
    match parts.args:
        case (None, pd.offsets.BaseOffset() as freq, ordinal):
            period = checked(pd.Period, ordinal=_number(ordinal), freq=freq)
            checked(str, period)
            return period
    raise Unknown("Its frequency is not known.")


@makes("pandas._libs.interval:Interval", "pandas:Interval")
def make_interval(parts: Parts) -> Any:
    import pandas as pd

    parts.check_only_args()
    match parts.args:
        case (left, right, "left" | "right" | "both" | "neither" as closed):
            return checked(pd.Interval, left, right, closed)
    raise Unknown("Its bounds are not given.")
