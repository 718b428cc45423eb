"""Scores arranged by the day on which they are traded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.backtest.market import by_day_and_code

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray
    from pandas import DatetimeIndex, Index, Series


def scores_of(signal: Any) -> Series:
    """Return the scores of a signal by time and instrument.

    A signal is a series, a frame (its first column counts) or a pair (model, dataset).
    """
    import pandas

    if isinstance(signal, list | tuple) and len(signal) == 2:
        model, dataset = signal
        signal = model.predict(dataset)
    if isinstance(signal, pandas.DataFrame):
        signal = signal.iloc[:, 0]
    if not isinstance(signal, pandas.Series):
        raise ConfigError(f"signal must be a Series, a DataFrame or (model, dataset), not {type(signal).__name__}.")
    scores: Series = by_day_and_code(signal, "scores").astype("float64")
    return scores


def scores_by_trading_day(scores: Series, days: DatetimeIndex, codes: Index[Any]) -> NDArray[float64]:
    """Return, for every trading day, the last score of each instrument since the previous trading day."""
    import numpy
    import pandas

    known = scores.dropna().sort_index(level="datetime")
    row = days.searchsorted(pandas.DatetimeIndex(known.index.get_level_values("datetime")), side="right")
    column = codes.get_indexer(known.index.get_level_values("instrument"))
    usable = (row > 0) & (row < len(days))
    table = numpy.full((len(days), len(codes)), numpy.nan)
    table[row[usable], column[usable]] = known.to_numpy()[usable]
    return table
