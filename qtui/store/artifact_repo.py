"""Artifacts that are not on this machine, listed by MLflow's own repositories."""

from __future__ import annotations

from qtui.entities import Artifact, Listing
from qtui.errors import MissingExtra, StoreError
from qtui.text import redact

EXTRAS = {"boto3": "s3"}
"""Which extra of qtui brings a package that a repository needs."""


def list_artifacts(uri: str, path: str = "") -> Listing[Artifact]:
    """One level of the artifacts at a URI, sorted by path."""
    try:
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        found = get_artifact_repository(uri).list_artifacts(path or None)
    except ImportError as error:
        raise MissingExtra(_missing(uri, error)) from None
    except Exception as error:
        # Every repository raises what its own client library raises: there is no common root to catch.
        raise StoreError(f"The artifacts at {redact(uri)} cannot be listed: {redact(str(error))}") from None
    items = (Artifact(each.path, each.is_dir, each.file_size) for each in found)
    return Listing(tuple(sorted(items, key=lambda artifact: artifact.path)))


def _missing(uri: str, error: ImportError) -> str:
    extra = EXTRAS.get(error.name or "")
    remedy = f"pip install 'qtui[{extra}]'" if extra else f"pip install {error.name}"
    return f"The artifacts at {redact(uri)} need the package {error.name}: {remedy}"
