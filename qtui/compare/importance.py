"""The importance of params for a metric: rank correlation, PED-ANOVA, and runs that differ in one param only."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, islice
from typing import TYPE_CHECKING

from qtui.compare.parzen import category_density, number_density
from qtui.compare.run_comparison import ComparedRow, RowKind, RunComparison
from qtui.formatting import ABSENT
from qtui.query import parse_number
from qtui.runs.column_data import CategoricalColumn
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

MIN_RUNS = 10
"""Runs with the metric below which a ranking of params means little."""
TARGET_QUANTILE = 0.1
"""The share of runs that counts as the best ones."""
MIN_BEST_RUNS = 5
"""The least number of best runs; of few runs a larger share counts."""
GRID_STEPS = 50
MIN_REGIME_RUNS = 2
MAX_PAIRS = 5_000
EPSILON = 1e-12
MIN_LOG_RATIO = 100.0
"""The ratio of the largest to the smallest value from which positive numbers are compared by their logarithms."""


@dataclass(frozen=True, slots=True)
class ParamImportance:
    """How much a param matters for a metric."""

    key: str
    count: int
    """The runs with both the param and the metric."""
    importance: float
    """The share of the importance of all params, from 0 to 1 (PED-ANOVA)."""
    correlation: float | None
    """Spearman's rank correlation with the metric; None for a param that is not a number."""
    is_conditional: bool
    """Whether some runs do not have the param."""


@dataclass(frozen=True, slots=True)
class ImportanceReport:
    """The params by importance, the most important first."""

    metric: str
    run_count: int
    """The runs with a finite value of the metric."""
    params: tuple[ParamImportance, ...] = ()

    @property
    def warning(self) -> str:
        """Why the ranking means little; empty if there are enough runs."""
        if self.run_count >= MIN_RUNS:
            return ""
        return f"Too few runs: {self.run_count:,} with {self.metric}; from {MIN_RUNS} on a ranking says something."


@dataclass(frozen=True, slots=True)
class ParamChange:
    """Runs that differ in one param only, for a change of it from one value to another."""

    key: str
    before: str
    after: str
    effects: tuple[float, ...]
    """The change of the metric for every pair of runs."""

    @property
    def mean_effect(self) -> float:
        """The mean change of the metric."""
        return math.fsum(self.effects) / len(self.effects)


def param_importances(comparison: RunComparison, metric: ComparedRow) -> ImportanceReport:
    """Return the importance of every param that differs, for the compared values of a metric."""
    values = metric_values(comparison, metric)
    runs = list(values)
    rows = [row for row in comparison.differing_rows if row.kind is RowKind.PARAM]
    if len(runs) < 2:
        return ImportanceReport(metric.key, len(runs))
    sign = -1 if comparison.is_higher_better(metric.key) else 1
    losses = [sign * values[run] for run in runs]
    best = _best_positions(losses)
    raw = {row: ped_anova([row.column[run] for run in runs], best, row.is_numeric) for row in rows}
    total = math.fsum(raw.values())
    params = [
        ParamImportance(
            row.key,
            sum(row.column[run] is not None for run in runs),
            importance / total if total else 0.0,
            _correlation(row, values),
            any(row.column[run] is None for run in runs),
        )
        for row, importance in raw.items()
    ]
    params.sort(key=lambda param: (-param.importance, -abs(param.correlation or 0), param.key))
    return ImportanceReport(metric.key, len(runs), tuple(params))


def metric_values(comparison: RunComparison, metric: ComparedRow) -> dict[int, float]:
    """Return the finite values of a metric by run."""
    numbers = ((run, metric.number(run)) for run in comparison.order)
    return {run: value for run, value in numbers if value is not None and math.isfinite(value)}


# Rank correlation


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Spearman's rank correlation of two sequences; None if one of them has a single value."""
    import numpy

    a, b = _ranks(first), _ranks(second)
    if len(a) < 2 or a.std() == 0 or b.std() == 0:
        return None
    return float(numpy.corrcoef(a, b)[0, 1])


def _ranks(values: Sequence[float]) -> NDArray[numpy.float64]:
    """Return the ranks; equal values have the mean of their ranks."""
    import numpy

    _, places, counts = numpy.unique(numpy.asarray(values, dtype=float), return_inverse=True, return_counts=True)
    ends = numpy.cumsum(counts)
    return numpy.asarray((ends - (counts - 1) / 2)[places])


def _correlation(row: ComparedRow, values: dict[int, float]) -> float | None:
    if not row.is_numeric:
        return None
    pairs = [(number, value) for run, value in values.items() if (number := row.number(run)) is not None]
    finite = [pair for pair in pairs if math.isfinite(pair[0])]
    return spearman([number for number, _ in finite], [value for _, value in finite])


# PED-ANOVA


def _best_positions(losses: Sequence[float]) -> frozenset[int]:
    """Return the positions of the best losses; those equal to the last one of them are among the best too."""
    quantile = min(1.0, max(TARGET_QUANTILE, MIN_BEST_RUNS / len(losses)))
    return best_positions(losses, quantile)


def best_positions(losses: Sequence[float], quantile: float) -> frozenset[int]:
    """Return the positions of the losses up to a quantile."""
    cutoff = sorted(losses)[math.ceil(quantile * len(losses)) - 1]
    return frozenset(position for position, loss in enumerate(losses) if loss <= cutoff)


