"""Tracking servers with invalid responses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

Answer = Callable[[BaseHTTPRequestHandler], None]


def say(status: int, body: bytes, kind: str = "application/json") -> Answer:
    """Return a handler that sends this response."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def say_json(content: object) -> Answer:
    """Return a handler that sends this as JSON."""
    return say(200, json.dumps(content).encode())


def never_end(request: BaseHTTPRequestHandler) -> None:
    """Send a response byte by byte until the client disconnects."""
    request.send_response(200)
    request.end_headers()
    with suppress(OSError):
        while not request.server.closing.wait(0.05):
            request.wfile.write(b" ")
            request.wfile.flush()


def say_nothing(request: BaseHTTPRequestHandler) -> None:
    """Accept the request and never answer."""
    request.server.closing.wait()


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Run a local server that handles every request in this way; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer(self)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.closing = Event()
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.closing.set()
        server.shutdown()
        thread.join()
