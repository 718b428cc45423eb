"""Writing of a generated store as files, in the formats of MLflow 1, 2 and 3."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from qtui.entities import STATUS_CODES, Point
from tests.differential.generated_stores import GeneratedExperiment, GeneratedRun

CODES = {status: code for code, status in STATUS_CODES.items()}


def write_files(root: Path, experiments: Iterable[GeneratedExperiment]) -> None:
    """Write MLflow's folders in the formats of several versions."""
    (root / ".trash").mkdir(parents=True)
    for experiment in experiments:
        folder = (root / ".trash" if experiment.dead else root) / experiment.experiment_id
        place = f"file://{root}/{experiment.experiment_id}"
        _write_yaml(folder, experiment_meta(experiment, place))
        _write_texts(folder / "tags", experiment.tags)
        for number, run in enumerate(experiment.runs):
            _write_run(folder, run, experiment.experiment_id, f"{place}/{run.run_id}/artifacts", number % 3)


def experiment_meta(experiment: GeneratedExperiment, place: str) -> dict[str, Any]:
    return {
        "artifact_location": place,
        "creation_time": experiment.created,
        "experiment_id": experiment.experiment_id,
        "last_update_time": experiment.created + 1,
        "lifecycle_stage": "deleted" if experiment.dead else "active",
        "name": experiment.name,
    }


def _write_run(folder: Path, run: GeneratedRun, experiment_id: str, artifact_uri: str, age: int) -> None:
    """Write a run; age 0, 1 and 2 mean the formats of MLflow 1, 2 and 3."""
    own = folder / run.run_id
    meta: dict[str, Any] = {
        "artifact_uri": artifact_uri,
        "end_time": run.end,
        "entry_point_name": "",
        "experiment_id": int(experiment_id) if age == 0 else experiment_id,
        "lifecycle_stage": "deleted" if run.dead else "active",
        "run_id": run.run_id,
        "run_name": run.name,
        "run_uuid": run.run_id,
        "source_name": "",
        "source_type": 4,
        "source_version": "",
        "start_time": run.start,
        "status": CODES[run.status],
        "tags": [],
        "user_id": run.user,
    }
    if age == 2:
        del meta["run_uuid"]
    _write_yaml(own, meta)
    (own / "artifacts").mkdir()
    _write_texts(own / "params", run.params)
    _write_texts(own / "tags", {"mlflow.runName": run.name, "mlflow.user": run.user, **run.tags})
    lines = {key: "".join(_metric_line(point, age) for point in points) for key, points in run.metrics.items()}
    _write_texts(own / "metrics", lines)
    for name, digest, context in run.datasets:
        _write_dataset(folder, run, name, digest, context)


def _metric_line(point: Point, age: int) -> str:
    if age == 0 and point.step == 0:
        return f"{point.timestamp} {point.value}\n"
    return f"{point.timestamp} {point.value} {point.step}" + ("\r\n" if age == 1 else "\n")


def _write_dataset(folder: Path, run: GeneratedRun, name: str, digest: str, context: str | None) -> None:
    dataset_id = hashlib.md5(f"{name}{digest}".encode()).hexdigest()
    described = {
        "name": name,
        "digest": digest,
        "source_type": "local",
        "source": "{}",
        "schema": None,
        "profile": None,
    }
    _write_yaml(folder / "datasets" / dataset_id, described)
    use = {
        "source_type": "DATASET",
        "source_id": dataset_id,
        "destination_type": "RUN",
        "destination_id": dataset_id,
        "tags": {"mlflow.data.context": context} if context else {},
    }
    _write_yaml(folder / run.run_id / "inputs" / hashlib.md5(f"{dataset_id}{run.run_id}".encode()).hexdigest(), use)


def _write_yaml(folder: Path, content: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "meta.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _write_texts(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for key, text in texts.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
