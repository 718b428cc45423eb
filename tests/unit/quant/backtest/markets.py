"""Small markets with gaps, limits, missing scores and odd factors, as tables and as the slow backtest takes them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy
import pandas
from hypothesis import strategies as st
from pandas import DataFrame, MultiIndex, Series

from tests.unit.quant.backtest.slow import Quotes, Rules

NAMES = ["datetime", "instrument"]
DAYS = pandas.date_range("2020-01-01", periods=12, freq="B")
CODES = [f"SH60000{number}" for number in range(6)]


@dataclass(frozen=True)
class World:
    """Prices, scores and rules."""

    prices: DataFrame
    scores: Series
    rules: Rules
    cash: float

    def quotes(self) -> list[Quotes]:
        """Return the quotes of every stock, day by day."""
        columns = {str(name).removeprefix("$"): self.prices[name].unstack() for name in self.prices}
        return [
            {code: {name: float(table.loc[day, code]) for name, table in columns.items()} for code in CODES}
            for day in DAYS
        ]

    def scored(self) -> list[dict[str, float]]:
        """The scores, day by day."""
        return [
            {code: float(self.scores[day, code]) for code in CODES if (day, code) in self.scores.index} for day in DAYS
        ]


RULES = st.builds(
    Rules,
    topk=st.integers(1, 4),
    n_drop=st.integers(0, 3),
    hold_thresh=st.integers(0, 3),
    only_tradable=st.booleans(),
    forbid_all_trade_at_limit=st.booleans(),
    risk_degree=st.sampled_from([0.5, 0.95, 1.0]),
    limit=st.sampled_from([None, 0.03, 0.095]),
    deal=st.sampled_from(["close", "open"]),
    open_cost=st.sampled_from([0.0, 0.0005, 0.01]),
    close_cost=st.sampled_from([0.0, 0.0015]),
    min_cost=st.sampled_from([0.0, 5.0, 500.0]),
    unit=st.sampled_from([None, 1, 100]),
    has_factor=st.booleans(),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Everything that a backtest needs, drawn from one seed and shrunk by its rules."""
    generator = numpy.random.default_rng(draw(st.integers(0, 10_000)))
    rules = draw(RULES)
    return World(_prices(generator, rules), _scores(generator), rules, draw(st.sampled_from([300.0, 1e4, 1e7])))


def _prices(generator: numpy.random.Generator, rules: Rules) -> DataFrame:
    shape = (len(DAYS), len(CODES))
    close = 10 * numpy.cumprod(1 + generator.normal(0, 0.04, shape), axis=0)
    close[generator.random(shape) < 0.1] = math.nan
    price = close * (1 + generator.normal(0, 0.01, shape))
    price[generator.random(shape) < 0.05] = math.nan
    tables = {"$close": close, "$open": price, "$change": generator.normal(0, 0.04, shape)}
    if rules.has_factor:
        tables["$factor"] = numpy.broadcast_to(generator.uniform(0.5, 2, shape[1]), shape)
    index = MultiIndex.from_product([DAYS, CODES], names=NAMES)
    return DataFrame({name: table.ravel() for name, table in tables.items()}, index)


def _scores(generator: numpy.random.Generator) -> Series:
    index = MultiIndex.from_product([DAYS, CODES], names=NAMES)
    values = generator.integers(0, 8, len(index)).astype("float64")
    values[generator.random(len(index)) < 0.05] = math.nan
    return Series(values, index)[generator.random(len(index)) < 0.9]
