"""Artifacts of a tracking server are streamed; only complete files are saved, and only below the destination."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from qtui.cancellation import Cancelled, cancelled_when
from qtui.entities import RunInfo
from qtui.errors import ArtifactNotFound, QtuiError
from qtui.recorder import Library
from qtui.store.artifacts.download import Transfer
from qtui.store.remote import RemoteStore
from tests.stores.remote.hostile import serving

RUN = RunInfo("ab12", "1", artifact_uri="mlflow-artifacts:/1/ab12/artifacts")
CONTENT = bytes(range(256)) * 2000
PREFIX = "/api/2.0/mlflow-artifacts/artifacts/1/ab12/artifacts/"


class ArtifactServer:
    """A tracking server with one run; the ways in which it misbehaves are attributes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"model.bin": CONTENT}
        self.has_ranges = True
        self.kind = "application/octet-stream"
        self.drop_after: int | None = None
        self.headers: dict[str, str] = {}
        """More headers of files."""
        self.page: bytes | None = None
        self.requested: list[str | None] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        address = urlsplit(request.path)
        if address.path.startswith(PREFIX):
            self._send_file(request, unquote(address.path.removeprefix(PREFIX)))
        elif address.path.endswith("/artifacts/list"):
            self._send_json(request, {"root_uri": RUN.artifact_uri, "files": self._listing(address.query)})
        elif address.path == "/api/2.0/mlflow-artifacts/artifacts":
            self._send_json(request, {"files": self._listing(address.query)})
        else:
            info = {
                "run_id": "ab12",
                "run_uuid": "ab12",
                "experiment_id": "1",
                "status": "FINISHED",
                "lifecycle_stage": "active",
                "artifact_uri": RUN.artifact_uri,
            }
            self._send_json(request, {"run": {"info": info, "data": {}}})

    def _listing(self, query: str) -> list[dict[str, object]]:
        path = parse_qs(query).get("path", [""])[0].removeprefix("1/ab12/artifacts").strip("/")
        if path:
            return []
        return [{"path": name, "is_dir": False, "file_size": len(data)} for name, data in self.files.items()]

    def _send_json(self, request: BaseHTTPRequestHandler, content: object) -> None:
        self._send(request, 200, json.dumps(content).encode(), "application/json", {})

    def _send_file(self, request: BaseHTTPRequestHandler, name: str) -> None:
        asked = request.headers.get("Range")
        self.requested.append(asked)
        if name not in self.files:
            return self._send(request, 404, b"{}", "application/json", {})
        content = self.files[name] if self.page is None else self.page
        if not asked or not self.has_ranges:
            self._send(request, 200, content, self.kind, self.headers, self.drop_after)
            return
        first, _, last = asked.removeprefix("bytes=").partition("-")
        if int(first) >= len(content):
            return self._send(request, 416, b"", self.kind, {})
        start, end = int(first), min(len(content), int(last or len(content)) + 1)
        position = {"Content-Range": f"bytes {start}-{end - 1}/{len(content)}"}
        self._send(request, 206, content[start:end], self.kind, {**position, **self.headers}, self.drop_after)

    def _send(
        self,
        request: BaseHTTPRequestHandler,
        status: int,
        body: bytes,
        kind: str,
        headers: dict[str, str],
        drop_after: int | None = None,
    ) -> None:
        request.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        with suppress(OSError):
            request.wfile.write(body if drop_after is None else body[:drop_after])
        request.close_connection = True


@pytest.fixture
def server() -> ArtifactServer:
    """Return the behaviour of the server."""
    return ArtifactServer()


