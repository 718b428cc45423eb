"""The curves of a comparison: the chart of its runs or groups, and the metric to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.compare.groups import field_names, group_runs
from qtui.compare.run_comparison import RowKind, RunComparison
from qtui.query.ast import Field
from qtui.tui.present.charts.chart_spec import ChartSpec, RunGroup


def curves_spec(comparison: RunComparison, metrics: Sequence[str], fields: Sequence[Field] | None = None) -> ChartSpec:
    """Return the chart of metrics for all runs in their order, or for their groups by fields and the baseline.

    The group with the best mean of the first metric comes first.
    """
    infos = comparison.frame.infos
    available = tuple(row.key for row in comparison.rows if row.kind is RowKind.METRIC)
    baseline = None if comparison.baseline is None else infos[comparison.baseline]
    baseline_id = "" if baseline is None else baseline.run_id
    metric = comparison.row(RowKind.METRIC, metrics[0]) if metrics else None
    if fields is None or metric is None:
        runs = tuple(infos[run] for run in comparison.order)
        return ChartSpec(tuple(metrics), runs, available_metrics=available, baseline=baseline_id)
    groups = group_runs(comparison, metric, fields)
    return ChartSpec(
        tuple(metrics),
        () if baseline is None else (baseline,),
        tuple(RunGroup(group.name, tuple(infos[run] for run in group.runs)) for group in groups),
        available,
        ", ".join(field_names(fields)),
        baseline_id,
    )


def first_curve(comparison: RunComparison) -> str:
    """Return the metric to begin with: the first one with a history, or else the first one; empty without any."""
    keys = [row.key for row in comparison.rows if row.kind is RowKind.METRIC]
    curves = (key for key in keys if key in comparison.frame.metrics_with_steps)
    return next(curves, keys[0] if keys else "")
