"""Information coefficients: IC and Rank IC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtui.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame, Index, Series


def pair_values(pred: Series, label: Series, date_col: str, dropna: bool = False) -> DataFrame:
    """Return predictions and labels as float64 columns of one frame, joined by index."""
    import pandas

    pairs = pandas.DataFrame({"pred": pred.astype("float64"), "label": label.astype("float64")})
    if date_col not in pairs.index.names:
        raise UsageError(f"The index has no level {date_col!r}; pass date_col to name the level of days.")
    return pairs.dropna() if dropna else pairs


def calc_ic(pred: Series, label: Series, date_col: str = "datetime", dropna: bool = False) -> tuple[Series, Series]:
    """Return the daily correlation of prediction and label: Pearson's (IC) and Spearman's (Rank IC).

    `pred` and `label` are indexed by `date_col` and instrument. With `dropna`, days without a correlation are dropped.

    >>> import pandas
    >>> days = pandas.MultiIndex.from_product([[2, 3], ["A", "B", "C"]], names=["datetime", "instrument"])
    >>> pred = pandas.Series([1.0, 2.0, 3.0, 1.0, 2.0, 3.0], days)
    >>> label = pandas.Series([1.0, 2.0, 9.0, 0.3, 0.2, 0.1], days)
    >>> ic, rank_ic = calc_ic(pred, label)
    >>> ic.round(3).tolist(), rank_ic.round(3).tolist()
    ([0.918, -1.0], [1.0, -1.0])
    """
    pairs = pair_values(pred, label, date_col)
    days = pairs.index.get_level_values(date_col).unique().dropna().sort_values()
    known = pairs.dropna()
    ic = _correlation(known, date_col, days)
    rank_ic = _correlation(known.groupby(level=date_col).rank(), date_col, days)
    return (ic.dropna(), rank_ic.dropna()) if dropna else (ic, rank_ic)


def _correlation(pairs: DataFrame, date_col: str, days: Index) -> Series:
    """Return Pearson's correlation by day; NaN where one side is constant."""
    import numpy

    by_day = pairs.groupby(level=date_col)
    with numpy.errstate(all="ignore"):
        centred = pairs - by_day.transform("mean")
        squares = (centred**2).groupby(level=date_col).sum()
        products = (centred["pred"] * centred["label"]).groupby(level=date_col).sum()
        correlation: Series = products / numpy.sqrt(squares["pred"]) / numpy.sqrt(squares["label"])
    varies = (by_day.max() > by_day.min()).all(axis="columns")
    return correlation.where(varies).clip(-1, 1).reindex(days)
