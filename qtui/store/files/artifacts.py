"""Where the artifacts of a run are, also after the store was moved."""

from __future__ import annotations

import os
from pathlib import Path

from qtui.entities import RunInfo
from qtui.store.artifacts.listing import local_path
from qtui.store.files import layout
from qtui.store.protocol import ArtifactRoot


def root_of(info: RunInfo, run_folder: str) -> ArtifactRoot:
    """Where a run's artifacts are: the recorded folder, else the run's own one in this store."""
    recorded = local_path(info.artifact_uri)
    own = f"{run_folder}/{layout.ARTIFACTS}"
    if recorded is None:
        return ArtifactRoot(info.artifact_uri)
    if recorded and os.path.isdir(recorded):
        return ArtifactRoot(info.artifact_uri, Path(recorded))
    if not _is_stand_in(recorded, own, info):
        return ArtifactRoot(info.artifact_uri)
    return ArtifactRoot(info.artifact_uri, Path(own), moved=not _is_before_trash(recorded, own))


def _is_stand_in(recorded: str, own: str, info: RunInfo) -> bool:
    """Whether a run's own folder holds what was recorded elsewhere, or is the empty one that every run gets."""
    if not os.path.isdir(own):
        return False
    usual = f"{info.experiment_id}/{info.run_id}/{layout.ARTIFACTS}"
    return recorded.replace("\\", "/").endswith(usual) or bool(os.listdir(own))


def _is_before_trash(recorded: str, own: str) -> bool:
    """Whether the recorded place is merely where the run was before its experiment was deleted."""
    before, trash, after = own.rpartition(f"/{layout.TRASH}/")
    return bool(trash) and os.path.abspath(recorded) == os.path.abspath(f"{before}/{after}")
