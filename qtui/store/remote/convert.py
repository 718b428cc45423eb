"""Convert MLflow's entities into ours, and check IDs, which become parts of paths and filters."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from qtui.entities import Artifact, DatasetInput, ExperimentInfo, LoggedModel, Point, Run, RunInfo, ViewType

if TYPE_CHECKING:
    import mlflow.entities as foreign

VIEW_TYPES: Mapping[ViewType, int] = {ViewType.ACTIVE: 1, ViewType.DELETED: 2, ViewType.ALL: 3}
"""MLflow's numbers of the views."""

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_id(text: object) -> bool:
    """Return whether this can be the ID of a run or an experiment."""
    return isinstance(text, str) and ID.fullmatch(text) is not None


def experiment_of(experiment: foreign.Experiment) -> ExperimentInfo:
    """Convert an experiment."""
    return ExperimentInfo(
        experiment_id=experiment.experiment_id,
        name=experiment.name,
        lifecycle_stage=experiment.lifecycle_stage,
        artifact_location=experiment.artifact_location or "",
        creation_time=experiment.creation_time,
        last_update_time=experiment.last_update_time,
        tags=dict(experiment.tags),
    )


def info_of(info: foreign.RunInfo) -> RunInfo:
    """Convert a run without its values."""
    return RunInfo(
        run_id=info.run_id,
        experiment_id=info.experiment_id,
        name=info.run_name or "",
        status=info.status,
        lifecycle_stage=info.lifecycle_stage,
        start_time=info.start_time,
        end_time=info.end_time,
        artifact_uri=info.artifact_uri or "",
        user=info.user_id or "",
    )


def run_of(run: foreign.Run) -> Run:
    """Convert a run with all its values."""
    return Run(
        info=info_of(run.info),
        params=dict(run.data.params),
        # The public `metrics` has only the values, without step and time.
        metrics={metric.key: point_of(metric) for metric in run.data._metric_objs},
        tags=dict(run.data.tags),
        inputs=tuple(map(input_of, run.inputs.dataset_inputs if run.inputs else ())),
    )


def point_of(metric: foreign.Metric) -> Point:
    """Convert a metric point; a server with a database sends the largest float instead of infinity."""
    value = metric.value
    if abs(value) >= sys.float_info.max:
        value = math.copysign(math.inf, value)
    return Point(metric.step, metric.timestamp, value)


def input_of(dataset_input: foreign.DatasetInput) -> DatasetInput:
    """Convert a dataset input of a run."""
    dataset = dataset_input.dataset
    return DatasetInput(
        name=dataset.name,
        digest=dataset.digest,
        source_type=dataset.source_type,
        source=dataset.source,
        schema=dataset.schema or None,
        profile=dataset.profile or None,
        tags={tag.key: tag.value for tag in dataset_input.tags},
    )


def logged_model_of(model: foreign.LoggedModel) -> LoggedModel:
    """Convert a logged model."""
    return LoggedModel(
        model_id=model.model_id,
        experiment_id=model.experiment_id,
        name=model.name,
        status=str(model.status),
        model_type=model.model_type or "",
        artifact_location=model.artifact_location or "",
        creation_time=model.creation_timestamp,
        params=dict(model.params or {}),
        metrics=latest_points(model.metrics or []),
        tags=dict(model.tags or {}),
    )


def latest_points(metrics: Iterable[foreign.Metric]) -> dict[str, Point]:
    """Return the latest point of each metric."""
    latest: dict[str, Point] = {}
    for metric in metrics:
        point = point_of(metric)
        latest[metric.key] = max(point, latest.get(metric.key, point))
    return latest


def artifact_of(file: foreign.FileInfo) -> Artifact:
    """Convert an artifact."""
    return Artifact(file.path, file.is_dir, None if file.is_dir else file.file_size)
