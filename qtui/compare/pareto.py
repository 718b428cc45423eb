"""The Pareto front of two metrics: the runs that no other run beats in both."""

from __future__ import annotations

import math
from collections.abc import Sequence


def pareto_front(
    xs: Sequence[float | None], ys: Sequence[float | None], *, x_higher: bool, y_higher: bool
) -> tuple[int, ...]:
    """Return the indexes of the runs on the front, in the order of x; `higher` says that larger values are better.

    A run without a finite value of both is not on it. Runs with the same two values are all on it, or none is.
    """
    points = [
        (x if x_higher else -x, y if y_higher else -y, index)
        for index, (x, y) in enumerate(zip(xs, ys, strict=True))
        if x is not None and y is not None and math.isfinite(x) and math.isfinite(y)
    ]
    front: list[int] = []
    best_y, best_x = -math.inf, math.nan
    for x, y, index in sorted(points, key=lambda point: (-point[0], -point[1])):
        if y > best_y or (y == best_y and x == best_x):
            front.append(index)
            best_y, best_x = y, x
    return tuple(front if not x_higher else reversed(front))
