"""Short constructors of runs for the tests of the filter language."""

from __future__ import annotations

from collections.abc import Mapping

from qtui.entities import DatasetInput, Point, Run, RunInfo, Summary
from qtui.query import parse_filter, predicate

NOW = 1_767_225_600_000
"""2026-01-01 00:00 UTC."""
HOUR = 3_600_000


def a_run(
    run_id: str = "a1b2",
    *,
    name: str = "",
    status: str = "FINISHED",
    start: int | None = NOW - 2 * HOUR,
    end: int | None = NOW - HOUR,
    user: str = "",
    artifact_uri: str = "",
    experiment_id: str = "1",
    lifecycle_stage: str = "active",
    params: Mapping[str, str] | None = None,
    metrics: Mapping[str, float] | None = None,
    tags: Mapping[str, str] | None = None,
    inputs: tuple[DatasetInput, ...] = (),
    summaries: Mapping[str, Summary] | None = None,
) -> Run:
    """Return a run with these values."""
    info = RunInfo(run_id, experiment_id, name, status, lifecycle_stage, start, end, artifact_uri, user)
    points = {key: Point(0, 0, value) for key, value in (metrics or {}).items()}
    return Run(info, params or {}, points, tags or {}, inputs, summaries or {})


def matches(text: str, run: Run, *, now: int = NOW) -> bool:
    """Return whether a run matches a filter."""
    query = parse_filter(text, now=now)
    return query is None or predicate(query)(run)
