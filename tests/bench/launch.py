"""The time from the start of the program to the first runs on the screen, beside other programs.

It is measured in a pseudo-terminal, from the start of the process to the byte that completes the first name of a run.
"""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep

from tests.bench import cached_stores, wandb_peer
from tests.bench.processes import MLFLOW_VARIABLES
from tests.bench.registry import Comparison, RatioBudget, Scale, bench

COLUMNS, LINES = 200, 55
QUERY_RESPONSES = {
    b"\x1b[c": b"\x1b[?62;c",
    b"\x1b]11;?": b"\x1b]11;rgb:1414/1717/1c1c\x1b\\",
    b"\x1b]10;?": b"\x1b]10;rgb:d3d3/d8d8/e0e0\x1b\\",
    b"\x1b[6n": b"\x1b[1;1R",
}
"""The responses of a terminal to queries: attributes, colours, position of the cursor."""

BARE = (
    sys.executable,
    "-c",
    "from textual.app import App\n"
    "from textual.widgets import DataTable\n"
    "class Bare(App):\n"
    "    def compose(self):\n"
    "        yield DataTable()\n"
    "    def on_mount(self):\n"
    "        table = self.query_one(DataTable)\n"
    "        table.add_columns(*map(str, range(9)))\n"
    "        table.add_rows([[f'run-{row}', *range(8)] for row in range(50)])\n"
    "Bare().run()\n",
)
"""A minimal program that shows a table of runs with Textual."""

TIMEOUT_S = 120.0
"""Seconds after which a launch has failed."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A program, and the texts whose output completes its launch."""

    words: Sequence[str]
    expected: Sequence[bytes]
    environment: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    """Called before every launch."""

    def seconds(self) -> float | None:
        """Launch the program; return the seconds until the expected output, None if it does not come."""
        self.prepare()
        started = perf_counter()
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", **self.environment)
            os.environ.update(COLUMNS=str(COLUMNS), LINES=str(LINES))
            os.execvp(self.words[0], list(self.words))
        try:
            return self._read_until_expected(terminal, started)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(terminal)

    def _read_until_expected(self, terminal: int, started: float) -> float | None:
        output = b""
        while perf_counter() - started < TIMEOUT_S and select.select([terminal], [], [], TIMEOUT_S)[0]:
            with suppress(OSError):
                output += (received := os.read(terminal, 1 << 16))
                _respond(terminal, received)
                if all(text in output for text in self.expected):
                    return perf_counter() - started
                continue
            return None
        return None


def _respond(terminal: int, received: bytes) -> None:
    """Respond to the queries in their order, as a terminal does."""
    responses = sorted((at, text) for query, text in QUERY_RESPONSES.items() if (at := received.find(query)) >= 0)
    for _, response in responses:
        os.write(terminal, response)


@bench("launch")
def launch_bench(scale: Scale) -> Iterator[Comparison]:
    """Compare the launch over new and known stores with W&B LEET, a bare Textual app, and `mlflow server`."""
    files, database = cached_stores.file_store(scale), cached_stores.database(scale)
    cached_stores.read_all_files(files)
    server = _server_and_search(database)
    for kind, uri in (("file store", f"file://{files.absolute()}"), ("sqlite", f"sqlite:///{database.absolute()}")):
        programs = (_known(scale, uri), _new(scale, uri), Launch(BARE, [b"run-"]), _leet(scale))
        reopened, first, bare, leet = _median_times(scale.rounds, *programs)
        label = f"launch to first runs, {kind}, {scale.size.runs:,} runs, {COLUMNS}x{LINES}"
        as_fast, budget = RatioBudget(1, is_speedup=False), RatioBudget(1.5, is_speedup=False)
        new = f"{label}, never opened before"
        yield Comparison(label, reopened, "W&B LEET, first chart, 1 run", leet, as_fast)
        yield Comparison(label, reopened, "bare Textual app", bare, budget)
        yield Comparison(new, first, "W&B LEET, first chart, 1 run", leet, as_fast)
        yield Comparison(new, first, "bare Textual app", bare, budget)
        yield Comparison(new, first, "mlflow server, first search", server)


def _median_times(rounds: int, *launches: Launch | None) -> list[float | None]:
    """Launch the programs in turns; return the median time of each, None for one that is missing or never launched."""
    times = [[launch.seconds() if launch else None for launch in launches] for _ in range(rounds)]
    completed = [[seconds for seconds in column if seconds is not None] for column in zip(*times, strict=True)]
    return [median(column) if column else None for column in completed]


def _known(scale: Scale, uri: str) -> Launch:
    """Return the launch over a store that was opened before."""
    cache = cached_stores.make_empty_folder(scale, "cache-launch-known")
    command = [sys.executable, "-m", "qtui", "--uri", uri, "runs", "--limit", "1"]
    subprocess.run(
        command,
        env={**os.environ, **xdg_variables(cache)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return Launch([sys.executable, "-m", "qtui", "--uri", uri], [b"run-"], xdg_variables(cache))


def _new(scale: Scale, uri: str) -> Launch:
    """Return the launch over a store that was never opened."""
    name = "cache-launch-new"
    environment = xdg_variables(cached_stores.make_empty_folder(scale, name))
    words = [sys.executable, "-m", "qtui", "--uri", uri]
    return Launch(words, [b"run-"], environment, lambda: cached_stores.make_empty_folder(scale, name))


def _leet(scale: Scale) -> Launch | None:
    """Return the launch of W&B LEET until the first chart of a run; None if it is not installed."""
    run = wandb_peer.offline_run(scale)
    if run is None:
        sys.stderr.write(f"W&B LEET is left out; {wandb_peer.INSTALL_OPTION} installs it into {scale.folder}.\n")
        return None
    home = {"HOME": str(scale.folder.absolute() / "wandb")}
    return Launch([str(wandb_peer.wandb_path(scale)), "leet", str(run)], [b"metric_0", "⠤".encode()], home)


def xdg_variables(folder: Path) -> dict[str, str]:
    """Return the environment variables that put cache, state and config into a folder."""
    return {f"XDG_{name}_HOME": str(folder.absolute()) for name in ("CACHE", "STATE", "CONFIG")}


def _server_and_search(database: Path) -> float | None:
    """Return the seconds until `mlflow server` answers its first search of runs; None if it never does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    words += ["--backend-store-uri", f"sqlite:///{database.absolute()}"]
    started = perf_counter()
    with subprocess.Popen(
        words,
        env={**os.environ, **MLFLOW_VARIABLES},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        try:
            has_runs = _search(f"http://127.0.0.1:{port}")
        finally:
            os.killpg(server.pid, signal.SIGKILL)
    return perf_counter() - started if has_runs else None


def _search(address: str) -> bool:
    """Search runs until the server answers; return whether it did."""
    body = json.dumps({"experiment_ids": ["1", "2", "3", "4", "5"], "max_results": 50}).encode()
    request = urllib.request.Request(
        f"{address}/api/2.0/mlflow/runs/search", body, {"Content-Type": "application/json"}
    )
    deadline = monotonic() + TIMEOUT_S
    while monotonic() < deadline:
        with (
            suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(request, timeout=TIMEOUT_S) as response,
        ):
            return bool(json.load(response)["runs"])
        sleep(0.05)
    return False
