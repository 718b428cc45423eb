"""Series of every kind, well and badly behaved."""

from __future__ import annotations

import math
from itertools import accumulate

from hypothesis import strategies as st

from qtui.plot.series import Series
from tests.unit.plot.build import series

EXTREMES = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1e308, -1e308, 1e-308, 5e-324, -5e-324, 1.7976931348623157e308)

any_value = st.one_of(st.sampled_from(EXTREMES), st.floats(), st.floats(-10, 10), st.integers(-5, 5).map(float))
near_constant = st.tuples(st.floats(-1e12, 1e12), st.lists(st.floats(0, 1e-6), min_size=1, max_size=20)).map(
    lambda drawn: [drawn[0] * (1 + part) for part in drawn[1]]
)
values = st.one_of(st.lists(any_value, max_size=60), near_constant)
any_step = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-20, 200))


@st.composite
def any_series(draw: st.DrawFn) -> Series:
    """A series whose steps ascend, repeat themselves, go back, or are anything."""
    numbers = draw(values)
    size = len(numbers)
    steps = draw(
        st.one_of(
            st.none(),
            st.lists(st.integers(0, 3), min_size=size, max_size=size).map(lambda gaps: list(accumulate(gaps))),
            st.lists(st.integers(-3, 5), min_size=size, max_size=size).map(lambda gaps: list(accumulate(gaps))),
            st.lists(any_step, min_size=size, max_size=size),
        )
    )
    return series(numbers, steps)