@pytest.fixture
def library(server: ArtifactServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """Return a library of the server."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "5")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with serving(server) as address:
        yield Library.over(RemoteStore(f"http://{address}"))


def transferred(library: Library, path: str, target: Path) -> Transfer:
    """Return a transfer after its end."""
    transfer = library.download(RUN, path, target)
    for _ in transfer.run():
        pass
    return transfer


def failure(library: Library, path: str, target: Path) -> str:
    """Return the message of a download that fails."""
    with pytest.raises(QtuiError) as caught:
        transferred(library, path, target).check()
    return str(caught.value)


def test_a_file_is_streamed(library: Library, tmp_path: Path) -> None:
    transferred(library, "model.bin", tmp_path).check()
    assert (tmp_path / "model.bin").read_bytes() == CONTENT


@pytest.mark.parametrize("has_ranges", [True, False])
def test_a_lost_connection_is_continued(
    library: Library, server: ArtifactServer, tmp_path: Path, has_ranges: bool
) -> None:
    server.drop_after = 100_000
    assert "model.bin" in failure(library, "model.bin", tmp_path)
    (part,) = tmp_path.iterdir()
    assert CONTENT.startswith(part.read_bytes())
    server.drop_after, server.has_ranges = None, has_ranges
    transferred(library, "model.bin", tmp_path).check()
    assert server.requested == ["bytes=0-", "bytes=0-", *(["bytes=100000-"] if has_ranges else [])]
    assert [path.name for path in tmp_path.iterdir()] == ["model.bin"]
    assert (tmp_path / "model.bin").read_bytes() == CONTENT


def test_a_page_to_log_in_is_not_saved(library: Library, server: ArtifactServer, tmp_path: Path) -> None:
    server.page, server.kind = b"<html>Log in</html>", "text/html; charset=utf-8"
    assert "web page" in failure(library, "model.bin", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_size_than_listed_is_not_saved(
    library: Library, server: ArtifactServer, tmp_path: Path
) -> None:
    server.page = b"short"
    assert "lists" in failure(library, "model.bin", tmp_path)
    assert list(tmp_path.iterdir()) == []


HOSTILE_NAMES = [
    "../escape",
    "/etc/escape",
    "..\\escape",
    "C:\\escape",
    "a/../../escape",
    "esc\x1b[2Jape",
    "line\nbreak",
    "nul\0",
    "%2e%2e%2fescape",
    "x" * 256,
    "con#frag?query%41",
]


def test_no_name_of_a_server_leads_out_of_the_destination(
    library: Library, server: ArtifactServer, tmp_path: Path
) -> None:
    for name in HOSTILE_NAMES:
        server.files = {"good.bin": b"good", name: b"bad"}
        target = tmp_path / "deep" / "target"
        with suppress(QtuiError):
            transferred(library, "", target)
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(target)]
    assert outside == []
    names = {path.name for path in target.iterdir()}
    assert names <= {"good.bin", "%2e%2e%2fescape", "con#frag?query%41"}


OLD = {"ETag": '"1"', "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"}


def read_parts(library: Library, name: str = "model.bin") -> list[bytes]:
    """Read three parts of a file, the last one in the middle."""
    copy = library.remote_copy(RUN, name)
    assert copy is not None
    with closing(copy):
        return [copy.read(0, 10), copy.read(400_000, 10), copy.read(300_000, 10)]


PARTS = [CONTENT[:10], CONTENT[400_000:400_010], CONTENT[300_000:300_010]]


def test_a_server_with_ranges_sends_only_the_parts_that_are_read(library: Library, server: ArtifactServer) -> None:
    server.headers = OLD
    assert read_parts(library) == PARTS
    assert server.requested == ["bytes=0-", "bytes=400000-511999", "bytes=300000-431071"]


def test_a_server_that_fetches_the_file_for_each_request_gets_only_one(
    library: Library, server: ArtifactServer
) -> None:
    server.headers = {"ETag": '"1"', "Last-Modified": formatdate(usegmt=True), "Date": formatdate(usegmt=True)}
    assert read_parts(library) == PARTS
    assert server.requested == ["bytes=0-"]


def test_a_server_without_ranges_gets_only_one_request(library: Library, server: ArtifactServer) -> None:
    server.has_ranges = False
    assert read_parts(library) == PARTS
    assert server.requested == ["bytes=0-"]


def test_an_encoded_file_is_refused(library: Library, server: ArtifactServer) -> None:
    server.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(QtuiError, match="encoded as gzip"):
        read_parts(library)


def test_an_empty_and_a_missing_file(library: Library, server: ArtifactServer) -> None:
    server.files["empty.txt"] = b""
    copy = library.remote_copy(RUN, "empty.txt")
    assert copy is not None and (copy.read(0, 10), copy.size) == (b"", 0)
    with pytest.raises(ArtifactNotFound, match=r"no artifact 'nothing\.txt'"):
        library.remote_copy(RUN, "nothing.txt")


def test_a_file_that_changes_while_it_is_read_is_not_mixed(library: Library, server: ArtifactServer) -> None:
    server.headers = OLD
    copy = library.remote_copy(RUN, "model.bin")
    assert copy is not None
    copy.read(0, 10)
    server.has_ranges = False
    with pytest.raises(QtuiError, match="has changed"):
        copy.read(400_000, 10)


def test_a_download_of_a_changed_file_of_the_same_size_is_not_taken_for_complete(
    library: Library, server: ArtifactServer, tmp_path: Path
) -> None:
    server.headers = OLD
    transferred(library, "model.bin", tmp_path).check()
    assert [file.target for file in transferred(library, "model.bin", tmp_path).present] == ["model.bin"]
    server.headers = {"ETag": '"2"', "Last-Modified": "Sun, 06 Nov 2016 08:49:37 GMT"}
    assert "already exists" in failure(library, "model.bin", tmp_path)


def test_a_stalled_download_is_cancelled_at_once(library: Library, server: ArtifactServer) -> None:
    is_stalled = Event()

    def stall(request: BaseHTTPRequestHandler, name: str) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b"start")
        request.wfile.flush()
        is_stalled.set()
        request.server.closing.wait()  # type: ignore[attr-defined]

    server._send_file = stall  # type: ignore[method-assign]
    copy = library.remote_copy(RUN, "model.bin")
    assert copy is not None
    with cancelled_when(is_stalled.is_set), pytest.raises(Cancelled):
        copy.read(0, 1000)
