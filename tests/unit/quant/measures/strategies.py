"""Predictions and labels of a few days and instruments: gaps, ties, days that only one side knows."""

from __future__ import annotations

import math

import pandas
from hypothesis import strategies as st
from pandas import MultiIndex, Series

NUMBERS = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-10, 10, allow_nan=False).map(lambda value: round(value, 6)),
    st.just(math.nan),
)
NAMES = ["datetime", "instrument"]


@st.composite
def signals(draw: st.DrawFn) -> tuple[Series, Series]:
    """A prediction and a label, each with the rows that it happens to have."""
    rows = draw(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 12)), min_size=1, max_size=40, unique=True))
    chosen = st.lists(st.sampled_from(rows), min_size=1, unique=True)
    pred, label = (_series(draw, draw(st.one_of(st.just(rows), chosen))) for _ in range(2))
    return pred, label


def _series(draw: st.DrawFn, rows: list[tuple[int, int]]) -> Series:
    days = [(pandas.Timestamp(2020, 1, day), f"SH{number:06d}") for day, number in rows]
    values = draw(st.lists(NUMBERS, min_size=len(rows), max_size=len(rows)))
    return Series(values, MultiIndex.from_tuples(days, names=NAMES), dtype="float64")


RETURNS = st.lists(st.floats(-0.2, 0.2).map(lambda value: round(value, 6)), min_size=2, max_size=40)
