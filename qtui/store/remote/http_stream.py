"""Stream artifacts from the artifact proxy of a tracking server, from an offset where the server can."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from qtui.entities import Artifact
from qtui.errors import ArtifactNotFound, StoreError, StoreUnreachable, StoreUnreadable
from qtui.store.artifacts.chunk_pump import pump
from qtui.store.dirfd import check_path
from qtui.store.remote.client import call, request_limits
from qtui.text import display, redact
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.store.protocol import OpenStream

READ_BYTES = 256 * 1024
STALL_S = 60.0
MIN_STALL_BYTES = 1024
"""A response is abandoned that sends fewer bytes than this in STALL_S seconds."""

MIN_AGE_S = 5
"""Seconds since the last change of an artifact from which its entity tag identifies its content."""
HTTP_TIME_LENGTH = len("Sun, 06 Nov 1994 08:49:37 GMT")

OK, PARTIAL, BAD_REQUEST, NOT_FOUND, RANGE_REFUSED = 200, 206, 400, 404, 416
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


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """The properties of an artifact by the first response of its server."""

    size: int | None
    has_ranges: bool
    tag: str
    modified_ns: int | None

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str]) -> FirstResponse:
        """Read the headers.

        A server that fetches the artifact from elsewhere for each response gives it the present time and a new tag.
        """
        modified, now = parse_time(headers.get("Last-Modified", "")), parse_time(headers.get("Date", ""))
        tag = headers.get("ETag", "")
        is_new = modified is not None and (now is None or now - modified < MIN_AGE_S)
        if is_new or tag.startswith("W/"):
            tag = ""
        modified_ns = None if modified is None or is_new else round(modified) * 10**9
        return cls(total_size(status, headers), status == PARTIAL, tag, modified_ns)


def total_size(status: int, headers: Mapping[str, str]) -> int | None:
    """Return the size of the whole content by the headers of a response."""
    if status == PARTIAL:
        position = _CONTENT_RANGE.match(headers.get("Content-Range", ""))
        return int(position[2]) if position is not None and position[2] != "*" else None
    length = headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def parse_time(text: str) -> float | None:
    """Return the time of an HTTP header in seconds since the epoch; None if there is none."""
    try:
        return parsedate_to_datetime(text[:HTTP_TIME_LENGTH]).timestamp()
    except (ValueError, OverflowError):
        return None


class HttpStream:
    """The content of an artifact on a server: the first request tells its size and version, and is sent when needed."""

    def __init__(self, address: str, artifact: Artifact) -> None:
        self._address = address
        self._artifact = artifact
        self._first: FirstResponse | None = None
        self._response: Any = None
        self._offset = 0
        """The offset at which the open response begins."""
        self._rest: int | None = None
        """The bytes that the open response has."""
        self._wanted: int | None = None
        """The bytes of the open response that are needed."""
        self._is_used = False
        """Whether `chunks` has been called for the open response."""

    @property
    def size(self) -> int | None:
        """The number of bytes that the server has listed, or sends."""
        return self._artifact.size if self._artifact.size is not None else self._properties.size

    @property
    def version(self) -> str:
        """The entity tag; empty if the server makes another one for each response."""
        return self._properties.tag

    @property
    def modified_ns(self) -> int | None:
        """The time of the last modification, in whole seconds; None where `version` is empty."""
        return self._properties.modified_ns

    def matches_copy(self, modified_ns: int) -> bool:
        """Return whether the artifact has not changed since the copy was made, as far as it is known."""
        return self.modified_ns is None or modified_ns >= self.modified_ns

    @property
    def has_ranges(self) -> bool:
        """Whether the server can send parts, without fetching the whole artifact from elsewhere first."""
        return self._properties.has_ranges and bool(self._properties.tag)

    waiting_bytes = 0

    def close(self) -> None:
        """Close the connection, or leave that to the thread that reads from it: closing would wait for its bytes."""
        if self._response is not None and not self._is_used:
            self._response.close()
        self._response = None

    def start(self, offset: int, end: int | None = None) -> int:
        """Request the content from an offset; return 0 if the server sends all of it."""
        if offset and offset == self.size:
            self.close()
            return offset
        opened = self._properties
        if offset and not opened.has_ranges:
            offset = 0
        if self._response is None or self._is_used or offset != self._offset:
            self._request(offset, end)
        self._wanted = self._rest if end is None or self._rest is None else min(self._rest, end - self._offset)
        return self._offset

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes; raises StoreUnreachable if the connection is lost or sends next to nothing."""
        if self._response is not None:
            self._is_used = True
            yield from pump(self._receive(self._response, self._wanted))

    def _receive(self, response: Any, wanted: int | None) -> Generator[bytes, None, None]:
        """Yield the bytes of a response, on a thread that may go on after the next request has begun."""
        with closing(response):
            yield from self._receive_bytes(response, wanted)

    def _receive_bytes(self, response: Any, wanted: int | None) -> Iterator[bytes]:
        received = window_bytes = 0
        window_start = monotonic()
        while wanted is None or received < wanted:
            data = self._read(response, READ_BYTES if wanted is None else min(READ_BYTES, wanted - received))
            if not data:
                break
            received += len(data)
            window_bytes += len(data)
            if monotonic() - window_start > STALL_S:
                if window_bytes < MIN_STALL_BYTES:
                    raise StoreUnreachable(f"{self._server} has almost stopped sending {self._artifact.path!r}.")
                window_bytes, window_start = 0, monotonic()
            yield data
        if wanted is not None and received != wanted:
            raise StoreUnreachable(f"{self._server} ended the connection before the end of {self._artifact.path!r}.")

    @property
    def _server(self) -> str:
        parts = urlsplit(self._address)
        return redact(f"{parts.scheme}://{parts.netloc}")

    @property
    def _properties(self) -> FirstResponse:
        """The properties of the artifact by the first response."""
        if self._first is None:
            self._request(0, None)
        assert self._first is not None
        return self._first

    def _request(self, offset: int, end: int | None) -> None:
        """Send a request for the bytes from an offset, and check the head of the response."""
        self.close()
        self._response = self._get(f"bytes={offset}-{'' if end is None else end - 1}")
        if self._response.status_code == RANGE_REFUSED:
            # There is no such part, or the artifact is empty.
            self._response.close()
            self._response = self._get(None)
        self._is_used = False
        self._offset = self._check(offset)
        self._first = self._first or FirstResponse.of(self._response.status_code, self._response.headers)
        length = self._response.headers.get("Content-Length", "")
        self._rest = int(length) if length.isdecimal() else None
        total = total_size(self._response.status_code, self._response.headers)
        if None not in (total, self._artifact.size) and total != self._artifact.size:
            raise StoreError(
                f"The server offers {total:,} bytes for {self._artifact.path!r}, not the {self._artifact.size:,} that "
                "it lists; nothing was saved."
            )

    def _get(self, part: str | None) -> Any:
        from mlflow.utils.credentials import get_default_host_creds
        from mlflow.utils.rest_utils import http_request

        headers = {"Accept-Encoding": "identity"}
        if part is not None:
            headers["Range"] = part
        if self._first is not None and self._first.tag:
            headers["If-Range"] = self._first.tag
        credentials = get_default_host_creds(self._address)
        endpoint = posixpath.join("/", quote(self._artifact.path, errors="surrogateescape"))

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
        if status == BAD_REQUEST:
            raise ArtifactNotFound(f"The server cannot send {path!r}: it may be a directory.")
        if status in REFUSED:
            raise StoreUnreachable(
                f"{self._server} refuses to send {path!r}. "
                "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN."
            )
        if status not in (OK, PARTIAL):
            raise StoreUnreachable(f"{self._server} cannot send {path!r}: status {status}.")
        if (encoding := self._response.headers.get("Content-Encoding", "identity")) != "identity":
            raise StoreUnreadable(f"{self._server} sends {path!r} encoded as {display(encoding)}.")
        kind = self._response.headers.get("Content-Type", "")
        if kind.startswith("text/html") and (self._response.history or not path.lower().endswith(PAGE_SUFFIXES)):
            raise StoreUnreadable(f"{self._server} sent a web page instead of {path!r}, perhaps to log in.")
        if status == OK:
            return 0
        position = _CONTENT_RANGE.match(self._response.headers.get("Content-Range", ""))
        if position is None or int(position[1]) != offset:
            raise StoreUnreadable(f"{self._server} sent another part of {path!r} than was requested.")
        return offset

    def _read(self, response: Any, size: int) -> bytes:
        """Return up to `size` bytes as they arrive; empty at the end."""
        from requests import RequestException
        from urllib3.exceptions import HTTPError

        raw = response.raw
        try:
            # Where urllib3 has no `read1`, it waits until all bytes have come.
            return bytes(raw.read1(size) if hasattr(raw, "read1") else raw.read(min(size, MIN_STALL_BYTES)))
        except (OSError, HTTPError, RequestException) as error:
            raise StoreUnreachable(
                f"The connection to {self._server} was lost during {self._artifact.path!r}: {type(error).__name__}."
            ) from None
