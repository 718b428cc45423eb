"""Build pandas dtypes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qtui.pickles.node import Node
from qtui.pickles.values.offsets import frequency_of
from qtui.pickles.values.registry import PART_NAMES, ObjectParts, Unsupported, check, factory
from qtui.pickles.values.times import call_checked

DTYPES = "pandas.core.dtypes.dtypes"
SIZES = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
MASKED = (
    *(f"pandas.core.arrays.integer:{size}Dtype" for size in SIZES),
    *(f"pandas.core.arrays.floating:Float{bits}Dtype" for bits in (32, 64)),
    "pandas.core.arrays.boolean:BooleanDtype",
)
INVALID_DTYPE = "It is not in the format of a dtype."

ARROW_DTYPES = ("pandas:ArrowDtype", f"{DTYPES}:ArrowDtype", "pandas.core.arrays.arrow.dtype:ArrowDtype")
PART_NAMES.update((module, "ArrowDtype") for module in ("pandas", DTYPES, "pandas.core.arrays.arrow.dtype"))


@factory(*MASKED, *(f"pandas:{path.partition(':')[2]}" for path in MASKED))
def make_masked_dtype(parts: ObjectParts) -> Any:
    import pandas as pd

    check(not parts.args, INVALID_DTYPE)
    return getattr(pd, parts.path[1])()


@factory("pandas:StringDtype", "pandas.core.arrays.string_:StringDtype")
def make_string_dtype(parts: ObjectParts) -> Any:
    state = parts.state
    if isinstance(state, dict):
        return string_dtype(state.get("storage", state.get("_storage")), state.get("_na_value", state.get("na_value")))
    check(len(parts.args) <= 2, INVALID_DTYPE)
    return string_dtype(*parts.args)


def string_dtype(storage: Any = None, missing: Any = None) -> Any:
    """Return a string dtype: Python storage without pyarrow, `object` if pandas has no such dtype."""
    import numpy as np
    import pandas as pd

    options = {"na_value": missing} if isinstance(missing, float) else {}
    try:
        return pd.StringDtype("python" if storage in (None, "python") else "pyarrow", **options)
    except ImportError:
        return pd.StringDtype("python", **options)
    except TypeError:
        return np.dtype(object)


@factory("pandas:DatetimeTZDtype", f"{DTYPES}:DatetimeTZDtype")
def make_zone_dtype(parts: ObjectParts) -> Any:
    import pandas as pd

    match parts.state:
        case {"unit": "s" | "ms" | "us" | "ns" as unit, "tz": dt.tzinfo() as zone}:
            return call_checked(pd.DatetimeTZDtype, unit, zone)
    raise Unsupported("Its time zone is not supported.")


@factory("pandas:CategoricalDtype", f"{DTYPES}:CategoricalDtype")
def make_category_dtype(parts: ObjectParts) -> Any:
    import pandas as pd

    match parts.state:
        case {"categories": None | pd.Index() as categories, "ordered": None | bool() as ordered}:
            make: Any = pd.CategoricalDtype
            return call_checked(make, categories, ordered)
    raise Unsupported("Its categories are not an index.")


@factory("pandas:PeriodDtype", f"{DTYPES}:PeriodDtype")
def make_period_dtype(parts: ObjectParts) -> Any:
    import pandas as pd

    match parts.args:
        case (pd.offsets.BaseOffset() as freq,):
            return call_checked(pd.PeriodDtype, freq)
        case (str() as text,) if text.lower().startswith("period[") and text.endswith("]"):
            return call_checked(pd.PeriodDtype, frequency_of(text[len("period[") : -1]))
    raise Unsupported("Its frequency is not supported.")


@factory("pandas:IntervalDtype", f"{DTYPES}:IntervalDtype")
def make_interval_dtype(parts: ObjectParts) -> Any:
    import pandas as pd

    match parts.state:
        case {"subtype": subtype, "closed": "left" | "right" | "both" | "neither" as closed}:
            check(not isinstance(subtype, Node), INVALID_DTYPE)
            return call_checked(pd.IntervalDtype, subtype, closed)
    raise Unsupported(INVALID_DTYPE)


@factory("pandas:SparseDtype", f"{DTYPES}:SparseDtype", "pandas.core.arrays.sparse.dtype:SparseDtype")
def make_sparse_dtype(parts: ObjectParts) -> Any:
    import numpy as np
    import pandas as pd

    match parts.state:
        case {"_dtype": np.dtype() as dtype, "_fill_value": fill} if np.isscalar(fill) or fill is None:
            return call_checked(pd.SparseDtype, dtype, fill)
    raise Unsupported(INVALID_DTYPE)
