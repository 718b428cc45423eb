"""Artifacts of a tracking server are streamed; only complete files are saved, and only below the destination."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from qtui.entities import RunInfo
from qtui.errors import QtuiError
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
        content = self.files[name] if self.page is None else self.page
        if not asked or not self.has_ranges:
            self._send(request, 200, content, self.kind, {}, self.drop_after)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        position = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        self._send(request, 206, content[start:], self.kind, position, self.drop_after)

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
    assert server.requested == [None, "bytes=100000-"]
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
