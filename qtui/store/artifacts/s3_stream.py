"""Stream artifacts from S3, in parts, with the credentials and the endpoint of MLflow's repository."""

from __future__ import annotations

import posixpath
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from qtui.entities import Artifact
from qtui.errors import ArtifactUnreadable
from qtui.store.artifacts.chunk_pump import pump
from qtui.store.artifacts.repository import call_repository, repository
from qtui.store.dirfd import check_path

if TYPE_CHECKING:
    from qtui.store.protocol import OpenStream

READ_BYTES = 256 * 1024
NO_SUCH_RANGE, CHANGED = "InvalidRange", "PreconditionFailed"


def s3_streams(uri: str) -> OpenStream:
    """Return the function that opens artifacts below an S3 URI."""

    @contextmanager
    def open_stream(artifact: Artifact) -> Iterator[S3Stream]:
        check_path(artifact.path)
        with closing(S3Stream(uri, artifact)) as stream:
            yield stream

    return open_stream


class S3Stream:
    """An object of S3; the first response tells its size and version."""

    has_ranges = True
    waiting_bytes = 0

    def __init__(self, uri: str, artifact: Artifact) -> None:
        self._uri = uri
        self._artifact = artifact
        self._first: Any = None
        self._response: Any = None
        self._offset = 0
        self._end: int | None = None
        self._is_used = False

    @property
    def size(self) -> int:
        """The number of bytes."""
        total = str(self._first_response.get("ContentRange", "")).rpartition("/")[2]
        return int(total) if total.isdecimal() else int(self._first_response["ContentLength"])

    @property
    def version(self) -> str:
        """The entity tag, which is made from the content."""
        return str(self._first_response["ETag"])

    @property
    def modified_ns(self) -> int:
        """The time of the last modification, in whole seconds."""
        return int(self._first_response["LastModified"].timestamp()) * 10**9

    def matches_copy(self, modified_ns: int) -> bool:
        """Return whether the object has not changed since the copy was made."""
        return modified_ns >= self.modified_ns

    def start(self, offset: int, end: int | None = None) -> int:
        """Request the content from an offset."""
        if offset and offset == self.size:
            self.close()
            self._offset = offset
            return offset
        if self._response is None or self._is_used or offset != self._offset:
            self._request(offset, end)
        self._is_used = False
        self._end = end
        return offset

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes."""
        if self._response is not None:
            self._is_used = True
            limit = None if self._end is None else self._end - self._offset
            yield from pump(self._receive(self._response, limit))

    def close(self) -> None:
        """Close the connection, or leave that to the thread that reads from it."""
        if self._response is not None and not self._is_used:
            self._response["Body"].close()
        self._response = None

    @property
    def _first_response(self) -> Any:
        if self._first is None:
            self._request(0, None)
        return self._first

    def _receive(self, response: Any, limit: int | None) -> Generator[bytes, None, None]:
        """Yield the bytes of a response, on a thread that may go on after the next request has begun."""
        with closing(response["Body"]) as body:
            received = 0
            while data := self._read(body, READ_BYTES if limit is None else min(READ_BYTES, limit - received)):
                received += len(data)
                yield data

    def _read(self, body: Any, size: int) -> bytes:
        with repository(self._uri, "read"):
            return bytes(body.read(size)) if size else b""

    def _request(self, offset: int, end: int | None) -> None:
        """Request a part of the object; raises ArtifactUnreadable if it has changed since the first request."""
        self.close()
        headers = {"Range": f"bytes={offset}-{'' if end is None else end - 1}"}
        if self._first is not None:
            headers["IfMatch"] = self._first["ETag"]
        self._response = call_repository(self._uri, "read", lambda artifacts: self._get(artifacts, headers))
        self._offset = offset
        self._first = self._first or self._response

    def _get(self, artifacts: Any, headers: dict[str, str]) -> Any:
        from botocore.exceptions import ClientError

        bucket, root = artifacts.parse_s3_compliant_uri(self._uri)
        key = posixpath.join(root, self._artifact.path)
        client = artifacts._get_s3_client()
        try:
            return client.get_object(Bucket=bucket, Key=key, **headers)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code")
            if code == CHANGED:
                raise ArtifactUnreadable(f"{self._artifact.path} has changed. Open it again.") from None
            if code != NO_SUCH_RANGE:
                raise
            return client.get_object(Bucket=bucket, Key=key)
