"""How well orders were carried out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qtui.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

WEIGHTS: Mapping[str, str] = {"mean": "count", "amount_weighted": "deal_amount", "value_weighted": "value"}
"""The column that weighs each period, by method."""


def indicator_analysis(df: DataFrame, method: str = "mean") -> DataFrame:
    """Fulfilment, price advantage and the share of good prices over all periods, weighted by what was traded.

    >>> import pandas
    >>> traded = {"count": [1, 3], "ffr": [1.0, 0.5], "pa": [0.0, 0.0], "pos": [0.0, 1.0]}
    >>> indicator_analysis(pandas.DataFrame(traded))["value"].to_dict()
    {'ffr': 0.625, 'pa': 0.0, 'pos': 0.75}
    """
    if method not in WEIGHTS:
        raise UsageError(f"method is {method!r}, but must be one of {', '.join(WEIGHTS)}.")
    weights = df[WEIGHTS[method]].abs()
    found = df[["ffr", "pa"]].mul(weights, axis="index").sum() / weights.sum()
    found.loc["pos"] = (df["pos"] * df["count"]).sum() / df["count"].sum()
    return found.to_frame("value")
