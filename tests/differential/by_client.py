"""Writing of a generated store with MLflow's client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.differential.generated_stores import GeneratedExperiment, GeneratedRun


def write_through_client(uri: str, experiments: Iterable[GeneratedExperiment]) -> None:
    """Write experiments with MLflow's client, which generates the ids."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(uri)
    for experiment in experiments:
        experiment_id = "0" if experiment.name == "Default" else client.create_experiment(experiment.name)
        for key, value in experiment.tags.items():
            client.set_experiment_tag(experiment_id, key, value)
        for run in experiment.runs:
            _log_run(client, experiment_id, run)
        if experiment.dead:
            client.delete_experiment(experiment_id)


def _log_run(client: Any, experiment_id: str, run: GeneratedRun) -> None:
    from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag

    tags = {"mlflow.user": run.user, **run.tags}
    run_id = client.create_run(experiment_id, run.start, {"mlflow.user": run.user}, run.name).info.run_id
    client.log_batch(
        run_id,
        [
            Metric(key, point.value, point.timestamp, point.step)
            for key, points in run.metrics.items()
            for point in points
        ],
        [Param(key, value) for key, value in run.params.items()],
        [RunTag(key, value) for key, value in tags.items()],
    )
    for name, digest, context in run.datasets:
        uses = [InputTag("mlflow.data.context", context)] if context else []
        client.log_inputs(run_id, [DatasetInput(Dataset(name, digest, "local", "{}"), uses)])
    if run.end is not None:
        client.set_terminated(run_id, run.status, run.end)
    elif run.status != "RUNNING":
        client.update_run(run_id, run.status)
    if run.dead:
        client.delete_run(run_id)
