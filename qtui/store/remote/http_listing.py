"""List artifacts behind the artifact proxy of a tracking server; a name that is refused does not hide the others."""

from __future__ import annotations

import json
import posixpath
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from qtui.entities import Artifact
from qtui.errors import ArtifactNotFound, StoreUnreachable, StoreUnreadable
from qtui.store.remote.client import call, request_limits
from qtui.store.remote.http_stream import NOT_FOUND, OK, REFUSED
from qtui.text import redact

ENDPOINT = "/mlflow-artifacts/artifacts"
MAX_LISTING_BYTES = 64 << 20
READ_BYTES = 1 << 20


def list_http_folder(address: str, path: str) -> list[Artifact]:
    """Return one level of the artifacts below an HTTP address, also those with names that lead elsewhere."""
    server, _, root = address.partition(ENDPOINT)
    root = root.strip("/")
    folder = f"{root}/{path}" if path else root
    files = call(redact(server), lambda: _request(server, folder, path))
    if (
        len(files) == 1
        and path
        and files[0].path == posixpath.join(path, posixpath.basename(path))
        and not files[0].is_dir
    ):
        # MLflow lists a file as the content of itself.
        return []
    return files


def _request(server: str, folder: str, path: str) -> list[Artifact]:
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.rest_utils import http_request

    response = http_request(
        get_default_host_creds(server),
        ENDPOINT,
        "GET",
        params={"path": folder},
        stream=True,
        **request_limits(http_request),
    )
    with closing(response):
        _check(server, response.status_code, path)
        return [_artifact(item, path) for item in _items(server, response)]


def _check(server: str, status: int, path: str) -> None:
    name = redact(f"{urlsplit(server).scheme}://{urlsplit(server).netloc}")
    if status == NOT_FOUND:
        raise ArtifactNotFound(f"The server has no artifacts at {path!r}.")
    if status in REFUSED:
        raise StoreUnreachable(
            f"{name} refuses to list artifacts. Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or "
            "MLFLOW_TRACKING_TOKEN."
        )
    if status != OK:
        raise StoreUnreachable(f"{name} cannot list artifacts: status {status}.")


def _items(server: str, response: Any) -> list[Any]:
    content = bytearray()
    for chunk in response.iter_content(READ_BYTES):
        content += chunk
        if len(content) > MAX_LISTING_BYTES:
            raise StoreUnreadable(f"{redact(server)} lists more than {MAX_LISTING_BYTES:,} bytes of artifacts.")
    try:
        items = json.loads(content).get("files", [])
    except (ValueError, AttributeError, RecursionError):
        raise StoreUnreadable(f"{redact(server)} lists artifacts in an unknown format.") from None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _artifact(item: dict[str, Any], folder: str) -> Artifact:
    """Return a listed artifact; its path may lead out of the folder."""
    size = item.get("file_size")
    is_dir = item.get("is_dir") is True
    path = posixpath.join(folder, str(item.get("path", "")))
    return Artifact(path, is_dir, None if is_dir or not str(size).isdecimal() else int(str(size)))
