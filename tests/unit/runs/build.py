"""Short ways to say what a run holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qtui.entities import Point, Run, RunInfo, Summary
from qtui.query.ast import Aggregate, Field, FieldKind


def run(
    run_id: str,
    *,
    params: Mapping[str, str] | None = None,
    metrics: Mapping[str, float] | None = None,
    tags: Mapping[str, str] | None = None,
    summaries: Mapping[str, Summary] | None = None,
    **info: Any,
) -> Run:
    """A run with these values."""
    return Run(
        info_of(run_id, **info),
        params=params or {},
        metrics={key: Point(0, 0, value) for key, value in (metrics or {}).items()},
        tags=tags or {},
        summaries=summaries or {},
    )


def info_of(run_id: str, **info: Any) -> RunInfo:
    """The info of a run that has a name and has finished, unless it is said otherwise."""
    return RunInfo(**{"run_id": run_id, "experiment_id": "1", "name": run_id, "status": "FINISHED", **info})


def attribute(key: str) -> Field:
    """An attribute."""
    return Field(FieldKind.ATTRIBUTE, key)


def param(key: str) -> Field:
    """A param."""
    return Field(FieldKind.PARAM, key)


def metric(key: str, aggregate: Aggregate = Aggregate.LAST) -> Field:
    """A metric."""
    return Field(FieldKind.METRIC, key, aggregate)


def tag(key: str) -> Field:
    """A tag."""
    return Field(FieldKind.TAG, key)
