"""Build pandas extension arrays with validated codes and masks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qtui.pickles.values.arrays import is_array
from qtui.pickles.values.registry import (
    PART_NAMES,
    ObjectParts,
    Unsupported,
    check,
    class_paths,
    factory,
    path_of,
    require_node,
)
from qtui.pickles.values.times import call_checked

ARRAYS = "pandas.core.arrays"
BACKED = class_paths(
    {
        "DatetimeArray": f"pandas.arrays {ARRAYS}.datetimes",
        "TimedeltaArray": f"pandas.arrays {ARRAYS}.timedeltas",
        "PeriodArray": f"pandas.arrays {ARRAYS}.period",
        "Categorical": f"pandas {ARRAYS}.categorical",
        "StringArray": f"pandas.arrays {ARRAYS}.string_",
        "NumpyExtensionArray": f"pandas.arrays {ARRAYS}.numpy_",
        "PandasArray": f"pandas.arrays {ARRAYS}.numpy_",
    }
)
MASKED = (f"{ARRAYS}.integer:IntegerArray", f"{ARRAYS}.floating:FloatingArray", f"{ARRAYS}.boolean:BooleanArray")
UNITS = ("s", "ms", "us", "ns")
CONTENT = "Its content is not in the format of its array class."
SPARSE_INDEXES = ("pandas._libs.sparse:IntIndex", "pandas._libs.sparse:BlockIndex")
PART_NAMES.update((("pandas._libs.sparse", "IntIndex"), ("pandas._libs.sparse", "BlockIndex")))


class Rows(tuple[Any, ...]):
    """The rows of a two-dimensional array, which only a block of a frame may have."""


@factory("pandas._libs.arrays:__pyx_unpickle_NDArrayBacked")
def make_backed(parts: ObjectParts) -> Any:
    """Build an array backed by a numpy array, or its rows if it has two dimensions."""
    check(len(parts.args) == 3, CONTENT)
    name = BACKED.get(path_of(parts.args[0]))
    state = parts.args[2] if parts.state is None else parts.state
    check(name and isinstance(state, tuple) and 2 <= len(state) <= 3, CONTENT)
    dtype, values = state[:2]
    attributes = state[2] if len(state) == 3 else {}
    if is_array(dtype, "biufcmMO"):
        dtype, values = values, dtype
    check(is_array(values, "biufcmMO") and values.ndim in (1, 2) and isinstance(attributes, dict), CONTENT)
    make = ARRAY_FACTORIES[str(name)]
    if values.ndim == 2:
        return Rows(make(dtype, row) for row in values)
    return with_freq(make(dtype, values), attributes.get("_freq"))


def _datetimes(dtype: Any, values: Any) -> Any:
    import numpy as np
    import pandas as pd

    check(values.dtype.kind == "M" and np.datetime_data(values.dtype)[0] in UNITS, "Its time unit is not supported.")
    index = pd.DatetimeIndex(values)
    if isinstance(dtype, pd.DatetimeTZDtype):
        return call_checked(lambda: index.tz_localize("UTC").tz_convert(dtype.tz)).array
    check(isinstance(dtype, np.dtype) and dtype.kind == "M", CONTENT)
    return index.array


def _timedeltas(dtype: Any, values: Any) -> Any:
    import numpy as np
    import pandas as pd

    check(values.dtype.kind == "m" and np.datetime_data(values.dtype)[0] in UNITS, "Its time unit is not supported.")
    return pd.TimedeltaIndex(values).array


def _periods(dtype: Any, values: Any) -> Any:
    import numpy as np
    import pandas as pd

    check(isinstance(dtype, pd.PeriodDtype) and values.dtype == np.int64, CONTENT)
    periods: Any = pd.PeriodIndex
    return call_checked(periods.from_ordinals, values, freq=dtype.freq).array


def _categories(dtype: Any, codes: Any) -> Any:
    import pandas as pd

    check(isinstance(dtype, pd.CategoricalDtype) and codes.dtype.kind in "iu" and dtype.categories is not None, CONTENT)
    return call_checked(pd.Categorical.from_codes, codes, dtype=dtype)


def _texts(dtype: Any, values: Any) -> Any:

    check(values.dtype.kind == "O" and not is_array(dtype, "O"), CONTENT)
    return texts_of(values, dtype)


def texts_of(values: Any, dtype: Any) -> Any:
    """Build an array of strings and missing values."""
    import pandas as pd

    check(
        all(isinstance(value, str) or value is None or value is pd.NA or value != value for value in values),
        "It has values other than strings.",
    )
    if isinstance(dtype, pd.StringDtype):
        return call_checked(pd.array, values, dtype=dtype)
    return pd.Series(values, dtype=object).fillna(float("nan")).to_numpy()


def _plain(dtype: Any, values: Any) -> Any:
    import pandas as pd

    return pd.arrays.NumpyExtensionArray(values)


ARRAY_FACTORIES: dict[str, Callable[[Any, Any], Any]] = {
    "DatetimeArray": _datetimes,
    "TimedeltaArray": _timedeltas,
    "PeriodArray": _periods,
    "Categorical": _categories,
    "StringArray": _texts,
    "NumpyExtensionArray": _plain,
    "PandasArray": _plain,
}


def with_freq(array: Any, freq: Any) -> Any:
    """Set the frequency of an array of times, if its values have it."""
    import pandas as pd

    index: Any = pd.Index(array)
    if isinstance(freq, pd.offsets.BaseOffset) and set_freq(index, freq):
        # An array of pandas 3 has no freq attribute, but passes _freq on to an index.
        array = index.array
        array._freq = freq
    return array


def set_freq(index: Any, freq: Any) -> bool:
    """Set the frequency of an index; return False if its values do not have it."""
    try:
        index.freq = freq
    except (ValueError, TypeError, AttributeError, OverflowError):
        return False
    return True


@factory(*MASKED, *(f"pandas.arrays:{path.partition(':')[2]}" for path in MASKED))
def make_masked(parts: ObjectParts) -> Any:
    import pandas as pd

    match parts.state:
        case {"_data": data, "_mask": mask} if is_array(data, "biuf") and is_array(mask, "b"):
            check(data.ndim == 1 and data.shape == mask.shape, "Its mask has a different length.")
            return call_checked(getattr(pd.arrays, parts.path[1]), data, mask)
    raise Unsupported(CONTENT)


@factory("pandas._libs.interval:__pyx_unpickle_IntervalMixin")
def make_intervals(parts: ObjectParts) -> Any:
    import pandas as pd

    state = parts.args[2] if len(parts.args) == 3 and parts.state is None else parts.state
    match state:
        case ({"_left": left, "_right": right, "_dtype": pd.IntervalDtype() as dtype},):
            return intervals_of(left, right, dtype.closed)
        case ({"_left": left, "_right": right, "_closed": closed},):
            return intervals_of(left, right, closed)
    raise Unsupported(CONTENT)


def intervals_of(left: Any, right: Any, closed: Any) -> Any:
    """Build an array of intervals from their bounds."""
    import pandas as pd

    sides = (pd.Index, pd.api.extensions.ExtensionArray)
    check(all(is_array(side, "iufmM") or isinstance(side, sides) for side in (left, right)), CONTENT)
    check(closed in ("left", "right", "both", "neither") and len(left) == len(right), CONTENT)
    return call_checked(pd.arrays.IntervalArray.from_arrays, left, right, closed)


@factory("pandas.arrays:SparseArray", f"{ARRAYS}.sparse.array:SparseArray")
def make_sparse(parts: ObjectParts) -> Any:
    import pandas as pd

    match parts.state:
        case {"_sparse_index": index, "_sparse_values": values, "_dtype": pd.SparseDtype() as dtype}:
            check(is_array(values, "biufcmM") and values.ndim == 1 and values.dtype == dtype.subtype, CONTENT)
            places = _sparse_index(index, parts.limits.cells)
            check(places.npoints == len(values), "The number of values does not match its sparse index.")
            # The only constructor from values and index that exists in every pandas; both are validated.
            sparse: Any = pd.arrays.SparseArray
            return sparse._simple_new(values, places, dtype)
    raise Unsupported(CONTENT)


def _sparse_index(value: Any, cells: int) -> Any:
    """Build a sparse index from ascending positions within its length."""
    import numpy as np
    import pandas as pd

    node = require_node(value, *SPARSE_INDEXES)
    length, *numbers = node.args or (None,)
    check(type(length) is int and 0 <= length <= min(cells, (1 << 31) - 1), "Its length is invalid.")
    check(all(is_array(array, "i") and array.ndim == 1 for array in numbers), CONTENT)
    kind = "integer" if len(numbers) == 1 else "block"
    check(len(numbers) in (1, 2) and (kind == "integer") == (node.name == "IntIndex"), CONTENT)
    starts = numbers[0].astype(np.int64)
    lengths = numbers[1].astype(np.int64) if kind == "block" else np.ones_like(starts)
    check(len(starts) == len(lengths) and (lengths > 0).all(), CONTENT)
    ends = starts + lengths
    inside = not len(starts) or (starts[0] >= 0 and ends[-1] <= length and (lengths <= length).all())
    check(inside and (starts[1:] >= ends[:-1]).all(), "Its sparse index exceeds its length.")
    sparse: Any = pd.arrays.SparseArray
    return call_checked(type(sparse([0], kind=kind).sp_index), length, *(array.astype(np.int32) for array in numbers))
