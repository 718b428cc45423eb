"""Conversion of runs to MLflow's entities."""

from __future__ import annotations

from typing import Any

from mlflow.entities import Dataset, InputTag, Metric, Param, RunData, RunInputs, RunTag
from mlflow.entities import DatasetInput as MlflowDatasetInput
from mlflow.entities import Run as MlflowRun
from mlflow.entities import RunInfo as MlflowRunInfo

from qtui.entities import DatasetInput, Run


def mlflow_run(run: Run) -> Any:
    """Return a run as MLflow's entity, with None for an empty name."""
    info = MlflowRunInfo(
        run_id=run.info.run_id,
        experiment_id=run.info.experiment_id,
        user_id=run.info.user,
        status=run.info.status,
        start_time=run.info.start_time,
        end_time=run.info.end_time,
        lifecycle_stage=run.info.lifecycle_stage,
        artifact_uri=run.info.artifact_uri,
        run_name=run.info.name or None,
    )
    data = RunData(
        metrics=[Metric(key, point.value, point.timestamp, point.step) for key, point in run.metrics.items()],
        params=[Param(key, value) for key, value in run.params.items()],
        tags=[RunTag(key, value) for key, value in run.tags.items()],
    )
    return MlflowRun(info, data, RunInputs(dataset_inputs=[_dataset(dataset) for dataset in run.inputs]))


def _dataset(dataset: DatasetInput) -> Any:
    entity = Dataset(dataset.name, dataset.digest, dataset.source_type, dataset.source)
    return MlflowDatasetInput(entity, [InputTag(key, value) for key, value in dataset.tags.items()])
