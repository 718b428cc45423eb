"""The default columns of a list of runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from qtui.cli.columns import EXPERIMENT, SHORT_ID, Pick
from qtui.entities import Run, ViewType
from qtui.query.ast import Field, FieldKind
from qtui.query.projection import Projection
from qtui.runs.default_columns import SAMPLE_RUNS, FieldValue, RankedFields, ranked_fields

MAX_PIPE_COLUMNS = 200
"""Optional columns of a table in a pipe."""
MIN_COLUMN_CELLS = 3
"""The width of the narrowest column with its gap."""


def default_picks(runs: Sequence[Run], view: ViewType, several: bool, queried: Projection) -> list[Pick]:
    """Return the attributes, metrics, times, params, then all other values; those of filter and sort come first."""
    picks = [Pick("run", SHORT_ID), Pick("name", Field(FieldKind.ATTRIBUTE, "run_name"))]
    picks.append(Pick("status", Field(FieldKind.ATTRIBUTE, "status")))
    if view is not ViewType.ACTIVE:
        picks.append(Pick("stage", Field(FieldKind.ATTRIBUTE, "lifecycle_stage")))
    if several:
        picks.append(Pick("experiment", EXPERIMENT))
    times = [
        Pick("started", Field(FieldKind.ATTRIBUTE, "start_time")),
        Pick("duration", Field(FieldKind.ATTRIBUTE, "duration")),
    ]
    ranked = _rank_values(runs)
    requested = _requested_fields(queried, ranked)
    groups = [
        [Pick(field.key, field, is_optional=True) for field in fields if field not in requested] for fields in ranked
    ]
    first = [Pick(field.key, field, is_optional=True) for field in requested]
    return [*picks, *first, *groups[0], *times, *groups[1], *groups[2]]


def _rank_values(runs: Sequence[Run]) -> RankedFields:
    """Rank the values of these runs by a sample of the newest, as the screen does."""
    newest = sorted(runs, key=lambda run: (-(run.info.start_time or 0), run.info.run_id))[:SAMPLE_RUNS]
    metrics: dict[str, list[FieldValue]] = {key: [] for run in runs for key in run.metrics}
    params: dict[str, list[FieldValue]] = {key: [] for run in runs for key in run.params}
    for run in newest:
        for key, point in run.metrics.items():
            metrics[key].append(point.value)
        for key, text in run.params.items():
            params[key].append(text)
    return ranked_fields(metrics, params, len(newest))


def _requested_fields(queried: Projection, ranked: RankedFields) -> list[Field]:
    """Return the fields of the filter and the sort."""
    keys = {
        FieldKind.METRIC: {*(queried.metrics or ()), *(queried.summaries or ())},
        FieldKind.PARAM: queried.params or (),
    }
    return [field for fields in ranked for field in fields if field.key in keys[field.kind]]


ATTRIBUTES = {
    "run_id": "run_id",
    "name": "run_name",
    "experiment_id": "experiment_id",
    "status": "status",
    "lifecycle_stage": "lifecycle_stage",
    "start_time": "start_time",
    "end_time": "end_time",
    "artifact_uri": "artifact_uri",
    "user": "user_id",
}


def all_picks(runs: Sequence[Run]) -> list[Pick]:
    """Return a column for every attribute, param, metric and tag of these runs."""
    picks = [Pick(title, Field(FieldKind.ATTRIBUTE, key)) for title, key in ATTRIBUTES.items()]
    picks.insert(3, Pick("experiment", EXPERIMENT))
    for kind, values in (
        (FieldKind.PARAM, (run.params for run in runs)),
        (FieldKind.METRIC, (run.metrics for run in runs)),
        (FieldKind.TAG, (run.tags for run in runs)),
    ):
        picks += [Pick(key, Field(kind, key)) for key in sorted(set().union(*values))]
    return picks


def picks_within(picks: Sequence[Pick], cells: int | None) -> list[Pick]:
    """Return the columns that can fit into this width, or into a pipe (None); the others need no formatting."""
    limit = MAX_PIPE_COLUMNS if cells is None else cells // MIN_COLUMN_CELLS
    position = count()
    return [pick for pick in picks if not pick.is_optional or next(position) < limit]
