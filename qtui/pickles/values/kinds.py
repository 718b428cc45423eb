"""Makes pandas' own dtypes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qtui.pickles.node import Node
from qtui.pickles.values.offsets import frequency_of
from qtui.pickles.values.table import PIECES, Parts, Unknown, check, makes
from qtui.pickles.values.times import checked

DTYPES = "pandas.core.dtypes.dtypes"
SIZES = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
MASKED = (
    *(f"pandas.core.arrays.integer:{size}Dtype" for size in SIZES),
    *(f"pandas.core.arrays.floating:Float{bits}Dtype" for bits in (32, 64)),
    "pandas.core.arrays.boolean:BooleanDtype",
)
STATELESS = "It is not given as a dtype is."

ARROW_DTYPES = ("pandas:ArrowDtype", f"{DTYPES}:ArrowDtype", "pandas.core.arrays.arrow.dtype:ArrowDtype")
PIECES.update((module, "ArrowDtype") for module in ("pandas", DTYPES, "pandas.core.arrays.arrow.dtype"))


@makes(*MASKED, *(f"pandas:{path.partition(':')[2]}" for path in MASKED))
def make_masked_dtype(parts: Parts) -> Any:
    import pandas as pd

    check(not parts.args, STATELESS)
    return getattr(pd, parts.path[1])()


@makes("pandas:StringDtype", "pandas.core.arrays.string_:StringDtype")
def make_string_dtype(parts: Parts) -> Any:
    state = parts.state
    if isinstance(state, dict):
        return string_dtype(state.get("storage", state.get("_storage")), state.get("_na_value", state.get("na_value")))
    check(len(parts.args) <= 2, STATELESS)
    return string_dtype(*parts.args)


def string_dtype(storage: Any = None, missing: Any = None) -> Any:
    """A dtype of texts: in Python's own memory where pyarrow is not installed, objects where pandas knows no `str`."""
    import numpy as np
    import pandas as pd

    options = {"na_value": missing} if isinstance(missing, float) else {}
    try:
        return pd.StringDtype("python" if storage in (None, "python") else "pyarrow", **options)
    except ImportError:
        return pd.StringDtype("python", **options)
    except TypeError:
        return np.dtype(object)


@makes("pandas:DatetimeTZDtype", f"{DTYPES}:DatetimeTZDtype")
def make_zone_dtype(parts: Parts) -> Any:
    import pandas as pd

    match parts.state:
        case {"unit": "s" | "ms" | "us" | "ns" as unit, "tz": dt.tzinfo() as zone}:
            return checked(pd.DatetimeTZDtype, unit, zone)
    raise Unknown("Its time zone is not known here.")


@makes("pandas:CategoricalDtype", f"{DTYPES}:CategoricalDtype")
def make_category_dtype(parts: Parts) -> Any:
    import pandas as pd

    match parts.state:
        case {"categories": None | pd.Index() as categories, "ordered": None | bool() as ordered}:
            make: Any = pd.CategoricalDtype
            return checked(make, categories, ordered)
    raise Unknown("Its categories are not given as an index.")


@makes("pandas:PeriodDtype", f"{DTYPES}:PeriodDtype")
def make_period_dtype(parts: Parts) -> Any:
    import pandas as pd

    match parts.args:
        case (pd.offsets.BaseOffset() as freq,):
            return checked(pd.PeriodDtype, freq)
        case (str() as text,) if text.lower().startswith("period[") and text.endswith("]"):
            return checked(pd.PeriodDtype, frequency_of(text[len("period[") : -1]))
    raise Unknown("Its frequency is not known.")


@makes("pandas:IntervalDtype", f"{DTYPES}:IntervalDtype")
def make_interval_dtype(parts: Parts) -> Any:
    import pandas as pd

    match parts.state:
        case {"subtype": subtype, "closed": "left" | "right" | "both" | "neither" as closed}:
            check(not isinstance(subtype, Node), STATELESS)
            return checked(pd.IntervalDtype, subtype, closed)
    raise Unknown(STATELESS)


@makes("pandas:SparseDtype", f"{DTYPES}:SparseDtype", "pandas.core.arrays.sparse.dtype:SparseDtype")
def make_sparse_dtype(parts: Parts) -> Any:
    import numpy as np
    import pandas as pd

    match parts.state:
        case {"_dtype": np.dtype() as dtype, "_fill_value": fill} if np.isscalar(fill) or fill is None:
            return checked(pd.SparseDtype, dtype, fill)
    raise Unknown(STATELESS)
