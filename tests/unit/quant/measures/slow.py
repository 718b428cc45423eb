"""The same measures as anybody would first write them: one day, one instrument after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas
from pandas import Series

Pairs = list[tuple[float, float]]


def days_of(pred: Series, label: Series) -> dict[object, Pairs]:
    """The rows of each day, in the order of the joined index."""
    days: dict[object, Pairs] = {}
    for key, row in pandas.DataFrame({"pred": pred, "label": label}).iterrows():
        days.setdefault(key[0], []).append((row["pred"], row["label"]))
    return dict(sorted(days.items()))


def known(pairs: Pairs) -> Pairs:
    """Those with both sides."""
    return [(x, y) for x, y in pairs if not math.isnan(x) and not math.isnan(y)]


def pearson(pairs: Pairs) -> float:
    """The textbook's correlation."""
    pairs = known(pairs)
    if len({x for x, _ in pairs}) < 2 or len({y for _, y in pairs}) < 2:
        return math.nan
    mean_x, mean_y = (math.fsum(side) / len(pairs) for side in zip(*pairs, strict=True))
    together = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs)
    spread_x = math.sqrt(math.fsum((x - mean_x) ** 2 for x, _ in pairs))
    spread_y = math.sqrt(math.fsum((y - mean_y) ** 2 for _, y in pairs))
    return together / spread_x / spread_y


def ranks(values: Sequence[float]) -> list[float]:
    """Places from 1 on; equal values share the middle of theirs."""
    return [sum(other < value for other in values) + (values.count(value) + 1) / 2 for value in values]


def spearman(pairs: Pairs) -> float:
    """Pearson's correlation of the ranks."""
    pairs = known(pairs)
    xs, ys = ([x for x, _ in pairs], [y for _, y in pairs])
    return pearson(list(zip(ranks(xs), ranks(ys), strict=True)))


def ends(pairs: Pairs, quantile: float) -> tuple[list[float], list[float]]:
    """The labels of the best and of the worst predictions; a prediction that is missing is neither."""
    count = int(len(pairs) * quantile)
    best = sorted(pairs, key=lambda pair: (math.isnan(pair[0]), -pair[0] if not math.isnan(pair[0]) else 0))
    worst = sorted(pairs, key=lambda pair: (math.isnan(pair[0]), pair[0] if not math.isnan(pair[0]) else 0))
    return [y for _, y in best[:count]], [y for _, y in worst[:count]]


def mean(values: Sequence[float]) -> float:
    """The mean of what is known."""
    values = [value for value in values if not math.isnan(value)]
    return math.fsum(values) / len(values) if values else math.nan


def long_short(pairs: Pairs, quantile: float) -> float:
    """Half of the difference of both ends."""
    long, short = ends(pairs, quantile)
    return (mean(long) - mean(short)) / 2


def share(values: Sequence[float], right: bool) -> float:
    """Which part rose, or fell."""
    values = [value for value in values if not math.isnan(value)]
    return sum((value > 0) if right else (value < 0) for value in values) / len(values) if values else math.nan
