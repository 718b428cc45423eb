"""List, upload and fetch artifacts that are not on this machine, with MLflow's artifact repositories."""

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
"""The extra of qtui that installs a package, by package."""


def list_artifacts(uri: str, path: str = "") -> Listing[Artifact]:
    """Return one level of the artifacts at a URI, sorted by path."""
    with repository(uri, "listed") as artifacts:
        files = artifacts.list_artifacts(path or None)
    items = (Artifact(file.path, file.is_dir, file.file_size) for file in files)
    return Listing(tuple(sorted(items, key=lambda artifact: artifact.path)))


def upload(uri: str, source: Path, folder: str = "") -> None:
    """Upload a file, or the content of a folder, into a folder below a URI."""
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
    """Download one file below a URI into a folder, and return its new path."""
    with repository(uri, "read") as artifacts:
        return Path(artifacts.download_artifacts(path, dst_path=str(scratch)))


@contextmanager
def repository(uri: str, participle: str) -> Iterator[Any]:
    """Yield MLflow's repository for a URI, with its errors translated: "The artifacts cannot be {participle}"."""
    try:
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        yield get_artifact_repository(uri)
    except ImportError as error:
        raise MissingExtra(_missing_package(uri, error)) from None
    except Exception as error:
        # Every repository raises the errors of its own client library, which have no common base class.
        raise StoreError(f"The artifacts at {redact(uri)} cannot be {participle}: {redact(str(error))}") from None


def _missing_package(uri: str, error: ImportError) -> str:
    extra = EXTRAS.get(error.name or "")
    remedy = f"pip install 'qtui[{extra}]'" if extra else f"pip install {error.name}"
    return f"The artifacts at {redact(uri)} need the package {error.name}. Install it: {remedy}"
