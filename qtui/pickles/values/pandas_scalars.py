"""Build pandas timestamps, time deltas, periods, intervals and missing values."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qtui.pickles.values.registry import CONSTANTS, ObjectParts, Unsupported, check, factory
from qtui.pickles.values.times import call_checked

UNITS = {7: "s", 8: "ms", 9: "us", 10: "ns"}
"""pandas' codes of time units."""
NANOSECONDS = 10
TSLIBS = "pandas._libs.tslibs"
BOUND = 1 << 63


def _make_na() -> Any:
    import pandas as pd

    return pd.NA


CONSTANTS["pandas", "NA"] = _make_na
CONSTANTS["pandas._libs.missing", "NA"] = _make_na
CONSTANTS["builtins", "Ellipsis"] = lambda: Ellipsis
CONSTANTS["builtins", "NotImplemented"] = lambda: NotImplemented


@factory(*(f"{TSLIBS}.nattype:{name}" for name in ("_nat_unpickle", "__nat_unpickle")))
def make_no_time(parts: ObjectParts) -> Any:
    import pandas as pd

    return pd.NaT


@factory(f"{TSLIBS}.timestamps:_unpickle_timestamp", f"{TSLIBS}.timestamps:Timestamp", "pandas:Timestamp")
def make_timestamp(parts: ObjectParts) -> Any:
    import numpy as np
    import pandas as pd

    parts.check_only_args()
    number, _, zone, code = (*parts.args, *(None, None, None, NANOSECONDS)[len(parts.args) :])[:4]
    check(zone is None or isinstance(zone, dt.tzinfo), "Its time zone is not supported.")
    naive = call_checked(pd.Timestamp, np.datetime64(_number(number), _unit(code)))
    return naive if zone is None else call_checked(lambda: naive.tz_localize("UTC").tz_convert(zone))


@factory(f"{TSLIBS}.timedeltas:_timedelta_unpickle", f"{TSLIBS}.timedeltas:Timedelta", "pandas:Timedelta")
def make_timedelta(parts: ObjectParts) -> Any:
    import numpy as np
    import pandas as pd

    parts.check_only_args()
    number, code = (*parts.args, *(None, NANOSECONDS)[len(parts.args) :])[:2]
    return call_checked(pd.Timedelta, np.timedelta64(_number(number), _unit(code)))


def _number(number: Any) -> int:
    if type(number) is not int or not -BOUND <= number < BOUND:
        raise Unsupported("Its number of units is invalid.")
    return number


def _unit(code: Any) -> Any:
    check(type(code) is int and code in UNITS, "Its time unit is not supported.")
    return UNITS[code]


@factory(f"{TSLIBS}.period:Period", "pandas:Period")
def make_period(parts: ObjectParts) -> Any:
    import pandas as pd

    parts.check_only_args()
    match parts.args:
        case (None, pd.offsets.BaseOffset() as freq, ordinal):
            period = call_checked(pd.Period, ordinal=_number(ordinal), freq=freq)
            call_checked(str, period)
            return period
    raise Unsupported("Its frequency is not supported.")


@factory("pandas._libs.interval:Interval", "pandas:Interval")
def make_interval(parts: ObjectParts) -> Any:
    import pandas as pd

    parts.check_only_args()
    match parts.args:
        case (left, right, "left" | "right" | "both" | "neither" as closed):
            return call_checked(pd.Interval, left, right, closed)
    raise Unsupported("Its bounds are missing.")
