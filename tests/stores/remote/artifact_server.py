"""A tracking server with the artifacts of one run."""

from __future__ import annotations

import json
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from threading import Event
from urllib.parse import parse_qs, unquote, urlsplit

from qtui.entities import RunInfo

RUN = RunInfo("ab12", "1", artifact_uri="mlflow-artifacts:/1/ab12/artifacts")
CONTENT = bytes(range(256)) * 2000
PREFIX = "/api/2.0/mlflow-artifacts/artifacts/1/ab12/artifacts/"


class ArtifactServer:
    """A tracking server with one run; the ways in which it misbehaves are attributes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"model.bin": CONTENT}
        self.has_ranges = True
        self.has_length = True
        self.kind = "application/octet-stream"
        self.drop_after: int | None = None
        self.headers: dict[str, str] = {}
        """More headers of files."""
        self.stall_after: int | None = None
        self.is_stalled = Event()
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
        prefix = f"{path}/" if path else ""
        if not path and not any(name.startswith("sub/") for name in self.files):
            return [{"path": name, "is_dir": False, "file_size": len(data)} for name, data in self.files.items()]
        children = {name.removeprefix(prefix).partition("/")[0] for name in self.files if name.startswith(prefix)}
        items: list[dict[str, object]] = []
        for child in sorted(children):
            data = self.files.get(prefix + child)
            size = {} if data is None else {"file_size": len(data)}
            items.append({"path": child, "is_dir": data is None, **size})
        return items

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
            if self.has_length or name != "Content-Length":
                request.send_header(name, value)
        request.end_headers()
        with suppress(OSError):
            if self.stall_after is not None and status in (200, 206) and body in self.files.values():
                request.wfile.write(body[: self.stall_after])
                request.wfile.flush()
                self.is_stalled.set()
                request.server.closing.wait()  # type: ignore[attr-defined]
            request.wfile.write(body if drop_after is None else body[:drop_after])
        request.close_connection = True
