"""Walk the tree of a run's artifacts."""

from __future__ import annotations

from collections.abc import Callable

from qtui.entities import Artifact, Listing, Problem, RunInfo
from qtui.errors import ArtifactNotFound, StoreError

ListFolder = Callable[[str], Listing[Artifact]]
"""Lists one level of a run's artifacts."""

MAX_DEPTH = 64
"""Levels of folders that are followed; a deeper tree is a loop or an attack."""
MAX_ENTRIES = 1_000_000
"""Artifacts that are listed; links between folders can multiply a few files endlessly."""


def walk(list_folder: ListFolder, path: str = "", info: RunInfo | None = None) -> Listing[Artifact]:
    """Return everything below an artifact folder, every folder before its content.

    A folder that cannot be listed is a problem, with the IDs of `info`; only for `path` itself it is an error.
    """
    top = list_folder(path)
    artifacts: list[Artifact] = []
    problems = list(top.problems)
    ids = (info.experiment_id, info.run_id) if info else ()
    pending = [(artifact, 1) for artifact in reversed(top.items)]
    while pending:
        artifact, depth = pending.pop()
        if len(artifacts) >= MAX_ENTRIES:
            problems.append(Problem(artifact.path, f"is not listed, after {MAX_ENTRIES:,} other artifacts", *ids))
            break
        artifacts.append(artifact)
        if not artifact.is_dir:
            continue
        if depth >= MAX_DEPTH:
            problems.append(Problem(artifact.path, f"is more than {MAX_DEPTH} folders deep and is not listed", *ids))
            continue
        try:
            level = list_folder(artifact.path)
        except (StoreError, ArtifactNotFound) as error:
            problems.append(Problem(artifact.path, f"cannot be listed: {error}", *ids))
            continue
        problems += level.problems
        pending += ((child, depth + 1) for child in reversed(level.items))
    return Listing(tuple(artifacts), tuple(problems))
