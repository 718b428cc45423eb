"""Filters of tables: a text that a cell holds, or a comparison such as `score > 0.02` or `instrument = SH600000`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from qtui.artifacts.tables.cell_texts import cell_text
from qtui.errors import BadValue
from qtui.query.ast import COMPARE

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import Series

    Mask = NDArray[Any]

COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {"==": operator.eq} | {
    str(name): compare for name, compare in COMPARE.items()
}
OPERATOR = re.compile(r"\s*(==|!=|<=|>=|=|<|>)\s*")
MISSING_WORDS = frozenset(("", "nan", "none", "null", "na", "nat"))
"""Words that mean a missing value, in a comparison with `=` or `!=`."""
TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
ORDERED_TYPES = frozenset(
    ("string", "empty", "integer", "floating", "mixed-integer-float", "decimal", "boolean", "date", "datetime", "time")
)
"""Types of objects, as pandas infers them, that have an order."""
NUMBER_CHARACTERS = frozenset("0123456789.+-einfan")


class CellComparison(NamedTuple):
    """A comparison of the cells of a column with a value."""

    column: int
    operator: str
    value: str


def parse_comparison(text: str, names: Sequence[str]) -> CellComparison | None:
    """Return the comparison if the text begins with the name of a column and an operator, else None.

    A name can be put in backticks; the longest name wins, and one in the same case over one in another.
    """
    text = text.strip()
    for fold in (str, str.casefold):
        for column in sorted(range(len(names)), key=lambda column: -len(names[column])):
            for name in (names[column], f"`{names[column]}`"):
                if fold(text).startswith(fold(name)) and (match := OPERATOR.match(text, len(name))):
                    value = text[match.end() :].strip()
                    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
                        value = value[1:-1]
                    return CellComparison(column, match[1], value)
    return None


def comparison_mask(values: Series[Any], comparison: CellComparison, name: str) -> Mask:
    """Return which values satisfy the comparison; raise BadValue if its value does not fit the column."""
    import numpy as np

    compare = COMPARISONS[comparison.operator]
    if comparison.value.casefold() in MISSING_WORDS and compare in (operator.eq, operator.ne):
        is_missing = values.isna().to_numpy(dtype=bool)
        return is_missing if compare is operator.eq else ~is_missing
    if values.dtype == "category":
        values = values.astype(values.cat.categories.dtype)
    try:
        value = _typed_value(values, comparison.value)
    except (ValueError, OverflowError, KeyError):
        raise BadValue(f"{comparison.value!r} cannot be compared with {name}, which is {values.dtype}.") from None
    if isinstance(value, str):
        values = texts_of(values)
    try:
        mask = compare(values, value)
    except TypeError:
        raise BadValue(f"{name} cannot be compared with {comparison.operator}.") from None
    return np.asarray(mask.to_numpy(dtype=bool, na_value=False) if hasattr(mask, "to_numpy") else mask, dtype=bool)


def _typed_value(values: Series[Any], text: str) -> Any:
    """Return the value of a comparison in the type of the column."""
    import pandas as pd

    types = pd.api.types
    if types.is_bool_dtype(values.dtype):
        return TRUTHS[text.casefold()]
    if types.is_numeric_dtype(values.dtype):
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    if types.is_datetime64_any_dtype(values.dtype):
        moment = pd.Timestamp(text)
        zone = getattr(values.dt, "tz", None)
        return moment.tz_localize(zone) if zone is not None and moment.tzinfo is None else moment
    if types.is_timedelta64_dtype(values.dtype):
        return pd.Timedelta(text)
    return text


def text_mask(values: Series[Any], needle: str) -> Mask:
    """Return which cells hold a text, ignoring case."""
    import numpy as np
    import pandas as pd

    if is_text(values):
        mask = values.str.contains(needle, case=False, regex=False)
        return mask.to_numpy(dtype=bool, na_value=False)
    folded = needle.casefold()
    if pd.api.types.is_numeric_dtype(values.dtype) and not could_be_number(needle):
        return np.zeros(len(values), dtype=bool)
    if values.dtype == object:
        return np.fromiter((folded in cell_text(value).casefold() for value in values), bool, len(values))
    codes, unique = pd.factorize(values, use_na_sentinel=True)
    matches = np.fromiter((folded in cell_text(value).casefold() for value in unique), bool, len(unique))
    return np.append(matches, False)[codes]


def could_be_number(text: str) -> bool:
    """Return whether a text could be a part of the text of a number."""
    return NUMBER_CHARACTERS.issuperset(text.casefold())


def is_text(values: Series[Any]) -> bool:
    """Return whether a column has texts only, besides missing values."""
    import pandas as pd

    if isinstance(values.dtype, pd.StringDtype):
        return True
    return values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty")


def has_order(values: Series[Any]) -> bool:
    """Return whether the objects of a column are of one type that can be sorted, besides missing values."""
    import pandas as pd

    return pd.api.types.infer_dtype(values, skipna=True) in ORDERED_TYPES


def texts_of(values: Series[Any]) -> Series[Any]:
    """Return the values as texts that are cheap to compare and to hash, whatever objects they are; None is kept."""
    import pandas as pd

    if is_text(values):
        return values
    missing = values.isna().tolist()
    texts = [
        None if is_missing else cell_text(value) for value, is_missing in zip(values.tolist(), missing, strict=True)
    ]
    return pd.Series(texts, index=values.index, dtype=object)
