"""MLflow's entities as ours; ids are checked here, since they become parts of paths and of filters."""

from __future__ import annotations

import math
import re
import sys
from typing import TYPE_CHECKING

from qtui.entities import Artifact, DatasetInput, Experiment, Point, Run, RunInfo

if TYPE_CHECKING:
    import mlflow.entities as foreign

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_id(text: object) -> bool:
    """Whether this can be the id of a run or an experiment."""
    return isinstance(text, str) and ID.fullmatch(text) is not None


def experiment_of(experiment: foreign.Experiment) -> Experiment:
    """An experiment."""
    return Experiment(
        experiment_id=experiment.experiment_id,
        name=experiment.name,
        lifecycle_stage=experiment.lifecycle_stage,
        artifact_location=experiment.artifact_location or "",
        creation_time=experiment.creation_time,
        last_update_time=experiment.last_update_time,
        tags=dict(experiment.tags),
    )


def info_of(info: foreign.RunInfo) -> RunInfo:
    """A run without its values."""
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
    """A run with all its values."""
    return Run(
        info=info_of(run.info),
        params=dict(run.data.params),
        # The public `metrics` has the values alone.
        metrics={each.key: point_of(each) for each in run.data._metric_objs},
        tags=dict(run.data.tags),
        inputs=tuple(map(input_of, run.inputs.dataset_inputs if run.inputs else ())),
    )


def point_of(metric: foreign.Metric) -> Point:
    """A logged value; a server over a database gives the greatest float for an infinite one."""
    value = metric.value
    if abs(value) >= sys.float_info.max:
        value = math.copysign(math.inf, value)
    return Point(metric.step, metric.timestamp, value)


def input_of(used: foreign.DatasetInput) -> DatasetInput:
    """A dataset that a run read."""
    dataset = used.dataset
    return DatasetInput(
        name=dataset.name,
        digest=dataset.digest,
        source_type=dataset.source_type,
        source=dataset.source,
        schema=dataset.schema or None,
        profile=dataset.profile or None,
        tags={tag.key: tag.value for tag in used.tags},
    )


def artifact_of(file: foreign.FileInfo) -> Artifact:
    """A file or folder."""
    return Artifact(file.path, file.is_dir, None if file.is_dir else file.file_size)
