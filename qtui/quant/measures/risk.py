"""Risk analysis of returns: mean, standard deviation, annualised return, information ratio, maximum drawdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from qtui.errors import UsageError
from qtui.quant.measures.frequency import Frequency

if TYPE_CHECKING:
    from pandas import DataFrame, Series

Accumulation = Literal["sum", "product"]


def risk_analysis(r: Series, N: float | None = None, freq: str | None = "day", mode: Accumulation = "sum") -> DataFrame:
    """Return Qlib's risk measures of the returns `r`.

    `N` is the number of periods per year, otherwise derived from `freq`; `mode` accumulates returns as a `sum` or a
    `product`.

    >>> import pandas
    >>> risk_analysis(pandas.Series([0.01, -0.02, 0.03]))["risk"].round(4).to_dict()
    {'mean': 0.0067, 'std': 0.0252, 'annualized_return': 1.5867, 'information_ratio': 4.0868, 'max_drawdown': -0.02}
    """
    import numpy
    import pandas

    if N is None and freq is None:
        raise UsageError("risk_analysis needs N (periods per year) or freq.")
    if mode not in STATISTICS:
        raise UsageError(f"mode is {mode!r}, but must be 'sum' or 'product'.")
    periods = N if N is not None else Frequency.parse(freq or "day").per_year
    mean, std, annual, drawdown = STATISTICS[mode](r, periods)
    with numpy.errstate(all="ignore"):
        ratio = numpy.float64(mean) / numpy.float64(std) * numpy.sqrt(periods)
    risk = {
        "mean": mean,
        "std": std,
        "annualized_return": annual,
        "information_ratio": ratio,
        "max_drawdown": drawdown,
    }
    return pandas.Series(risk).to_frame("risk")


def _sum_statistics(r: Series, periods: float) -> tuple[float, float, float, float]:
    total = r.cumsum()
    return r.mean(), r.std(ddof=1), r.mean() * periods, (total - total.cummax()).min()


def _product_statistics(r: Series, periods: float) -> tuple[float, float, float, float]:
    import numpy

    if r.empty:
        return numpy.nan, numpy.nan, numpy.nan, numpy.nan
    worth = (1 + r).cumprod()
    end = numpy.float64(worth.iloc[-1])
    with numpy.errstate(all="ignore"):
        mean, annual = end ** (1 / len(r)) - 1, end ** (periods / len(r)) - 1
        std = numpy.log(1 + r).std(ddof=1)
    return float(mean), std, float(annual), (worth / worth.cummax() - 1).min()


STATISTICS = {"sum": _sum_statistics, "product": _product_statistics}
