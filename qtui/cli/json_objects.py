"""The JSON objects that the commands print; scripts rely on their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from qtui.entities import MODELS_FOLDER, USER_TAG, Artifact, ExperimentInfo, History, LoggedModel, Run, RunCounts
from qtui.runs.display_names import run_name
from qtui.runs.text_formats import json_number
from qtui.text import redact


def experiment_json(experiment: ExperimentInfo, runs: RunCounts) -> dict[str, Any]:
    return {
        "experiment_id": experiment.experiment_id,
        "name": experiment.name,
        "lifecycle_stage": experiment.lifecycle_stage,
        "artifact_location": redact(experiment.artifact_location),
        "creation_time": experiment.creation_time,
        "last_update_time": experiment.last_update_time,
        "tags": dict(sorted(experiment.tags.items())),
        "runs": asdict(runs),
    }


def run_json(run: Run, experiments: Mapping[str, str]) -> dict[str, Any]:
    """Return a run with its values; `experiments` maps experiment IDs to names."""
    info = run.info
    return {
        "run_id": info.run_id,
        "name": run_name(run),
        "experiment_id": info.experiment_id,
        "experiment": experiments.get(info.experiment_id),
        "status": info.status,
        "lifecycle_stage": info.lifecycle_stage,
        "start_time": info.start_time,
        "end_time": info.end_time,
        "artifact_uri": redact(info.artifact_uri),
        "user": info.user or run.tags.get(USER_TAG, ""),
        "params": dict(sorted(run.params.items())),
        "metrics": {key: json_number(value) for key, (_, _, value) in sorted(run.metrics.items())},
        "tags": dict(sorted(run.tags.items())),
    }


def logged_model_json(model: LoggedModel) -> dict[str, Any]:
    """Return a model that a run has logged; `artifacts` is its folder among the artifacts of the run."""
    return {
        "model_id": model.model_id,
        "name": model.name,
        "status": model.status,
        "model_type": model.model_type,
        "creation_time": model.creation_time,
        "artifact_location": redact(model.artifact_location),
        "artifacts": f"{MODELS_FOLDER}/{model.model_id}",
        "params": dict(sorted(model.params.items())),
        "metrics": {key: json_number(value) for key, (_, _, value) in sorted(model.metrics.items())},
        "tags": dict(sorted(model.tags.items())),
    }


def history_json(history: History) -> dict[str, Any]:
    """Return a metric with every point, in the order of the store."""
    columns = (history.steps.tolist(), history.timestamps.tolist(), history.values.tolist())
    points = [
        {"step": step, "timestamp": timestamp, "value": json_number(value)}
        for step, timestamp, value in zip(*columns, strict=True)
    ]
    return {"run_id": history.run_id, "key": history.key, "points": points}


def artifact_json(artifact: Artifact) -> dict[str, Any]:
    """Return a file or directory of a run."""
    return {"path": artifact.path, "is_dir": artifact.is_dir, "size": artifact.size}
