"""From the start of the program to the first runs on the screen, beside others' first picture of the same.

Ours is measured in a real terminal, from the start of the process to the byte that completes the first name of a run.
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

from tests.bench import kept, wandb_peer
from tests.bench.process import QUIET
from tests.bench.registry import Goal, Row, Scale, bench

COLUMNS, LINES = 200, 55
ANSWERS = {
    b"\x1b[c": b"\x1b[?62;c",
    b"\x1b]11;?": b"\x1b]11;rgb:1414/1717/1c1c\x1b\\",
    b"\x1b]10;?": b"\x1b]10;rgb:d3d3/d8d8/e0e0\x1b\\",
    b"\x1b[6n": b"\x1b[1;1R",
}
"""What a terminal says when it is asked what it is, for its colours, and where the cursor is."""

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
"""The least that a program can do that shows a table of runs with Textual."""

PATIENCE = 120.0
"""Seconds after which something is taken never to come."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A program, and the bytes that end its launch when all of them have been written to its terminal."""

    words: Sequence[str]
    signs: Sequence[bytes]
    environment: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[], object] = lambda: None
    """What is done before each launch."""

    def seconds(self) -> float | None:
        """The seconds from its start to these bytes; None when they do not come."""
        self.prepare()
        begun = perf_counter()
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", **self.environment)
            os.environ.update(COLUMNS=str(COLUMNS), LINES=str(LINES))
            os.execvp(self.words[0], list(self.words))
        try:
            return self._await(terminal, begun)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(terminal)

    def _await(self, terminal: int, begun: float) -> float | None:
        written = b""
        while perf_counter() - begun < PATIENCE and select.select([terminal], [], [], PATIENCE)[0]:
            with suppress(OSError):
                written += (received := os.read(terminal, 1 << 16))
                _answer(terminal, received)
                if all(sign in written for sign in self.signs):
                    return perf_counter() - begun
                continue
            return None
        return None


def _answer(terminal: int, received: bytes) -> None:
    """Answer in their order what programs ask a terminal before they draw."""
    asked = sorted((place, answer) for question, answer in ANSWERS.items() if (place := received.find(question)) >= 0)
    for _, answer in asked:
        os.write(terminal, answer)


@bench("launch")
def launch_bench(scale: Scale) -> Iterator[Row]:
    """The screen over both kinds of stores, known and new; W&B LEET; `mlflow server` and its first search."""
    files, database = kept.file_store(scale), kept.database(scale)
    kept.warm(files)
    served = _server_and_search(database)
    for kind, uri in (("file store", f"file://{files.absolute()}"), ("sqlite", f"sqlite:///{database.absolute()}")):
        programs = (_known(scale, uri), _new(scale, uri), Launch(BARE, [b"run-"]), _leet(scale))
        again, first, bare, leet = _in_turns(scale.rounds, *programs)
        what = f"launch to first runs, {kind}, {scale.size.runs:,} runs, {COLUMNS}x{LINES}"
        yield Row(what, again, "W&B LEET, first chart, 1 run", leet, Goal(1, faster=False))
        yield Row(what, again, "bare Textual app", bare, Goal(1.5, faster=False))
        yield Row(f"{what}, never opened before", first, "W&B LEET, first chart, 1 run", leet, Goal(1, faster=False))
        yield Row(f"{what}, never opened before", first, "bare Textual app", bare, Goal(1.5, faster=False))
        yield Row(f"{what}, never opened before", first, "mlflow server, first search", served)


def _in_turns(rounds: int, *launches: Launch | None) -> list[float | None]:
    """The usual seconds of each, in turns: a busy moment meets them all. None for what is not there or never came."""
    times = [[each.seconds() if each else None for each in launches] for _ in range(rounds)]
    came = [[one for one in column if one is not None] for column in zip(*times, strict=True)]
    return [median(each) if each else None for each in came]


def _known(scale: Scale, uri: str) -> Launch:
    """The screen over a store that was read before."""
    cache = kept.empty_folder(scale, "cache-launch-known")
    command = [sys.executable, "-m", "qtui", "--uri", uri, "runs", "--limit", "1"]
    subprocess.run(
        command,
        env={**os.environ, **world(cache)},
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return Launch([sys.executable, "-m", "qtui", "--uri", uri], [b"run-"], world(cache))


def _new(scale: Scale, uri: str) -> Launch:
    """The screen over a store that it has never seen."""
    name = "cache-launch-new"
    environment = world(kept.empty_folder(scale, name))
    words = [sys.executable, "-m", "qtui", "--uri", uri]
    return Launch(words, [b"run-"], environment, lambda: kept.empty_folder(scale, name))


def _leet(scale: Scale) -> Launch | None:
    """W&B LEET until it has drawn the first chart of one run, where it is installed."""
    shown = wandb_peer.run_of(scale)
    if shown is None:
        sys.stderr.write(f"W&B LEET is left out; {wandb_peer.ASK} installs it into {scale.folder}.\n")
        return None
    home = {"HOME": str(scale.folder.absolute() / "wandb")}
    return Launch([str(wandb_peer.leet(scale)), "leet", str(shown)], [b"metric_0", "⠤".encode()], home)


def world(folder: Path) -> dict[str, str]:
    """The variables that keep what a program remembers in a folder."""
    return {f"XDG_{name}_HOME": str(folder.absolute()) for name in ("CACHE", "STATE", "CONFIG")}


def _server_and_search(database: Path) -> float | None:
    """The seconds until `mlflow server` over a copy of the database answers its first search of runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    words += ["--backend-store-uri", f"sqlite:///{database.absolute()}"]
    begun = perf_counter()
    with subprocess.Popen(
        words,
        env={**os.environ, **QUIET},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        try:
            found = _search(f"http://127.0.0.1:{port}")
        finally:
            os.killpg(server.pid, signal.SIGKILL)
    return perf_counter() - begun if found else None


def _search(address: str) -> bool:
    """Whether the server came to answer a search."""
    body = json.dumps({"experiment_ids": ["1", "2", "3", "4", "5"], "max_results": 50}).encode()
    question = urllib.request.Request(
        f"{address}/api/2.0/mlflow/runs/search", body, {"Content-Type": "application/json"}
    )
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        with (
            suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(question, timeout=PATIENCE) as answer,
        ):
            return bool(json.load(answer)["runs"])
        sleep(0.05)
    return False
