"""The artifacts of a run together with those of its logged models, which MLflow 3 keeps elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from qtui.entities import MODELS_FOLDER, Artifact, Listing, Problem, RunInfo
from qtui.errors import ArtifactNotFound, QtuiError
from qtui.store import Store

if TYPE_CHECKING:
    from qtui.store.protocol import ArtifactStream, OpenStream


def list_artifacts(store: Store, info: RunInfo, path: str = "") -> Listing[Artifact]:
    """Return one level of the artifacts of a run; its logged models are folders in the folder `models:`."""
    if path == MODELS_FOLDER:
        models = store.logged_models(info)
        return Listing(tuple(Artifact(f"{path}/{model.model_id}", True) for model in models.items), models.problems)
    owner, inner = locate(store, info, path)
    listing = store.artifacts(owner, inner)
    if owner is not info:
        prefix = path.removesuffix(inner).rstrip("/")
        items = (replace(artifact, path=f"{prefix}/{artifact.path}") for artifact in listing.items)
        return Listing(tuple(items), listing.problems)
    return listing if path else with_models_folder(store, info, listing)


def with_models_folder(store: Store, info: RunInfo, listing: Listing[Artifact]) -> Listing[Artifact]:
    """Return the root of a run's artifacts with the virtual folder, if the run has logged models."""
    try:
        models = store.logged_models(info)
    except QtuiError as error:
        problem = Problem(MODELS_FOLDER, f"cannot be listed: {error}", info.experiment_id, info.run_id)
        return Listing(listing.items, (*listing.problems, problem))
    problems = (*listing.problems, *models.problems)
    return Listing((*listing.items, *([Artifact(MODELS_FOLDER, True)] if models.items else [])), problems)


def locate(store: Store, info: RunInfo, path: str) -> tuple[RunInfo, str]:
    """Return the owner of an artifact, the run or one of its logged models, and the path of the artifact there."""
    folder, _, rest = path.partition("/")
    if folder != MODELS_FOLDER or not rest:
        return info, path
    model_id, _, inner = rest.partition("/")
    for model in store.logged_models(info).items:
        if model.model_id == model_id:
            return model.artifact_owner, inner
    raise ArtifactNotFound(f"The run {info.run_id} has not logged a model {model_id!r}.")


def open_streams(store: Store, info: RunInfo) -> OpenStream:
    """Return the function that opens artifacts of a run and of its logged models."""
    streams: dict[str, OpenStream] = {info.run_id: store.artifact_streams(info)}

    @contextmanager
    def open_stream(artifact: Artifact) -> Iterator[ArtifactStream]:
        owner, inner = locate(store, info, artifact.path)
        if owner.run_id not in streams:
            streams[owner.run_id] = store.artifact_streams(owner)
        with streams[owner.run_id](replace(artifact, path=inner)) as stream:
            yield stream

    return open_stream
