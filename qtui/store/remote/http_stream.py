"""Stream artifacts from the artifact proxy of a tracking server, from an offset where the server can."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from qtui.entities import Artifact
from qtui.errors import ArtifactNotFound, StoreError, StoreUnreachable, StoreUnreadable
from qtui.store.dirfd import check_path
from qtui.store.remote.client import call, request_limits
from qtui.text import redact

if TYPE_CHECKING:
    from qtui.store.artifacts.streams import OpenStream

READ_BYTES = 256 * 1024
STALL_S = 60.0
MIN_STALL_BYTES = 1024
"""A response is abandoned that sends fewer bytes than this in STALL_S seconds."""

OK, PARTIAL, NOT_FOUND, RANGE_REFUSED = 200, 206, 404, 416
REFUSED = frozenset({401, 403})
PAGE_SUFFIXES = (".html", ".htm", ".xhtml")

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


def resolve_http_uri(artifact_uri: str, tracking_uri: str) -> str | None:
    """Return the HTTP address of artifacts behind the proxy of this tracking server; None for all others."""
    artifacts, server = urlsplit(artifact_uri), urlsplit(tracking_uri)
    if artifacts.scheme != "mlflow-artifacts" or artifacts.netloc not in ("", server.netloc):
        return None
    from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository

    return str(MlflowArtifactsRepository.resolve_uri(artifact_uri, tracking_uri))


def http_streams(address: str) -> OpenStream:
    """Return the function that opens artifacts below an HTTP address."""

    @contextmanager
    def open_stream(artifact: Artifact) -> Iterator[HttpStream]:
        check_path(artifact.path)
        with closing(HttpStream(address, artifact)) as stream:
            yield stream

    return open_stream


class HttpStream:
    """The response of a server with the content of an artifact; the request is sent by `start`."""

    modified_ns = None
    version = ""
    """The server promises nothing about the version: parts are continued if path and size are the same."""

    def __init__(self, address: str, artifact: Artifact) -> None:
        self._address = address
        self._artifact = artifact
        self._response: Any = None
        self._expected: int | None = None
        """The bytes that are still to come."""

    @property
    def size(self) -> int | None:
        """The number of bytes that the server has listed."""
        return self._artifact.size

    def close(self) -> None:
        """Close the connection."""
        if self._response is not None:
            self._response.close()

    def start(self, offset: int) -> int:
        """Request the content from an offset; return 0 if the server sends all of it."""
        if offset and offset == self.size:
            self._expected = 0
            return offset
        self._response = self._get(offset)
        if self._response.status_code == RANGE_REFUSED:
            self._response.close()
            offset, self._response = 0, self._get(0)
        start = self._check(offset)
        length = self._response.headers.get("Content-Length", "")
        rest = int(length) if length.isdecimal() else None
        if None not in (rest, self.size) and start + (rest or 0) != self.size:
            raise StoreError(
                f"The server offers {start + (rest or 0):,} bytes for {self._artifact.path!r}, not the "
                f"{self.size:,} that it lists; nothing was saved."
            )
        self._expected = rest
        return start

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes; raises StoreUnreachable if the connection is lost or sends next to nothing."""
        received = window_bytes = 0
        window_start = monotonic()
        while self._expected != received:
            data = self._read()
            if not data:
                break
            received += len(data)
            window_bytes += len(data)
            if monotonic() - window_start > STALL_S:
                if window_bytes < MIN_STALL_BYTES:
                    raise StoreUnreachable(f"{self._server} has almost stopped sending {self._artifact.path!r}.")
                window_bytes, window_start = 0, monotonic()
            yield data
        if self._expected is not None and received != self._expected:
            raise StoreUnreachable(f"{self._server} ended the connection before the end of {self._artifact.path!r}.")

    @property
    def _server(self) -> str:
        parts = urlsplit(self._address)
        return redact(f"{parts.scheme}://{parts.netloc}")

    def _get(self, offset: int) -> Any:
        from mlflow.utils.credentials import get_default_host_creds
        from mlflow.utils.rest_utils import http_request

        headers = {"Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        credentials = get_default_host_creds(self._address)
        endpoint = posixpath.join("/", quote(self._artifact.path))

        def request() -> Any:
            return http_request(
                credentials, endpoint, "GET", extra_headers=headers, stream=True, **request_limits(http_request)
            )

        return call(self._server, request)

    def _check(self, offset: int) -> int:
        """Return the offset at which a response begins; raises an error for one that is not the artifact."""
        status, path = self._response.status_code, self._artifact.path
        if status == NOT_FOUND:
            raise ArtifactNotFound(f"The server has no artifact {path!r}.")
        if status in REFUSED:
            raise StoreUnreachable(
                f"{self._server} refuses to send {path!r}. "
                "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN."
            )
        if status not in (OK, PARTIAL):
            raise StoreUnreachable(f"{self._server} cannot send {path!r}: status {status}.")
        kind = self._response.headers.get("Content-Type", "")
        if kind.startswith("text/html") and (self._response.history or not path.lower().endswith(PAGE_SUFFIXES)):
            raise StoreUnreadable(f"{self._server} sent a web page instead of {path!r}, perhaps to log in.")
        if status == OK:
            return 0
        position = _CONTENT_RANGE.match(self._response.headers.get("Content-Range", ""))
        if position is None or int(position[1]) != offset or position[2] not in ("*", str(self.size)):
            raise StoreUnreadable(f"{self._server} sent another part of {path!r} than was requested.")
        return offset

    def _read(self) -> bytes:
        """Return the next bytes that arrive; empty at the end."""
        from requests import RequestException
        from urllib3.exceptions import HTTPError

        raw = self._response.raw
        try:
            # Where urllib3 has no `read1`, it waits until all bytes have come.
            return bytes(raw.read1(READ_BYTES) if hasattr(raw, "read1") else raw.read(MIN_STALL_BYTES))
        except (OSError, HTTPError, RequestException) as error:
            raise StoreUnreachable(
                f"The connection to {self._server} was lost during {self._artifact.path!r}: {type(error).__name__}."
            ) from None
