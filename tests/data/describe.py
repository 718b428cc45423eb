"""Describes a value as JSON, the same for every version of pandas and numpy."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd

ZONE = re.compile(r"(datetime64\[\w+|timestamp\[\w+), [^\]]*\]")


def describe(value: Any) -> Any:
    """Return a list that begins with the kind of value, and contains everything that loading must restore."""
    if isinstance(value, pd.DataFrame):
        columns = [_column(value.iloc[:, number]) for number in range(value.shape[1])]
        return ["frame", describe(value.columns), describe(value.index), columns, describe(value.attrs)]
    if isinstance(value, pd.Series):
        return ["series", describe(value.name), describe(value.index), *_column(value)]
    if isinstance(value, pd.Index):
        return _index(value)
    if isinstance(value, pd.api.extensions.ExtensionArray):
        return ["extension", *_column(value)]
    if isinstance(value, np.ma.MaskedArray):
        return ["masked", describe(value.filled()), describe(np.ma.getmaskarray(value))]
    if isinstance(value, np.ndarray):
        return ["array", _numpy_dtype(value.dtype), list(value.shape), [_text(cell) for cell in value.ravel().tolist()]]
    if isinstance(value, np.dtype):
        return ["dtype", _numpy_dtype(value)]
    if isinstance(value, np.generic):
        return ["scalar", _numpy_dtype(value.dtype), _text(value.item() if value.dtype.kind != "g" else value)]
    if isinstance(value, dict):
        return [type(value).__name__, [[describe(key), describe(item)] for key, item in value.items()]]
    if isinstance(value, list | tuple):
        return [type(value).__name__, [describe(item) for item in value]]
    return _text(value)


def _index(index: Any) -> Any:
    if isinstance(index, pd.MultiIndex):
        levels = [describe(level) for level in index.levels]
        return [
            "multi",
            levels,
            [[int(code) for code in codes] for codes in index.codes],
            [describe(n) for n in index.names],
        ]
    kind = {"Int64Index": "Index", "UInt64Index": "Index", "Float64Index": "Index"}.get(type(index).__name__)
    freq = getattr(index, "freq", None) if type(index).__name__ != "PeriodIndex" else None
    described = [kind or type(index).__name__, describe(index.name), *_column(index)]
    return [*described, [type(freq).__name__, freq.n]] if freq is not None else described


def _column(column: Any) -> list[Any]:
    return [_dtype(column.dtype), [_text(cell) for cell in column]]


def _dtype(dtype: Any) -> Any:
    if isinstance(dtype, pd.CategoricalDtype):
        categories = dtype.categories
        return ["category", dtype.ordered, None if categories is None else describe(pd.Index(categories))]
    if isinstance(dtype, np.dtype):
        return _numpy_dtype(dtype)
    text = ZONE.sub(r"\1, tz]", str(dtype))
    return "period" if text.startswith("period") else text


def _numpy_dtype(dtype: Any) -> Any:
    return dtype.str if dtype.names is None else [[name, _numpy_dtype(dtype[name])] for name in dtype.names]


def _text(value: Any) -> Any:
    """Return a cell with its type where that matters, and with all digits."""
    if value is None or value is pd.NaT or value is pd.NA or isinstance(value, str):
        return value if isinstance(value, str) else f"<{value}>"
    if isinstance(value, pd.Interval):
        return ["interval", _text(value.left), _text(value.right), value.closed]
    if isinstance(value, pd.Period):
        return ["period", value.start_time.isoformat(), value.end_time.floor("s").isoformat()]
    if isinstance(value, pd.offsets.BaseOffset):
        return ["offset", type(value).__name__, value.n]
    if isinstance(value, dt.datetime | dt.date | dt.time | pd.Timedelta):
        return [type(value).__name__, value.isoformat()]
    if isinstance(value, bool | np.bool_):
        return ["bool", bool(value)]
    if isinstance(value, int | np.integer):
        return ["int", int(value)]
    if isinstance(value, float | np.floating):
        return ["float", str(value) if isinstance(value, np.longdouble) else repr(float(value))]
    if isinstance(value, complex | np.complexfloating):
        return ["complex", repr(complex(value))]
    if isinstance(value, list | tuple | dict | np.ndarray):
        return describe(value)
    return [type(value).__name__, repr(value)]
