"""Which columns a list of runs has when nobody chose any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count

from qtui.cli.columns import EXPERIMENT, SHORT_ID, Pick
from qtui.entities import Run, View
from qtui.query.ast import Field, Kind
from qtui.query.wanted import Wanted
from qtui.runs.known_metrics import metric_rank

FIRST = 4
"""So many metrics, then so many params, come before the others of each."""
MAX_IN_PIPE = 200
"""Columns of values that a table in a pipe has at most when nobody chose them."""
LEAST_CELLS = 3
"""Cells that the narrowest column fills, its gap included."""
LONG = 20
"""Characters beyond which a metric's name would fill the line alone."""


def default_picks(runs: Sequence[Run], view: View, several: bool, looked_at: Wanted) -> list[Pick]:
    """What the run is and how it stands, then metrics and params as far as they fit."""
    picks = [Pick("run", SHORT_ID), Pick("name", Field(Kind.ATTRIBUTE, "run_name"))]
    if several:
        picks.append(Pick("experiment", EXPERIMENT))
    picks.append(Pick("status", Field(Kind.ATTRIBUTE, "status")))
    if view is not View.ACTIVE:
        picks.append(Pick("stage", Field(Kind.ATTRIBUTE, "lifecycle_stage")))
    picks += [
        Pick("started", Field(Kind.ATTRIBUTE, "start_time")),
        Pick("took", Field(Kind.ATTRIBUTE, "duration")),
    ]
    return picks + values_of(runs, looked_at)


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
    """Everything that these runs have."""
    picks = [Pick(title, Field(Kind.ATTRIBUTE, key)) for title, key in ATTRIBUTES.items()]
    picks.insert(3, Pick("experiment", EXPERIMENT))
    for kind, values in (
        (Kind.PARAM, (run.params for run in runs)),
        (Kind.METRIC, (run.metrics for run in runs)),
        (Kind.TAG, (run.tags for run in runs)),
    ):
        picks += [Pick(key, Field(kind, key)) for key in sorted(set().union(*values))]
    return picks


def values_of(runs: Sequence[Run], looked_at: Wanted) -> list[Pick]:
    """The metrics and params of these runs: first those of the filter and the sort, then what tells the most."""
    set_by_param = {key for run in runs for key in run.params}
    metrics = common(run.metrics for run in runs)
    metrics.sort(key=lambda key: (metric_rank(key), key in set_by_param, "train" in key, len(key) > LONG))
    params = common(run.params for run in runs)
    differing = _differing(runs)
    params.sort(key=lambda key: key not in differing)
    of_metrics = [Pick(key, Field(Kind.METRIC, key), optional=True) for key in metrics]
    of_params = [Pick(key, Field(Kind.PARAM, key), optional=True) for key in params]
    picks = of_metrics[:FIRST] + of_params[:FIRST] + of_metrics[FIRST:] + of_params[FIRST:]
    asked = {(Kind.METRIC, key) for keys in (looked_at.metrics, looked_at.summaries) for key in keys or ()}
    asked |= {(Kind.PARAM, key) for key in looked_at.params or ()}
    return sorted(picks, key=lambda pick: (pick.field.kind, pick.field.key) not in asked)


def _differing(runs: Sequence[Run]) -> set[str]:
    """Return the params that do not have the same value in all runs, in one pass over the values."""
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    differing: set[str] = set()
    for run in runs:
        counts.update(run.params.keys())
        differing.update(key for key, value in run.params.items() if first.setdefault(key, value) != value)
    return differing | {key for key, amount in counts.items() if amount < len(runs)}


def possible(picks: Sequence[Pick], cells: int | None) -> list[Pick]:
    """Return the columns that can fit into this width, or into a pipe (None); the others need no formatting."""
    most = MAX_IN_PIPE if cells is None else cells // LEAST_CELLS
    turn = count()
    return [pick for pick in picks if not pick.optional or next(turn) < most]


def common(values: Iterable[Iterable[str]]) -> list[str]:
    """The keys, those first that most runs have, then by name."""
    found = Counter(key for each in values for key in each)
    return sorted(found, key=lambda key: (-found[key], key))
