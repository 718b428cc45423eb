"""Predictions joined with their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtui.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def paired(pred: Series, label: Series, date_col: str, dropna: bool = False) -> DataFrame:
    """Return predictions and labels as float64 columns of one frame, joined by index."""
    import pandas

    pairs = pandas.DataFrame({"pred": pred.astype("float64"), "label": label.astype("float64")})
    if date_col not in pairs.index.names:
        raise UsageError(f"The index has no level {date_col!r}; pass date_col to name the level of days.")
    return pairs.dropna() if dropna else pairs
