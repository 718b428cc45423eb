"""What the best and the worst of each day's predictions brought: long-short returns and precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtui.errors import UsageError
from qtui.quant.measures.pairs import paired

if TYPE_CHECKING:
    from pandas import DataFrame, Series


def calc_long_short_return(
    pred: Series, label: Series, date_col: str = "datetime", quantile: float = 0.2, dropna: bool = False
) -> tuple[Series, Series]:
    """Half of what each day's best fifth brought more than its worst fifth, and what all of them brought.

    >>> import pandas
    >>> day = pandas.MultiIndex.from_product([[2], list("ABCDE")], names=["datetime", "instrument"])
    >>> pred = pandas.Series([1.0, 2.0, 3.0, 4.0, 5.0], day)
    >>> label = pandas.Series([-0.02, 0.0, 0.0, 0.0, 0.04], day)
    >>> long_short, average = calc_long_short_return(pred, label)
    >>> long_short.round(4).tolist(), average.round(4).tolist()
    ([0.03], [0.004])
    """
    pairs = paired(pred, label, date_col, dropna)
    average = pairs["label"].groupby(level=date_col).mean()
    long, short = _ends(pairs, date_col, quantile)
    best, worst = (each["label"].groupby(level=date_col).mean().reindex(average.index) for each in (long, short))
    return (best - worst) / 2, average


def calc_long_short_prec(
    pred: Series,
    label: Series,
    date_col: str = "datetime",
    quantile: float = 0.2,
    dropna: bool = False,
    is_alpha: bool = False,
) -> tuple[Series, Series]:
    """How many of each day's best rose and of its worst fell; with `is_alpha`, compared with the day's average."""
    pairs = paired(pred, label, date_col)
    instruments = label.index.get_level_values(_other(label, date_col)).nunique()
    if int(1 / quantile) >= instruments:
        raise UsageError(f"A precision of quantiles of {quantile} needs more than {int(1 / quantile)} instruments.")
    if is_alpha:
        pairs["label"] -= pairs["label"].groupby(level=date_col).transform("mean")
    long, short = _ends(pairs.dropna() if dropna else pairs, date_col, quantile)
    return _share(long["label"] > 0, long, date_col), _share(short["label"] < 0, short, date_col)


def _other(values: Series, date_col: str) -> int:
    """Which level of the index tells instruments apart."""
    return 1 - list(values.index.names).index(date_col)


def _ends(pairs: DataFrame, date_col: str, quantile: float) -> tuple[DataFrame, DataFrame]:
    """Each day's rows with the greatest and with the least predictions; of equal ones the first."""
    scores = pairs["pred"].groupby(level=date_col)
    size = (scores.transform("size") * quantile).astype("int64")
    greatest = scores.rank(method="first", ascending=False, na_option="bottom")
    least = scores.rank(method="first", ascending=True, na_option="bottom")
    return pairs[greatest <= size], pairs[least <= size]


def _share(right: Series, rows: DataFrame, date_col: str) -> Series:
    """Which part of each day's known labels is right."""
    counted = rows["label"].groupby(level=date_col).count()
    return right.groupby(level=date_col).sum() / counted.where(counted > 0)
