"""Long-short returns and precision of the top and bottom quantiles of the daily predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtui.errors import UsageError
from qtui.quant.measures.correlation import pair_values

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def calc_long_short_return(
    pred: Series, label: Series, date_col: str = "datetime", quantile: float = 0.2, dropna: bool = False
) -> tuple[Series, Series]:
    """Return the daily long-short return (half of top minus bottom quantile) and the daily mean return.

    >>> import pandas
    >>> day = pandas.MultiIndex.from_product([[2], list("ABCDE")], names=["datetime", "instrument"])
    >>> pred = pandas.Series([1.0, 2.0, 3.0, 4.0, 5.0], day)
    >>> label = pandas.Series([-0.02, 0.0, 0.0, 0.0, 0.04], day)
    >>> long_short, average = calc_long_short_return(pred, label)
    >>> long_short.round(4).tolist(), average.round(4).tolist()
    ([0.03], [0.004])
    """
    pairs = pair_values(pred, label, date_col, dropna)
    average = pairs["label"].groupby(level=date_col).mean()
    long, short = _top_and_bottom(pairs, date_col, quantile)
    top, bottom = (rows["label"].groupby(level=date_col).mean().reindex(average.index) for rows in (long, short))
    return (top - bottom) / 2, average


def calc_long_short_prec(
    pred: Series,
    label: Series,
    date_col: str = "datetime",
    quantile: float = 0.2,
    dropna: bool = False,
    is_alpha: bool = False,
) -> tuple[Series, Series]:
    """Return the daily precision of the top quantile (share that rose) and the bottom quantile (share that fell).

    With `is_alpha` returns are compared with the day's mean.
    """
    pairs = pair_values(pred, label, date_col)
    instruments = label.index.get_level_values(_instrument_level(label, date_col)).nunique()
    if int(1 / quantile) >= instruments:
        raise UsageError(f"quantile={quantile} needs more than {int(1 / quantile)} instruments.")
    if is_alpha:
        pairs["label"] -= pairs["label"].groupby(level=date_col).transform("mean")
    long, short = _top_and_bottom(pairs.dropna() if dropna else pairs, date_col, quantile)
    return _share(long["label"] > 0, long, date_col), _share(short["label"] < 0, short, date_col)


def _instrument_level(values: Series, date_col: str) -> int:
    """Return the number of the index level that holds instruments."""
    return 1 - list(values.index.names).index(date_col)


def _top_and_bottom(pairs: DataFrame, date_col: str, quantile: float) -> tuple[DataFrame, DataFrame]:
    """Return the rows of the daily top and bottom quantile by prediction; ties go to the first."""
    scores = pairs["pred"].groupby(level=date_col)
    size = (scores.transform("size") * quantile).astype("int64")
    greatest = scores.rank(method="first", ascending=False, na_option="bottom")
    least = scores.rank(method="first", ascending=True, na_option="bottom")
    return pairs[greatest <= size], pairs[least <= size]


def _share(right: Series, rows: DataFrame, date_col: str) -> Series:
    """Return the daily share of known labels that are right."""
    counted = rows["label"].groupby(level=date_col).count()
    return right.groupby(level=date_col).sum() / counted.where(counted > 0)
