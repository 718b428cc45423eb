"""Which columns a list of runs has when nobody chose any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from qtui.cli.columns import EXPERIMENT, SHORT_ID, Pick
from qtui.entities import Run, View
from qtui.query.ast import Field, Kind

FIRST = 3
"""So many metrics, then so many params, come before the others of each."""


def default_picks(runs: Sequence[Run], view: View, several: bool) -> list[Pick]:
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
    return picks + values_of(runs)


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


def values_of(runs: Sequence[Run]) -> list[Pick]:
    """The metrics and params of these runs, what tells the most first."""
    params = telling_params(runs)
    set_by_param = {key for run in runs for key in run.params}
    metrics = common(run.metrics for run in runs)
    metrics.sort(key=lambda key: (key in set_by_param, "train" in key))
    of_metrics = [Pick(key, Field(Kind.METRIC, key), optional=True) for key in metrics]
    of_params = [Pick(key, Field(Kind.PARAM, key), optional=True) for key in params]
    return of_metrics[:FIRST] + of_params[:FIRST] + of_metrics[FIRST:] + of_params[FIRST:]


def telling_params(runs: Sequence[Run]) -> list[str]:
    """The params, those first that differ between the runs."""
    params = common(run.params for run in runs)
    return sorted(params, key=lambda key: len({run.params.get(key) for run in runs}) == 1)


def common(values: Iterable[Iterable[str]]) -> list[str]:
    """The keys, those first that most runs have, then by name."""
    found = Counter(key for each in values for key in each)
    return sorted(found, key=lambda key: (-found[key], key))
