"""Plots of compared runs: scatter plots, boxes by a param, ranked bars and parallel coordinates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import compress
from typing import TypeAlias

from qtui.compare.groups import group_runs
from qtui.compare.pareto import pareto_front
from qtui.compare.run_comparison import ComparedRow, RowKind, RunComparison
from qtui.formatting import ABSENT, format_count, format_number
from qtui.plot.axes.axis import DEFAULT_AXIS, Axis, Unit
from qtui.plot.charts.bar_chart import Bar, BarChart
from qtui.plot.charts.box_plot import BoxPlot, summarise_box
from qtui.plot.charts.parallel import MIN_LOG_RATIO, ParallelAxis, ParallelPlot
from qtui.plot.charts.scatter import PointGroup, Scatter, group_by_value
from qtui.plot.pieces import DIM_SUFFIX
from qtui.plot.scale import LINEAR, LOG
from qtui.query.ast import And, Comparison, Expr, Field, FieldKind, Filter, Operator
from qtui.query.render import render
from qtui.runs.column_data import CategoricalColumn, NumberColumn
from qtui.tui.themes import run_colour
from qtui.value_classes import dataclass

RowId: TypeAlias = tuple[RowKind, str]
"""The identity of a row, which survives a change of the comparison."""

AXIS_KINDS = (RowKind.PARAM, RowKind.METRIC, RowKind.ATTRIBUTE, RowKind.DATASET)
MAX_CATEGORIES = 30
"""Distinct texts up to which a row can be an axis or the groups of boxes."""
MAX_PARALLEL_PARAMS, MAX_PARALLEL_METRICS = 20, 5
"""Params and metrics that are axes, beside the metric that ranks."""
BEST_SHARE = 0.1
"""The share of runs that parallel coordinates show as the best ones."""
KEPT_COMPARISONS = 2
"""Comparisons whose rows that can be plotted are kept: looking for them costs time where runs have many keys."""
BEST_ROLE, OTHER_ROLE = "run-1", f"run-7{DIM_SUFFIX}"


def row_id(row: ComparedRow) -> RowId:
    """Return the identity of a row."""
    return row.kind, row.key


def find_row(comparison: RunComparison, identity: RowId | None) -> ComparedRow | None:
    """Return the row with an identity."""
    return None if identity is None else comparison.row(*identity)


def chosen_row(comparison: RunComparison, choice: RowId | None, rows: Sequence[ComparedRow]) -> ComparedRow | None:
    """Return the row that the user chose, or else the first of the possible ones."""
    return find_row(comparison, choice) or next(iter(rows), None)


@lru_cache(KEPT_COMPARISONS)
def axis_rows(comparison: RunComparison) -> tuple[ComparedRow, ...]:
    """Return the rows that can be an axis: differing numbers, times and few texts, params first."""
    rows = (row for row in comparison.differing_rows if row.kind in AXIS_KINDS and row.key != "id")
    usable = [row for row in rows if row.is_numeric or 1 < _distinct_texts(row) <= MAX_CATEGORIES]
    return tuple(sorted(usable, key=lambda row: AXIS_KINDS.index(row.kind)))


@lru_cache(KEPT_COMPARISONS)
def metric_rows(comparison: RunComparison) -> tuple[ComparedRow, ...]:
    """Return the metrics with a finite value, those that differ first."""
    metrics = [row for row in comparison.rows if row.kind is RowKind.METRIC and _has_finite(row)]
    return tuple(sorted(metrics, key=lambda row: not row.differs))


@lru_cache(KEPT_COMPARISONS)
def category_rows(comparison: RunComparison) -> tuple[ComparedRow, ...]:
    """Return the rows whose few values can group runs, params first."""
    rows = (row for row in comparison.differing_rows if row.kind in AXIS_KINDS and row.kind is not RowKind.METRIC)
    usable = [row for row in rows if not row.is_time and 1 < _distinct_texts(row) <= MAX_CATEGORIES]
    return tuple(sorted(usable, key=lambda row: AXIS_KINDS.index(row.kind)))


def _distinct_texts(row: ComparedRow) -> int:
    """Return the number of distinct texts of a row; 0 for numbers."""
    return len(row.column.used_codes) if isinstance(row.column, CategoricalColumn) else 0


def _has_finite(row: ComparedRow) -> bool:
    column = row.column
    return isinstance(column, NumberColumn) and any(map(math.isfinite, compress(column.values, column.present)))


def _texts(comparison: RunComparison, row: ComparedRow) -> set[str]:
    return {text for run in comparison.order if (text := row.text(run)) is not None}


def _finite(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _finite_runs(comparison: RunComparison, row: ComparedRow) -> list[int]:
    return [run for run in comparison.order if _finite(row.number(run))]


def _text_of(row: ComparedRow, run: int) -> str:
    text = row.text(run)
    return ABSENT if text is None else text or "''"


# Scatter plots


@dataclass(frozen=True, slots=True)
class ScatterChoice:
    """The rows of a scatter plot."""

    x: ComparedRow
    y: ComparedRow
    colour: ComparedRow | None = None
    has_front: bool = False
    """Whether the Pareto front of two metrics is marked."""


def axis_values(comparison: RunComparison, row: ComparedRow) -> tuple[dict[int, float], tuple[str, ...]]:
    """Return the value of each run that has one, and the names of the whole numbers if the values are texts."""
    if row.is_numeric:
        numbers = ((run, row.number(run)) for run in comparison.order)
        return {run: number for run, number in numbers if number is not None}, ()
    names = tuple(sorted(_texts(comparison, row)))
    places = {name: float(place) for place, name in enumerate(names)}
    texts = ((run, row.text(run)) for run in comparison.order)
    return {run: places[text] for run, text in texts if text is not None}, names


def build_axis(row: ComparedRow, values: Sequence[float]) -> Axis:
    """Return the axis of a row: of times, or logarithmic for a param over several powers of ten."""
    if row.is_time:
        return Axis(unit=Unit.DURATION if row.key == "duration" else Unit.TIMESTAMP)
    finite = [value for value in values if math.isfinite(value)]
    is_log = row.kind is RowKind.PARAM and finite and min(finite) > 0 and max(finite) / min(finite) >= MIN_LOG_RATIO
    return Axis(scale=LOG if is_log else LINEAR)


def point_order(comparison: RunComparison, choice: ScatterChoice) -> tuple[int, ...]:
    """Return the runs with a point in the order of x, then of y."""
    xs, _ = axis_values(comparison, choice.x)
    ys, _ = axis_values(comparison, choice.y)
    points = [(xs[run], ys[run], run) for run in comparison.order if _finite(xs.get(run)) and _finite(ys.get(run))]
    return tuple(run for _, _, run in sorted(points))


def front_runs(comparison: RunComparison, choice: ScatterChoice) -> tuple[int, ...]:
    """Return the runs on the Pareto front; none unless both axes are metrics."""
    if choice.x.kind is not RowKind.METRIC or choice.y.kind is not RowKind.METRIC:
        return ()
    xs, ys = ([row.number(run) for run in comparison.order] for row in (choice.x, choice.y))
    x_higher, y_higher = (comparison.is_higher_better(row.key) for row in (choice.x, choice.y))
    front = pareto_front(xs, ys, x_higher=x_higher, y_higher=y_higher)
    return tuple(comparison.order[index] for index in front)


def build_scatter(
    comparison: RunComparison, choice: ScatterChoice, current: int | None = None, *, ascii_only: bool = False
) -> Scatter:
    """Return the scatter plot; runs without both values are counted in its title."""
    xs, x_names = axis_values(comparison, choice.x)
    ys, _ = axis_values(comparison, choice.y)
    runs = comparison.order
    points = [(xs.get(run, math.nan), ys.get(run, math.nan)) for run in runs]
    titles = comparison.titles
    title = f"{titles[choice.y]} (up) by {titles[choice.x]}"
    groups: tuple[PointGroup, ...]
    if choice.colour is None:
        groups = (PointGroup("", "run-0", [x for x, _ in points], [y for _, y in points]),)
    else:
        title += f", coloured by {titles[choice.colour]}"
        values = [_colour_value(choice.colour, run) for run in runs]
        groups = group_by_value([x for x, _ in points], [y for _, y in points], values)
    by_run = dict(zip(runs, points, strict=True))
    front = tuple(by_run[run] for run in front_runs(comparison, choice)) if choice.has_front else ()
    return Scatter(
        groups,
        build_axis(choice.x, list(xs.values())),
        build_axis(choice.y, list(ys.values())),
        title,
        ascii_only,
        x_names,
        front,
        None if current is None else by_run.get(current),
    )


def _colour_value(row: ComparedRow, run: int) -> float | str | None:
    return row.number(run) if row.is_numeric and not row.is_time else row.text(run)


# Boxes and bars


def build_boxes(
    comparison: RunComparison, metric: ComparedRow, by: ComparedRow | None, *, ascii_only: bool = False
) -> BoxPlot:
    """Return a box of a metric for each value of a row, the best median first; all runs are one box without a row."""
    samples: dict[str, list[float]] = {}
    for run in comparison.order:
        value = metric.number(run)
        samples.setdefault("all runs" if by is None else _text_of(by, run), []).append(
            math.nan if value is None else value
        )
    sign = -1 if comparison.is_higher_better(metric.key) else 1
    boxes = sorted(
        (summarise_box(name, values) for name, values in samples.items()),
        key=lambda box: (not box.size, sign * box.median, box.name),
    )
    titles = comparison.titles
    title = titles[metric] if by is None else f"{titles[metric]} by {titles[by]}"
    return BoxPlot(tuple(boxes), DEFAULT_AXIS, title, _without(comparison, metric), ascii_only)


def build_bars(
    comparison: RunComparison, metric: ComparedRow, fields: Sequence[Field] | None, *, ascii_only: bool = False
) -> tuple[BarChart, tuple[int | None, ...]]:
    """Return a bar for each run, or with fields for each group with the deviation of its mean, the best first.

    Also return the run of each bar; that of a group is its best one. Runs without the metric are counted.
    """
    if fields is not None:
        return _group_bars(comparison, metric, fields, ascii_only=ascii_only)
    sign = -1 if comparison.is_higher_better(metric.key) else 1
    runs = sorted(_finite_runs(comparison, metric), key=lambda run: sign * (metric.number(run) or 0.0))
    infos = comparison.frame.infos
    bars = []
    for run in runs:
        delta = comparison.delta(metric, run)
        note = "  baseline" if run == comparison.baseline else f"  {delta}" if delta else ""
        bars.append(Bar(comparison.names[run], metric.number(run), run_colour(infos[run].run_id), note))
    title = comparison.titles[metric]
    return BarChart(tuple(bars), _without(comparison, metric), ascii_only, title), tuple(runs)


def _group_bars(
    comparison: RunComparison, metric: ComparedRow, fields: Sequence[Field], *, ascii_only: bool
) -> tuple[BarChart, tuple[int | None, ...]]:
    bars: list[Bar] = []
    best_runs: list[int | None] = []
    choose = max if comparison.is_higher_better(metric.key) else min
    for number, group in enumerate(group_runs(comparison, metric, fields)):
        statistics = group.statistics
        if statistics is None:
            continue
        mean, deviation = statistics.mean, statistics.deviation
        note = f" ±{format_number(deviation)}  median {format_number(statistics.median)}  n={statistics.count:,}"
        role = f"run-{number % 8}"
        bars.append(Bar(group.name, mean, role, note, mean - deviation, mean + deviation, statistics.count))
        finite = [run for run in group.runs if _finite(metric.number(run))]
        best_runs.append(choose(finite, key=lambda run: metric.number(run) or 0.0))
    title = f"{comparison.titles[metric]}, mean ± std of groups"
    return BarChart(tuple(bars), _without(comparison, metric), ascii_only, title), tuple(best_runs)


def _without(comparison: RunComparison, metric: ComparedRow) -> str:
    """Return how many runs have no finite value of a metric; empty if all have one."""
    count = len(comparison.order) - len(_finite_runs(comparison, metric))
    return f"{format_count(count, 'run')} without {comparison.titles[metric]}" if count else ""


# Parallel coordinates


def parallel_rows(comparison: RunComparison, metric: ComparedRow) -> tuple[ComparedRow, ...]:
    """Return the rows that are axes: the differing params, other metrics, and at the right the one that ranks."""
    rows = axis_rows(comparison)
    params = [row for row in rows if row.kind is RowKind.PARAM]
    metrics = [row for row in metric_rows(comparison) if row.differs and row is not metric]
    return (*params[:MAX_PARALLEL_PARAMS], *metrics[:MAX_PARALLEL_METRICS], metric)


def build_parallel(
    comparison: RunComparison,
    metric: ComparedRow,
    ranges: Mapping[RowId, tuple[int, int]],
    current_axis: int = 0,
    current_run: int | None = None,
    *,
    ascii_only: bool = False,
) -> ParallelPlot:
    """Return the lines of the runs, the best ones in front; `ranges` are those of the narrowed axes.

    A run of the plot is a place in the order of the comparison.
    """
    order = comparison.order
    axes = []
    for row in parallel_rows(comparison, metric):
        values = [row.number(run) if row.is_numeric else row.text(run) for run in order]
        axis = ParallelAxis(comparison.titles[row], values)
        axes.append(axis.narrow(*ranges[row_id(row)]) if row_id(row) in ranges else axis)
    ranked = ranked_places(comparison, metric)
    best = set(ranked[: max(1, round(BEST_SHARE * len(ranked)))])
    roles = [BEST_ROLE if place in best else OTHER_ROLE for place in range(len(order))]
    unranked = [place for place in range(len(order)) if place not in set(ranked)]
    title = f"runs by {comparison.titles[metric]}, the best {len(best):,} in front"
    back_to_front = (*unranked, *reversed(ranked))
    return ParallelPlot(tuple(axes), roles, back_to_front, title, ascii_only, current_axis, current_run)


def ranked_places(comparison: RunComparison, metric: ComparedRow) -> tuple[int, ...]:
    """Return the places of the runs with a finite value of a metric, the best first."""
    sign = -1 if comparison.is_higher_better(metric.key) else 1
    values = [(number, place) for place, run in enumerate(comparison.order) if _finite(number := metric.number(run))]
    return tuple(place for _, place in sorted(values, key=lambda pair: (sign * (pair[0] or 0.0), pair[1])))


def range_filter(rows: Sequence[ComparedRow], axes: Sequence[ParallelAxis]) -> str:
    """Return a filter for the runs inside the ranges of narrowed axes; empty without any."""
    parts = [part for row, axis in zip(rows, axes, strict=True) if axis.is_narrowed for part in _range_parts(row, axis)]
    if not parts:
        return ""
    return render(Filter(parts[0] if len(parts) == 1 else And(tuple(parts)), 0))


def _range_parts(row: ComparedRow, axis: ParallelAxis) -> list[Expr]:
    field = Field(FieldKind.METRIC if row.kind is RowKind.METRIC else FieldKind.PARAM, row.key)
    if axis.is_text:
        texts = tuple(str(stop) for stop in axis.stops[axis.first : axis.last_stop + 1])
        if len(texts) == 1:
            return [Comparison(field, Operator.EQ, texts[0])]
        return [Comparison(field, Operator.IN, texts)]
    low, high = (float(stop) for stop in (axis.stops[axis.first], axis.stops[axis.last_stop]))
    parts: list[Expr] = []
    if axis.first > 0:
        parts.append(Comparison(field, Operator.GE, low))
    if axis.last_stop < len(axis.stops) - 1:
        parts.append(Comparison(field, Operator.LE, high))
    return parts


def run_summary(comparison: RunComparison, run: int, rows: Sequence[ComparedRow]) -> str:
    """Return the name of a run with its values in some rows."""
    titles = comparison.titles
    values = [f"{titles[row]} {_text_of(row, run)}" for row in dict.fromkeys(rows)]
    return f"{comparison.names[run]}: {', '.join(values)}"
