"""The chart of a selection in the runs table: the selected runs or groups, and their metrics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from qtui.entities import RunInfo
from qtui.query.ast import Field, FieldKind
from qtui.runs.cells import group_name
from qtui.runs.column_data import NumberColumn
from qtui.runs.column_specs import ColumnSpec, field_title
from qtui.runs.metric_ranks import is_measure, is_training_metric, metric_rank
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_view import TableGroup, TableLine, TableView
from qtui.tui.present.charts.chart_spec import ChartSpec, RunGroup
from qtui.tui.present.details.detail_rows import SYSTEM_METRICS


def chart_spec_for_selection(
    view: TableView, marks: Collection[str], line: TableLine | None, column: ColumnSpec | None
) -> ChartSpec | None:
    """Return the chart of the marked runs, of the run under the cursor, or of all groups if the cursor is on one.

    The first metric is the one under the cursor. Else it is one of Qlib's measures for several runs; and else one with
    a history, preferably of a visible column. Return None if the runs have no metrics.
    """
    rows = [row for run_id in marks if (row := view.frame.row(run_id)) is not None]
    rows.sort(key=_row_ranks(view).__getitem__)
    if not rows and line is not None and isinstance(line.head, TableGroup):
        return _spec_for_groups(view, line.head, column)
    if not rows and line is not None and line.row is not None:
        rows = [line.row]
    metrics = available_metrics(view.frame, rows)
    if not metrics:
        return None
    runs = (*_runs(view.frame, rows), *_baseline_runs(view, rows))
    return ChartSpec(
        (_first(metrics, view, column, len(runs)),), runs, available_metrics=metrics, baseline=view.layout.baseline
    )


def _baseline_runs(view: TableView, rows: Sequence[int]) -> tuple[RunInfo, ...]:
    """Return the baseline, unless its row is among these or the table does not have it."""
    row = view.frame.row(view.layout.baseline)
    return () if row is None or row in rows else (view.frame.infos[row],)


def _spec_for_groups(view: TableView, current: TableGroup, column: ColumnSpec | None) -> ChartSpec | None:
    """Return the chart of all groups, the one under the cursor first."""
    heads = [head for head in view.lines.heads if isinstance(head, TableGroup)]
    ordered = [current, *(head for head in heads if head.key != current.key)]
    metrics = available_metrics(view.frame, [row for head in ordered for row in head.rows])
    if not metrics:
        return None
    groups = tuple(RunGroup(group_name(head), _runs(view.frame, head.rows)) for head in ordered)
    return ChartSpec(
        (_first(metrics, view, column, len(groups)),),
        _baseline_runs(view, ()),
        groups,
        available_metrics=metrics,
        group_fields=", ".join(field_title(field) for field in view.layout.group_by),
        baseline=view.layout.baseline,
    )


def available_metrics(frame: RunsFrame, rows: Sequence[int]) -> tuple[str, ...]:
    """Return the metrics that any of these rows has."""
    columns = ((key, frame.column(Field(FieldKind.METRIC, key))) for key in sort_metrics(frame.keys(FieldKind.METRIC)))
    return tuple(
        key for key, column in columns if isinstance(column, NumberColumn) and any(column.present[row] for row in rows)
    )


def sort_metrics(keys: Iterable[str]) -> tuple[str, ...]:
    """Return metrics by name, system metrics last."""
    return tuple(sorted(keys, key=lambda key: (key.startswith(SYSTEM_METRICS), key)))


def _first(metrics: Sequence[str], view: TableView, column: ColumnSpec | None, count: int) -> str:
    """Return the metric to begin with in the chart of this many runs or groups."""
    if column is not None and column.field.kind is FieldKind.METRIC and column.field.key in metrics:
        return column.field.key
    columns = [
        spec.field.key for spec in view.columns if spec.field.kind is FieldKind.METRIC and spec.field.key in metrics
    ]
    measures = sorted(filter(is_measure, metrics), key=metric_rank) if count > 1 else []
    others = sorted(metrics, key=lambda key: (metric_rank(key), is_training_metric(key)))
    curves = [
        key
        for key in (*columns, *others)
        if key in view.frame.metrics_with_steps and not key.startswith(SYSTEM_METRICS)
    ]
    return (*measures, *curves, *columns, *metrics)[0]


def _runs(frame: RunsFrame, rows: Iterable[int]) -> tuple[RunInfo, ...]:
    return tuple(frame.infos[row] for row in rows)


def _row_ranks(view: TableView) -> dict[int, int]:
    """Return the rank of each row in the table; rows that the filter hides come last."""
    ranks = dict.fromkeys(range(len(view.frame)), len(view.rows))
    ranks.update((row, rank) for rank, row in enumerate(view.rows))
    return ranks
