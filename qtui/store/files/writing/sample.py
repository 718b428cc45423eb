"""Write whole experiments and runs with given IDs and values: the sample store, and stores for tests.

The meta.yaml of a run is written last, so readers see the whole run or none.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from qtui.entities import RUN_NAME_TAG, DatasetInput, ExperimentInfo, Point, Run
from qtui.errors import UsageError
from qtui.store.files.layout.folders import ARTIFACTS, DATASETS, INPUTS, META, METRICS, PARAMS, TAGS, TRASH
from qtui.store.files.layout.meta import dump_meta, experiment_fields, run_fields

RUN_FOLDERS = (ARTIFACTS, METRICS, PARAMS, TAGS)


def write_experiment(root: Path, experiment: ExperimentInfo) -> Path:
    """Write an experiment into a store, into the trash if it is deleted; return its folder."""
    folder = (root / TRASH if experiment.lifecycle_stage == "deleted" else root) / experiment.experiment_id
    folder.mkdir(parents=True)
    (root / TRASH).mkdir(exist_ok=True)
    for key, value in experiment.tags.items():
        _write_value(folder / TAGS, key, value)
    location = experiment.artifact_location or (root / experiment.experiment_id).absolute().as_uri()
    _write_meta(folder, experiment_fields(replace(experiment, artifact_location=location)))
    return folder


def write_run(
    experiment_folder: Path,
    run: Run,
    histories: Mapping[str, Iterable[Point]] | None = None,
    artifacts: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a run with its metric histories and its artifacts; return its folder."""
    folder = experiment_folder / run.info.run_id
    for name in RUN_FOLDERS:
        (folder / name).mkdir(parents=True)
    for key, value in run.params.items():
        _write_value(folder / PARAMS, key, value)
    for key, value in {RUN_NAME_TAG: run.info.name, **run.tags}.items():
        _write_value(folder / TAGS, key, value)
    for key, points in (histories or {}).items():
        lines = (f"{point.timestamp} {float(point.value)} {point.step}\n" for point in points)
        _write_value(folder / METRICS, key, "".join(lines))
    for path, content in (artifacts or {}).items():
        _write_bytes(folder / ARTIFACTS, path, content)
    for dataset in run.inputs:
        _write_input(experiment_folder, folder, dataset)
    artifact_uri = run.info.artifact_uri or (folder / ARTIFACTS).absolute().as_uri()
    _write_meta(folder, run_fields(replace(run.info, artifact_uri=artifact_uri)))
    return folder


def _write_input(experiment_folder: Path, run_folder: Path, dataset: DatasetInput) -> None:
    """Write a dataset once per experiment, and its use by a run."""
    dataset_id = _digest(dataset.name, dataset.digest)
    dataset_folder = experiment_folder / DATASETS / dataset_id
    if not dataset_folder.exists():
        dataset_folder.mkdir(parents=True)
        names = ("digest", "name", "profile", "schema", "source", "source_type")
        _write_meta(dataset_folder, {name: getattr(dataset, name) for name in names})
    input_folder = run_folder / INPUTS / _digest(dataset_id, run_folder.name)
    input_folder.mkdir(parents=True)
    fields = {
        "destination_id": dataset_id,
        "destination_type": "RUN",
        "source_id": dataset_id,
        "source_type": "DATASET",
    }
    _write_meta(input_folder, {**fields, "tags": dict(dataset.tags)})


def _digest(first: str, second: str) -> str:
    """Return MLflow's name of the folder of a dataset or an input."""
    return hashlib.md5((first + second).encode(), usedforsecurity=False).hexdigest()


def _write_value(folder: Path, key: str, value: str) -> None:
    """Write a param, a tag or a metric into the file of its name, without a newline of its own."""
    _write_bytes(folder, key, value.encode("utf-8"))


def _write_bytes(folder: Path, name: str, content: bytes) -> None:
    """Write a file below a folder; a slash in its name makes subfolders."""
    if any(part in ("", ".", "..") for part in name.split("/")) or "\0" in name:
        raise UsageError(f"{name!r} is not a valid file name.")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _write_meta(folder: Path, fields: Mapping[str, object]) -> None:
    """Write the meta.yaml of a folder atomically."""
    temporary = folder / f".{META}.{os.getpid()}"
    temporary.write_bytes(dump_meta(fields))
    temporary.replace(folder / META)
