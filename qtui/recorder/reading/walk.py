"""All artifacts of a run, folder by folder."""

from __future__ import annotations

from qtui.entities import Artifact, Listing, Problem, RunInfo
from qtui.errors import ArtifactNotFound, StoreError
from qtui.store import Store

DEEPEST = 64
"""How many folders deep a tree of artifacts is followed; deeper is a loop or an attack."""
MAX_ENTRIES = 1_000_000
"""Limit of listed artifacts; links between folders can multiply a few files endlessly."""


def walk(store: Store, info: RunInfo, path: str = "") -> Listing[Artifact]:
    """Everything below a folder of artifacts, each folder before what it holds; one bad folder spoils no other."""
    top = store.artifacts(info, path)
    found: list[Artifact] = []
    problems = list(top.problems)
    waiting = list(reversed(top.items))
    while waiting:
        artifact = waiting.pop()
        if len(found) >= MAX_ENTRIES:
            problems.append(problem(info, artifact, f"comes after {MAX_ENTRIES:,} artifacts, which are not exceeded"))
            break
        found.append(artifact)
        if not artifact.is_dir:
            continue
        if artifact.path.count("/") >= DEEPEST:
            problems.append(problem(info, artifact, f"folders more than {DEEPEST} deep are not followed"))
            continue
        try:
            below = store.artifacts(info, artifact.path)
        except (StoreError, ArtifactNotFound) as error:
            problems.append(problem(info, artifact, str(error)))
            continue
        problems += below.problems
        waiting += reversed(below.items)
    return Listing(tuple(found), tuple(problems))


def problem(info: RunInfo, artifact: Artifact, reason: str) -> Problem:
    """What is wrong with one folder of artifacts."""
    return Problem(artifact.path, reason, info.experiment_id, info.run_id)