def ped_anova(values: Sequence[float | str | None], best: frozenset[int], is_numeric: bool) -> float:
    """Return the importance of a param for being among the best runs, not normalised.

    A param that only a part of the runs has is judged within that part, which is weighted by its share of the best runs
    and of all runs.
    """
    present = [position for position, value in enumerate(values) if value is not None]
    best_present = [position for position in present if position in best]
    if len(present) < MIN_REGIME_RUNS or not best_present:
        return 0.0
    cells, size = _number_cells(values, present) if is_numeric else _category_cells(values, present)
    if size < 2:
        return 0.0
    density = number_density if is_numeric else category_density
    best_set = set(best_present)
    everywhere = density(_counts(cells.values(), size)) + EPSILON
    among_best = density(_counts((cell for position, cell in cells.items() if position in best_set), size)) + EPSILON
    divergence = float(everywhere @ (among_best / everywhere - 1) ** 2)
    share_of_best, share_of_all = len(best_present) / len(best), len(present) / len(values)
    return share_of_best**2 / share_of_all * divergence * (len(best) / len(values)) ** 2


def _counts(cells: Iterable[int], size: int) -> list[int]:
    counts = [0] * size
    for cell in cells:
        counts[cell] += 1
    return counts


def _number_cells(values: Sequence[float | str | None], present: Sequence[int]) -> tuple[dict[int, int], int]:
    """Return the grid cell of every value, and the size of the grid, which is at most GRID_STEPS."""
    numbers = {position: _as_number(values[position]) for position in present}
    finite = {position: number for position, number in numbers.items() if math.isfinite(number)}
    if not finite or min(finite.values()) == max(finite.values()):
        return {}, 0
    is_integer = all(number.is_integer() for number in finite.values())
    low, high = min(finite.values()), max(finite.values())
    is_log = low > 0 and high / low >= MIN_LOG_RATIO
    size = GRID_STEPS
    if is_integer:
        size = min(size, math.ceil(math.log2(high - low + 1)) + 1 if is_log else int(high - low) + 1)
    scale = math.log if is_log else float
    start, step = scale(low), (scale(high) - scale(low)) / (size - 1)
    cells = {position: math.ceil((scale(number) - start) / step - 0.5) for position, number in finite.items()}
    return {position: max(0, min(cell, size - 1)) for position, cell in cells.items()}, size


def _category_cells(values: Sequence[float | str | None], present: Sequence[int]) -> tuple[dict[int, int], int]:
    categories = {value: index for index, value in enumerate(sorted({str(values[position]) for position in present}))}
    return {position: categories[str(values[position])] for position in present}, len(categories)


def _as_number(value: float | str | None) -> float:
    number = parse_number(value) if isinstance(value, str) else value
    return math.nan if number is None else number


# Runs that differ in one param only


def single_param_changes(comparison: RunComparison, metric: ComparedRow) -> tuple[ParamChange, ...]:
    """Return the changes of the metric between runs that differ in one param only, the largest mean effect first."""
    values = metric_values(comparison, metric)
    rows = [row for row in comparison.differing_rows if row.kind is RowKind.PARAM]
    effects: dict[tuple[ComparedRow, str, str], list[float]] = defaultdict(list)
    for row, first, second in islice(_single_param_pairs(rows, sorted(values)), MAX_PAIRS):
        before, after = sorted((first, second), key=lambda run: _order_of(row, run))
        change = row, _text(row, before), _text(row, after)
        effects[change].append(values[after] - values[before])
    changes = [ParamChange(row.key, before, after, tuple(amounts)) for (row, before, after), amounts in effects.items()]
    return tuple(sorted(changes, key=lambda change: (-abs(change.mean_effect), change.key, change.before)))


def _single_param_pairs(rows: Sequence[ComparedRow], runs: Sequence[int]) -> Iterator[tuple[ComparedRow, int, int]]:
    """Yield every pair of runs that differ in one row only, with that row.

    Every value has a random token, and a run the sum of its tokens: without the token of a row the sums of two runs are
    equal if all other values are.
    """
    import numpy

    generator = numpy.random.default_rng(0)
    indices = numpy.array(runs, dtype=numpy.int64)
    tokens: dict[ComparedRow, NDArray[numpy.uint64]] = {}
    for row in rows:
        if isinstance(row.column, CategoricalColumn):
            own = generator.integers(0, 1 << 63, len(row.column.pool.values) + 1, dtype=numpy.uint64)
            tokens[row] = own[row.column.indices[indices]]
    totals = sum(tokens.values(), numpy.zeros(len(runs), dtype=numpy.uint64))
    for row, own in tokens.items():
        by_rest: dict[int, list[int]] = defaultdict(list)
        for run, rest in zip(runs, (totals - own).tolist(), strict=True):
            by_rest[rest].append(run)
        for group in by_rest.values():
            pairs = combinations(group, 2)
            yield from ((row, first, second) for first, second in pairs if row.column[first] != row.column[second])


def _order_of(row: ComparedRow, run: int) -> tuple[bool, float, str]:
    """Return the sort key of a value: absent first, then by number, then by text."""
    return row.column[run] is not None, row.number(run) or 0.0, row.text(run) or ""


def _text(row: ComparedRow, run: int) -> str:
    text = row.text(run)
    return ABSENT if text is None else text
