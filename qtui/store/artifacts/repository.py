"""Artifacts that are not on this machine, listed, brought there and fetched by MLflow's own repositories."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qtui.entities import Artifact, Listing
from qtui.errors import ArtifactNotFound, MissingExtra, StoreError
from qtui.store.dirfd import check_path
from qtui.text import redact

EXTRAS = {"boto3": "s3"}
"""Which extra of qtui brings a package that a repository needs."""


def list_artifacts(uri: str, path: str = "") -> Listing[Artifact]:
    """One level of the artifacts at a URI, sorted by path."""
    with repository(uri, "listed") as artifacts:
        found = artifacts.list_artifacts(path or None)
    items = (Artifact(each.path, each.is_dir, each.file_size) for each in found)
    return Listing(tuple(sorted(items, key=lambda artifact: artifact.path)))


def upload(uri: str, source: Path, folder: str = "") -> None:
    """Bring a file, or all that is in a folder, into a folder below a URI."""
    if folder:
        check_path(folder)
    if not source.exists():
        raise ArtifactNotFound(f"{source} does not exist.")
    with repository(uri, "written") as artifacts:
        if source.is_dir():
            artifacts.log_artifacts(str(source), folder or None)
        else:
            artifacts.log_artifact(str(source), folder or None)


def fetch(uri: str, path: str, scratch: Path) -> Path:
    """Bring one file from below a URI into a folder; gives where it is then."""
    with repository(uri, "read") as artifacts:
        return Path(artifacts.download_artifacts(path, dst_path=str(scratch)))


@contextmanager
def repository(uri: str, done: str) -> Iterator[Any]:
    """MLflow's repository for a URI; what it raises comes out as ours, saying what could not be done."""
    try:
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        yield get_artifact_repository(uri)
    except ImportError as error:
        raise MissingExtra(_missing(uri, error)) from None
    except Exception as error:
        # Every repository raises what its own client library raises: there is no common root to catch.
        raise StoreError(f"The artifacts at {redact(uri)} cannot be {done}: {redact(str(error))}") from None


def _missing(uri: str, error: ImportError) -> str:
    extra = EXTRAS.get(error.name or "")
    remedy = f"pip install 'qtui[{extra}]'" if extra else f"pip install {error.name}"
    return f"The artifacts at {redact(uri)} need the package {error.name}: {remedy}"
