"""Functions that return the value of a field of a run, None if the run has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qtui.entities import Run
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.query.metric_direction import higher_is_better

Getter = Callable[[Run], Any]
CONTEXT_TAG = "mlflow.data.context"


def field_getter(field: Field, now: int) -> Getter:
    """Return a function from a run to the value of a field; for a dataset field, to the list of values."""
    if field.kind is FieldKind.ATTRIBUTE:
        return (lambda run: run.info.duration(now)) if field.key == "duration" else _ATTRIBUTE_GETTERS[field.key]
    if field.kind is FieldKind.METRIC and field.aggregate is not Aggregate.LAST:
        return _summary(field)
    return _GETTERS_BY_KIND[field.kind](field.key)


def _metric(key: str) -> Getter:
    return lambda run: None if (point := run.metrics.get(key)) is None else point.value


def _dataset(key: str) -> Getter:
    if key == "context":
        return lambda run: [dataset.tags[CONTEXT_TAG] for dataset in run.inputs if CONTEXT_TAG in dataset.tags]
    return lambda run: [getattr(dataset, key) for dataset in run.inputs]


def _summary(field: Field) -> Getter:
    statistic = field.aggregate.value
    if field.aggregate is Aggregate.BEST:
        statistic = "max" if higher_is_better(field.key) else "min"
    key = field.key
    return lambda run: getattr(run.summaries.get(key), statistic, None)


_GETTERS_BY_KIND: Mapping[FieldKind, Callable[[str], Getter]] = {
    FieldKind.PARAM: lambda key: lambda run: run.params.get(key),
    FieldKind.TAG: lambda key: lambda run: run.tags.get(key),
    FieldKind.METRIC: _metric,
    FieldKind.DATASET: _dataset,
}
_ATTRIBUTE_GETTERS: Mapping[str, Getter] = {
    "run_id": lambda run: run.info.run_id,
    "run_name": lambda run: run.info.name or None,
    "user_id": lambda run: run.info.user,
    "status": lambda run: run.info.status,
    "artifact_uri": lambda run: run.info.artifact_uri,
    "start_time": lambda run: run.info.start_time,
    "end_time": lambda run: run.info.end_time,
    "experiment_id": lambda run: run.info.experiment_id,
    "lifecycle_stage": lambda run: run.info.lifecycle_stage,
}
