"""Build pandas indexes with validated MultiIndex codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from qtui.pickles.values.arrays import is_array
from qtui.pickles.values.extensions import intervals_of, set_freq
from qtui.pickles.values.registry import ObjectParts, Unsupported, check, class_paths, factory, path_of
from qtui.pickles.values.times import call_checked

INDEXES = "pandas.core.indexes"
CLASSES = class_paths(
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
CONTENT = "Its content is not in the format of its index class."


@factory(f"{INDEXES}.base:_new_Index", f"{INDEXES}.datetimes:_new_DatetimeIndex")
@factory(f"{INDEXES}.timedeltas:_new_TimedeltaIndex", f"{INDEXES}.interval:_new_IntervalIndex")
@factory(f"{INDEXES}.period:_new_PeriodIndex")
def make_index(parts: ObjectParts) -> Any:
    parts.check_only_args()
    match parts.args:
        case (symbol, dict() as attributes) if path_of(symbol) in CLASSES:
            return INDEX_FACTORIES.get(CLASSES[path_of(symbol)], _plain)(parts, attributes)
    raise Unsupported("Its index class is not supported.")


def _name(parts: ObjectParts, attributes: dict[Any, Any]) -> Any:
    parts.check_keys([attributes.get("name")])
    return attributes.get("name")


def _plain(parts: ObjectParts, attributes: dict[Any, Any]) -> Any:
    """Build an index on one array."""
    import pandas as pd

    data: Any = attributes.get("data")
    if is_array(data, "biufcmMOSU"):
        check(data.ndim == 1, "It has more than one dimension.")
        if data.dtype.kind == "O":
            parts.check_keys(data.tolist())
    else:
        check(isinstance(data, pd.api.extensions.ExtensionArray | pd.Index), CONTENT)
    return call_checked(pd.Index, data, dtype=getattr(data, "dtype", None), name=_name(parts, attributes))


def _range(parts: ObjectParts, attributes: dict[Any, Any]) -> Any:
    import pandas as pd

    match attributes:
        case {"start": int() as start, "stop": int() as stop, "step": int() as step} if step:
            check(all(abs(number) < BOUND for number in (start, stop, step)), "Its bounds are too large.")
            check(len(range(start, stop, step)) <= parts.limits.cells, "It is too long.")
            return pd.RangeIndex(start, stop, step, name=_name(parts, attributes))
    raise Unsupported(CONTENT)


def _multi(parts: ObjectParts, attributes: dict[Any, Any]) -> Any:
    import pandas as pd

    match attributes:
        case {"levels": list() as levels, "names": list() as names}:
            codes: Any = attributes.get("codes", attributes.get("labels"))
            check(isinstance(codes, list) and len(codes) == len(levels) == len(names), CONTENT)
            parts.check_keys(names)
            for level, code in zip(levels, codes, strict=True):
                _check_codes(level, code)
            check(len({len(code) for code in codes}) <= 1, "The codes of its levels have different lengths.")
            return call_checked(pd.MultiIndex, levels=levels, codes=codes, names=names)
    raise Unsupported(CONTENT)


def _check_codes(level: Any, codes: Any) -> None:
    """Raise Unsupported unless every code refers to a value of the level, or is -1."""
    import pandas as pd

    check(isinstance(level, pd.Index) and is_array(codes, "i") and codes.ndim == 1, CONTENT)
    inside = not len(codes) or (codes.min() >= -1 and codes.max() < len(level))
    check(inside, "A code is outside its level.")


def _times(parts: ObjectParts, attributes: dict[Any, Any]) -> Any:
    """Build an index of times or time deltas with frequency and time zone."""
    import pandas as pd

    data: Any = attributes.get("data")
    if is_array(data, "mM"):
        check(data.ndim == 1, "It has more than one dimension.")
        data = call_checked(pd.Index, data).array
        zone = attributes.get("tz")
        if isinstance(zone, dt.tzinfo):
            data = call_checked(lambda: pd.DatetimeIndex(data).tz_localize("UTC").tz_convert(zone)).array
    if isinstance(data, pd.Index):
        data = data.array
    check(isinstance(data, pd.arrays.DatetimeArray | pd.arrays.TimedeltaArray), CONTENT)
    index = pd.Index(data, name=_name(parts, attributes))
    set_freq(index, attributes.get("freq") or getattr(data, "_freq", None))
    return index


def _intervals(parts: ObjectParts, attributes: dict[Any, Any]) -> Any:
    import pandas as pd

    data: Any = attributes.get("data")
    if not isinstance(data, pd.arrays.IntervalArray):
        data = intervals_of(attributes.get("left"), attributes.get("right"), attributes.get("closed"))
    return call_checked(pd.IntervalIndex, data, name=_name(parts, attributes))


INDEX_FACTORIES: dict[str, Callable[[ObjectParts, dict[Any, Any]], Any]] = {
    "RangeIndex": _range,
    "MultiIndex": _multi,
    "DatetimeIndex": _times,
    "TimedeltaIndex": _times,
    "IntervalIndex": _intervals,
}
