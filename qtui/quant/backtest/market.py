"""Prices as arrays of days by instruments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.backtest.exchange import Exchange
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from numpy import bool_, float64
    from numpy.typing import NDArray
    from pandas import DataFrame, DatetimeIndex, Index, Series, Timestamp

MIN_PRICE = 1e-8
LOOKBACK_DAYS = 31
"""Days of prices loaded before the start, so that the first day has a previous trading day."""

Prices = Any
"""A frame with a column `$close` or `close`, indexed by datetime and instrument, or a function (start, end)
returning one."""


@dataclass(frozen=True, slots=True)
class Market:
    """Prices and tradability, by day (rows) and instrument (columns)."""

    days: DatetimeIndex
    codes: Index[Any]
    close: NDArray[float64]
    buying: NDArray[float64]
    selling: NDArray[float64]
    factor: NDArray[float64] | None
    change: NDArray[float64]
    buyable: NDArray[bool_]
    sellable: NDArray[bool_]

    @classmethod
    def of(cls, prices: DataFrame, exchange: Exchange, codes: Iterable[Any] = ()) -> Market:
        """Create a market from a frame of prices; `codes` are included even without prices."""
        tables = _Tables(by_day_and_code(prices, "prices"))
        close = tables.required("close")
        close = close.reindex(columns=close.columns.union(list(codes)))
        buying, selling = (_deal_prices(tables.required(name), close) for name in _deal_columns(exchange.deal_price))
        change = tables.aligned("change", close)
        if change is None:
            change = close / close.ffill().shift() - 1
        return cls(
            days=_datetime_index(close.index),
            codes=close.columns,
            close=close.to_numpy(),
            buying=buying.to_numpy(),
            selling=selling.to_numpy(),
            factor=_factor(tables.aligned("factor", close), close),
            change=change.to_numpy(),
            buyable=_tradable(exchange.limit_threshold, tables, close, change, 0).to_numpy(),
            sellable=_tradable(exchange.limit_threshold, tables, close, change, 1).to_numpy(),
        )


class _Tables:
    """The columns of a frame as tables by day and instrument; a leading `$` in names is optional."""

    def __init__(self, prices: DataFrame) -> None:
        self._columns = {str(name).removeprefix("$"): prices[name] for name in prices.columns}

    def required(self, name: str) -> DataFrame:
        """Return the table of a column; raise ConfigError if it is missing."""
        column = self._columns.get(name.removeprefix("$"))
        if column is None:
            raise ConfigError(f"The prices have no column {name!r}.")
        return column.astype("float64").unstack().sort_index()

    def aligned(self, name: str, like: DataFrame) -> DataFrame | None:
        """Return the table of an optional column, reindexed like another table."""
        if name not in self._columns:
            return None
        return self.required(name).reindex(index=like.index, columns=like.columns)


def prices_of(prices: Prices, start: Timestamp, end: Timestamp) -> DataFrame:
    """Return the prices, calling a function for the time from a month before the start to the end."""
    import pandas

    frame = prices(start - pandas.Timedelta(days=LOOKBACK_DAYS), end) if callable(prices) else prices
    if not isinstance(frame, pandas.DataFrame):
        raise ConfigError(f"prices must be a DataFrame or a function returning one, not {type(frame).__name__}.")
    return frame


def by_day_and_code(values: Any, what: str) -> Any:
    """Return a frame or series with its index levels ordered as (datetime, instrument)."""
    import pandas

    index = values.index
    if index.nlevels != 2:
        raise ConfigError(f"The {what} must be indexed by datetime and instrument.")
    times = [isinstance(index.levels[level], pandas.DatetimeIndex) for level in (0, 1)]
    if sum(times) != 1:
        raise ConfigError(f"Exactly one index level of the {what} must be a DatetimeIndex.")
    if index.has_duplicates:
        raise ConfigError(f"The {what} have duplicate rows for one instrument and time.")
    ordered = values if times[0] else values.swaplevel()
    return ordered.set_axis(ordered.index.set_names(["datetime", "instrument"]))


def _datetime_index(index: Index[Any]) -> DatetimeIndex:
    import pandas

    return pandas.DatetimeIndex(index)


def _deal_columns(deal_price: str | tuple[str, str]) -> tuple[str, str]:
    """Return the price columns for buying and for selling."""
    return (deal_price, deal_price) if isinstance(deal_price, str) else deal_price


def _deal_prices(price: DataFrame, close: DataFrame) -> DataFrame:
    """Return the deal prices, with the close where one is missing."""
    aligned = price.reindex(index=close.index, columns=close.columns)
    return aligned.where(aligned > MIN_PRICE, close)


def _factor(factor: DataFrame | None, close: DataFrame) -> NDArray[float64] | None:
    """Return the adjustment factors, or None if one is missing, as in Qlib."""
    if factor is None or (factor.isna() & close.notna()).any(axis=None):
        return None
    return factor.to_numpy()


def _tradable(
    limit: float | tuple[str, str] | None, tables: _Tables, close: DataFrame, change: DataFrame, side: int
) -> DataFrame:
    """Return which instruments have a close and are not at their limit, for buying (0) or selling (1)."""
    if limit is None:
        return close.notna()
    if isinstance(limit, tuple):
        at_limit = tables.required(limit[side]).reindex(index=close.index, columns=close.columns).fillna(0) != 0
    else:
        at_limit = change >= limit if side == 0 else change <= -limit
    return close.notna() & ~at_limit


def benchmark_of(benchmark: Any, market: Market) -> Series:
    """Return the daily returns of the benchmark: a series of returns, an instrument, or the mean of several."""
    import numpy
    import pandas

    if benchmark is None:
        return pandas.Series(0.0, market.days)
    if isinstance(benchmark, pandas.Series):
        day = market.days.searchsorted(pandas.DatetimeIndex(benchmark.index), side="right") - 1
        grown = (benchmark.to_numpy("float64") + 1)[day >= 0]
        by_day = pandas.Series(grown, market.days[day[day >= 0]]).groupby(level=0).prod() - 1
        return by_day.reindex(market.days).fillna(0.0)
    names = list(benchmark) if isinstance(benchmark, list | tuple) else [benchmark]
    missing = [str(name) for name in names if name not in market.codes]
    if missing:
        raise ConfigError(
            f"The prices do not include the benchmark {', '.join(missing)}; add its prices or pass a series of returns."
        )
    changes = pandas.DataFrame(market.change[:, market.codes.get_indexer(pandas.Index(names))], market.days)
    return changes.mean(axis="columns").replace([numpy.inf, -numpy.inf], numpy.nan).fillna(0.0)
