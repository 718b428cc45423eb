"""New experiments and runs in MLflow's directory layout, safe among processes without any lock."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from itertools import count
from pathlib import Path

from qtui.entities import RUN_NAME_TAG, Experiment, RunInfo, View
from qtui.errors import ExperimentExists, StoreNotFound
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.uri import absolute, below
from qtui.store.files import layout, meta
from qtui.store.files.damage import Unreadable
from qtui.store.files.describing import experiment_fields, run_fields, written
from qtui.store.files.experiments import ExperimentReader
from qtui.store.files.placing import Site
from qtui.store.folders import writing
from qtui.store.validation import shown

DEFAULT_ID = "0"
DEFAULT_NAME = "Default"
VALUE_FOLDERS = (layout.METRICS, layout.PARAMS, layout.ARTIFACTS)
FIRST_ID = 10**17
"""MLflow's ids have eighteen digits."""


def now() -> int:
    """The time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def create_tree(root: str) -> None:
    """An empty store with MLflow's default experiment, unless there is one."""
    with writing(root):
        if not os.path.isdir(root):
            os.makedirs(root, exist_ok=True)
            put_experiment(root, Experiment(DEFAULT_ID, DEFAULT_NAME, artifact_location=own_location(root, DEFAULT_ID)))
        os.makedirs(f"{root}/{layout.TRASH}", exist_ok=True)


def create_experiment(root: str, name: str, artifact_location: str, tags: Mapping[str, str]) -> Experiment:
    """A new experiment, whose id comes from its name: of many processes at once, only one can have it."""
    check_name(root, name)
    for experiment_id in ids_for(name):
        location = absolute(artifact_location) if artifact_location else own_location(root, experiment_id)
        experiment = Experiment(experiment_id, name, artifact_location=location, tags=dict(tags))
        if os.path.lexists(f"{root}/{layout.TRASH}/{experiment_id}"):
            continue
        made = put_experiment(root, experiment)
        if made is not None:
            return made
        if name_in(f"{root}/{experiment_id}") == name:
            raise exists(experiment)
    raise AssertionError("There are always more ids.")


def ids_for(name: str) -> Iterator[str]:
    """The ids that an experiment of this name may get, the first being as good as always free."""
    for attempt in count():
        digest = blake2b(f"{attempt} {name}".encode(), digest_size=16).digest()
        yield str(FIRST_ID + int.from_bytes(digest) % (9 * FIRST_ID))


def put_experiment(root: str, experiment: Experiment) -> Experiment | None:
    """Put an experiment where there is none; none when there is one."""
    moment = now()
    experiment = replace(experiment, creation_time=moment, last_update_time=moment)
    folder = f"{root}/{experiment.experiment_id}"
    with writing(folder):
        os.makedirs(folder, exist_ok=True)
    with Site(folder) as site:
        if not site.place(site.stage(layout.META, written(experiment_fields(experiment)))):
            return None
        for key, value in experiment.tags.items():
            site.replace(site.stage(f"{layout.TAGS}/{key}", value.encode()))
    return experiment


def check_name(root: str, name: str) -> None:
    """Refuse a name that an experiment has already."""
    reader = ExperimentReader(root)
    for folder in layout.experiment_folders(root, View.ALL):
        experiment, _ = reader.read(folder)
        if experiment is not None and experiment.name == name:
            raise exists(experiment)


def exists(experiment: Experiment) -> ExperimentExists:
    """The error of a name that is taken."""
    if experiment.lifecycle_stage == View.ACTIVE.value:
        return ExperimentExists(f"There is an experiment named {shown(experiment.name)} already.")
    return ExperimentExists(
        f"A deleted experiment is named {shown(experiment.name)}: restore it, or choose another name."
    )


def name_in(folder: str) -> str | None:
    """The name that the description in a folder tells."""
    with Site(folder) as site:
        try:
            name = meta.parse(site.read(layout.META) or b"").get("name")
        except Unreadable:
            return None
    return name if isinstance(name, str) else None


def own_location(root: str, experiment_id: str) -> str:
    """Where MLflow keeps the artifacts of an experiment unless it is told otherwise."""
    return below(Path(root).as_uri(), experiment_id)


def location_of(root: str, experiment: Experiment) -> str:
    """Where the artifacts of new runs go: where it is recorded, or into the store itself after it was moved."""
    recorded = experiment.artifact_location
    folder = local_path(recorded)
    moved = folder is not None and not os.path.isdir(folder) and os.path.basename(folder) == experiment.experiment_id
    return own_location(root, experiment.experiment_id) if moved or not recorded else recorded


def create_run(
    root: str, experiment: Experiment, *, name: str, start_time: int, user: str, tags: Mapping[str, str]
) -> RunInfo:
    """A new running run; it appears when all of it is there, for its description comes last."""
    folder = f"{root}/{experiment.experiment_id}"
    run_id = uuid.uuid4().hex
    info = RunInfo(
        run_id=run_id,
        experiment_id=experiment.experiment_id,
        name=name,
        start_time=start_time,
        artifact_uri=below(location_of(root, experiment), run_id, layout.ARTIFACTS),
        user=user,
    )
    with writing(folder):
        if not os.path.isdir(folder):
            raise StoreNotFound(f"There is no experiment at {folder} any more.")
        for part in ("", *VALUE_FOLDERS):
            os.mkdir(f"{folder}/{run_id}/{part}")
    with Site(f"{folder}/{run_id}") as site:
        for key, value in {**tags, RUN_NAME_TAG: name}.items():
            site.replace(site.stage(f"{layout.TAGS}/{key}", value.encode()))
        site.replace(site.stage(layout.META, written(run_fields(info))))
    return info
