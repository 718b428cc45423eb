"""Writes whole experiments and runs at once in MLflow's directory layout, of which the sample store is made.

A run appears whole: its `meta.yaml`, without which no reader takes a folder for a run, is put in place last.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from qtui.entities import RUN_NAME_TAG, DatasetInput, Experiment, Point, Run
from qtui.errors import UsageError
from qtui.store.files.describing import experiment_fields, run_fields, written
from qtui.store.files.layout import META, TRASH

RUN_FOLDERS = ("artifacts", "metrics", "params", "tags")


def write_experiment(root: Path, experiment: Experiment) -> Path:
    """A new experiment in a store; a deleted one goes into the trash, where MLflow keeps them."""
    folder = (root / TRASH if experiment.lifecycle_stage == "deleted" else root) / experiment.experiment_id
    folder.mkdir(parents=True)
    (root / TRASH).mkdir(exist_ok=True)
    for key, value in experiment.tags.items():
        _write_value(folder / "tags", key, value)
    location = experiment.artifact_location or (root / experiment.experiment_id).absolute().as_uri()
    _write_yaml(folder, experiment_fields(replace(experiment, artifact_location=location)))
    return folder


def write_run(
    experiment_folder: Path,
    run: Run,
    histories: Mapping[str, Iterable[Point]] | None = None,
    artifacts: Mapping[str, bytes] | None = None,
) -> Path:
    """A new run in an experiment, with its metrics' whole histories and its artifacts."""
    folder = experiment_folder / run.info.run_id
    for name in RUN_FOLDERS:
        (folder / name).mkdir(parents=True)
    for key, value in run.params.items():
        _write_value(folder / "params", key, value)
    for key, value in {RUN_NAME_TAG: run.info.name, **run.tags}.items():
        _write_value(folder / "tags", key, value)
    for key, points in (histories or {}).items():
        _write_value(folder / "metrics", key, "".join(f"{p.timestamp} {float(p.value)} {p.step}\n" for p in points))
    for path, content in (artifacts or {}).items():
        _write_bytes(folder / "artifacts", path, content)
    for dataset in run.inputs:
        _write_input(experiment_folder, folder, dataset)
    artifact_uri = run.info.artifact_uri or (folder / "artifacts").absolute().as_uri()
    _write_yaml(folder, run_fields(replace(run.info, artifact_uri=artifact_uri)))
    return folder


def _write_input(experiment_folder: Path, run_folder: Path, dataset: DatasetInput) -> None:
    """A dataset, once for its experiment, and its use by the run."""
    dataset_id = _digest(dataset.name, dataset.digest)
    described = experiment_folder / "datasets" / dataset_id
    if not described.exists():
        described.mkdir(parents=True)
        names = ("digest", "name", "profile", "schema", "source", "source_type")
        _write_yaml(described, {name: getattr(dataset, name) for name in names})
    use = run_folder / "inputs" / _digest(dataset_id, run_folder.name)
    use.mkdir(parents=True)
    ends = {"destination_id": dataset_id, "destination_type": "RUN", "source_id": dataset_id, "source_type": "DATASET"}
    _write_yaml(use, {**ends, "tags": dict(dataset.tags)})


def _digest(first: str, second: str) -> str:
    """How MLflow names the folders of datasets and their uses."""
    return hashlib.md5((first + second).encode(), usedforsecurity=False).hexdigest()


def _write_value(folder: Path, key: str, value: str) -> None:
    """A param, tag or metric as the file of its name, raw and without a line end of its own."""
    _write_bytes(folder, key, value.encode("utf-8"))


def _write_bytes(folder: Path, name: str, content: bytes) -> None:
    """A file below the folder; a slash in its name makes sub-folders."""
    if any(part in ("", ".", "..") for part in name.split("/")) or "\0" in name:
        raise UsageError(f"{name!r} cannot be the name of a file.")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _write_yaml(folder: Path, fields: Mapping[str, object]) -> None:
    """The folder's meta.yaml, put in place at once."""
    unfinished = folder / f".{META}.{os.getpid()}"
    unfinished.write_bytes(written(fields))
    unfinished.replace(folder / META)
