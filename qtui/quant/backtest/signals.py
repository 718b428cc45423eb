"""Scores, laid out by the day on which they are traded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.backtest.market import by_day_and_code

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray
    from pandas import DatetimeIndex, Index, Series


def scores_of(signal: Any) -> Series:
    """The scores of a signal by time and instrument: of a series, of the first column of a frame, or of a model."""
    import pandas

    if isinstance(signal, list | tuple) and len(signal) == 2:
        model, dataset = signal
        signal = model.predict(dataset)
    if isinstance(signal, pandas.DataFrame):
        signal = signal.iloc[:, 0]
    if not isinstance(signal, pandas.Series):
        raise ConfigError(f"A signal is a series, a frame or (model, dataset), not a {type(signal).__name__}.")
    scores: Series = by_day_and_code(signal, "scores").astype("float64")
    return scores


def by_day_of_trade(scores: Series, days: DatetimeIndex, codes: Index[Any]) -> NDArray[float64]:
    """The last score of each instrument from the day before a day of trade on, and before that day itself."""
    import numpy
    import pandas

    known = scores.dropna().sort_index(level="datetime")
    row = days.searchsorted(pandas.DatetimeIndex(known.index.get_level_values("datetime")), side="right")
    column = codes.get_indexer(known.index.get_level_values("instrument"))
    usable = (row > 0) & (row < len(days))
    table = numpy.full((len(days), len(codes)), numpy.nan)
    table[row[usable], column[usable]] = known.to_numpy()[usable]
    return table
