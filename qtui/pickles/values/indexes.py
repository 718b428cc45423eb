"""Makes pandas' indexes, with every code of a MultiIndex within its level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from qtui.pickles.values.arrays import is_array
from qtui.pickles.values.extensions import intervals_of, set_freq
from qtui.pickles.values.table import Parts, Unknown, check, makes, named, path_of
from qtui.pickles.values.times import checked

INDEXES = "pandas.core.indexes"
CLASSES = named(
    {
        "Index": f"pandas {INDEXES}.base",
        "RangeIndex": f"pandas {INDEXES}.range",
        "MultiIndex": f"pandas {INDEXES}.multi",
        "DatetimeIndex": f"pandas {INDEXES}.datetimes",
        "TimedeltaIndex": f"pandas {INDEXES}.timedeltas",
        "PeriodIndex": f"pandas {INDEXES}.period",
        "CategoricalIndex": f"pandas {INDEXES}.category",
        "IntervalIndex": f"pandas {INDEXES}.interval",
        "Int64Index": f"pandas {INDEXES}.numeric",
        "UInt64Index": f"pandas {INDEXES}.numeric",
        "Float64Index": f"pandas {INDEXES}.numeric",
        "NumericIndex": f"pandas {INDEXES}.numeric",
    }
)
BOUND = 1 << 62
CONTENT = "Its content is not given as such an index's."


@makes(f"{INDEXES}.base:_new_Index", f"{INDEXES}.datetimes:_new_DatetimeIndex")
@makes(f"{INDEXES}.timedeltas:_new_TimedeltaIndex", f"{INDEXES}.interval:_new_IntervalIndex")
@makes(f"{INDEXES}.period:_new_PeriodIndex")
def make_index(parts: Parts) -> Any:
    parts.check_only_args()
    match parts.args:
        case (symbol, dict() as given) if path_of(symbol) in CLASSES:
            return MAKES.get(CLASSES[path_of(symbol)], _plain)(parts, given)
    raise Unknown("It is a kind of index that is not known here.")


def _name(parts: Parts, given: dict[Any, Any]) -> Any:
    parts.check_keys([given.get("name")])
    return given.get("name")


def _plain(parts: Parts, given: dict[Any, Any]) -> Any:
    """An index on one array."""
    import pandas as pd

    data: Any = given.get("data")
    if is_array(data, "biufcmMOSU"):
        check(data.ndim == 1, "It has more than one axis.")
        if data.dtype.kind == "O":
            parts.check_keys(data.tolist())
    else:
        check(isinstance(data, pd.api.extensions.ExtensionArray | pd.Index), CONTENT)
    return checked(pd.Index, data, dtype=getattr(data, "dtype", None), name=_name(parts, given))


def _range(parts: Parts, given: dict[Any, Any]) -> Any:
    import pandas as pd

    match given:
        case {"start": int() as start, "stop": int() as stop, "step": int() as step} if step:
            check(all(abs(each) < BOUND for each in (start, stop, step)), "Its bounds are too great.")
            check(len(range(start, stop, step)) <= parts.limits.cells, "It is too long.")
            return pd.RangeIndex(start, stop, step, name=_name(parts, given))
    raise Unknown(CONTENT)


def _multi(parts: Parts, given: dict[Any, Any]) -> Any:
    import pandas as pd

    match given:
        case {"levels": list() as levels, "names": list() as names}:
            codes: Any = given.get("codes", given.get("labels"))
            check(isinstance(codes, list) and len(codes) == len(levels) == len(names), CONTENT)
            parts.check_keys(names)
            for level, code in zip(levels, codes, strict=True):
                _check_codes(level, code)
            check(len({len(code) for code in codes}) <= 1, "Its levels have codes of different lengths.")
            return checked(pd.MultiIndex, levels=levels, codes=codes, names=names)
    raise Unknown(CONTENT)


def _check_codes(level: Any, codes: Any) -> None:
    """Make sure that every code stands for a value of the level, or for none."""
    import pandas as pd

    check(isinstance(level, pd.Index) and is_array(codes, "i") and codes.ndim == 1, CONTENT)
    inside = not len(codes) or (codes.min() >= -1 and codes.max() < len(level))
    check(inside, "A code of it stands for nothing in its level.")


def _times(parts: Parts, given: dict[Any, Any]) -> Any:
    """Times or spans, with their step and their zone."""
    import pandas as pd

    data: Any = given.get("data")
    if is_array(data, "mM"):
        check(data.ndim == 1, "It has more than one axis.")
        data = checked(pd.Index, data).array
        zone = given.get("tz")
        if isinstance(zone, dt.tzinfo):
            data = checked(lambda: pd.DatetimeIndex(data).tz_localize("UTC").tz_convert(zone)).array
    if isinstance(data, pd.Index):
        data = data.array
    check(isinstance(data, pd.arrays.DatetimeArray | pd.arrays.TimedeltaArray), CONTENT)
    index = pd.Index(data, name=_name(parts, given))
    set_freq(index, given.get("freq") or getattr(data, "_freq", None))
    return index


def _intervals(parts: Parts, given: dict[Any, Any]) -> Any:
    import pandas as pd

    data: Any = given.get("data")
    if not isinstance(data, pd.arrays.IntervalArray):
        data = intervals_of(given.get("left"), given.get("right"), given.get("closed"))
    return checked(pd.IntervalIndex, data, name=_name(parts, given))


MAKES: dict[str, Callable[[Parts, dict[Any, Any]], Any]] = {
    "RangeIndex": _range,
    "MultiIndex": _multi,
    "DatetimeIndex": _times,
    "TimedeltaIndex": _times,
    "IntervalIndex": _intervals,
}
