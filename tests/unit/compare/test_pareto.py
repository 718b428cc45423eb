"""The Pareto front."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from qtui.compare.pareto import pareto_front

numbers = st.none() | st.integers(-4, 4).map(float) | st.just(math.nan)


@given(st.lists(st.tuples(numbers, numbers), max_size=12), st.booleans(), st.booleans())
def test_a_run_is_on_the_front_if_no_run_is_better_in_one_metric_and_not_worse_in_the_other(
    points: list[tuple[float | None, float | None]], x_higher: bool, y_higher: bool
) -> None:
    def goodness(point: tuple[float | None, float | None]) -> tuple[float, float] | None:
        x, y = point
        if x is None or y is None or math.isnan(x) or math.isnan(y):
            return None
        return (x if x_higher else -x), (y if y_higher else -y)

    scores = [goodness(point) for point in points]
    expected = {
        index
        for index, own in enumerate(scores)
        if own is not None
        and not any(
            other is not None and other != own and other[0] >= own[0] and other[1] >= own[1] for other in scores
        )
    }
    front = pareto_front([x for x, _ in points], [y for _, y in points], x_higher=x_higher, y_higher=y_higher)
    assert set(front) == expected and len(front) == len(expected)
    xs = [x for index in front if (x := points[index][0]) is not None]
    assert xs == sorted(xs)
