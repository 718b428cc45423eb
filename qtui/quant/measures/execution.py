"""Statistics of order execution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qtui.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

WEIGHTS: Mapping[str, str] = {"mean": "count", "amount_weighted": "deal_amount", "value_weighted": "value"}
"""The column holding the weights of the periods, by method."""


def indicator_analysis(df: DataFrame, method: str = "mean") -> DataFrame:
    """Return fulfilment rate (ffr), price advantage (pa) and positive rate (pos) over all periods, weighted.

    `method` chooses the weights: `mean` (orders), `amount_weighted` or `value_weighted`.

    >>> import pandas
    >>> traded = {"count": [1, 3], "ffr": [1.0, 0.5], "pa": [0.0, 0.0], "pos": [0.0, 1.0]}
    >>> indicator_analysis(pandas.DataFrame(traded))["value"].to_dict()
    {'ffr': 0.625, 'pa': 0.0, 'pos': 0.75}
    """
    if method not in WEIGHTS:
        raise UsageError(f"method is {method!r}, but must be one of {', '.join(WEIGHTS)}.")
    weights = df[WEIGHTS[method]].abs()
    indicators = df[["ffr", "pa"]].mul(weights, axis="index").sum() / weights.sum()
    indicators.loc["pos"] = (df["pos"] * df["count"]).sum() / df["count"].sum()
    return indicators.to_frame("value")
