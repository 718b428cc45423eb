"""List, upload and fetch artifacts that are not on this machine, with MLflow's artifact repositories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from qtui.entities import Artifact, Listing
from qtui.errors import ArtifactNotFound, QtuiError
from qtui.store.artifacts.repository_kinds import check_kind, translate_repository_error
from qtui.store.dirfd import check_path
from qtui.store.remote.client import call

T = TypeVar("T")


def list_artifacts(uri: str, path: str = "") -> Listing[Artifact]:
    """Return one level of the artifacts at a URI, sorted by path."""
    files = call_repository(uri, "listed", lambda artifacts: list(artifacts.list_artifacts(path or None)))
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


def call_repository(uri: str, participle: str, request: Callable[[Any], T]) -> T:
    """Return the result of a request, which is abandoned when it is cancelled or takes too long."""

    def run() -> T:
        with repository(uri, participle) as artifacts:
            return request(artifacts)

    return call(uri, run)


@contextmanager
def repository(uri: str, participle: str) -> Iterator[Any]:
    """Yield MLflow's repository for a URI, with its errors translated: "The artifacts cannot be {participle}"."""
    try:
        from mlflow import get_tracking_uri
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        check_kind(uri, get_tracking_uri())
        yield get_artifact_repository(uri)
    except QtuiError:
        raise
    except Exception as error:
        # Every repository raises the errors of its own client library, which have no common base class.
        raise translate_repository_error(uri, participle, error) from None
