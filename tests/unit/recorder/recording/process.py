"""Programs that record, run as processes of their own, and what they leave in the store."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qtui.entities import Run, RunInfo, ViewType
from qtui.store import Store, open_store
from qtui.store.search import collect_batches

PRELUDE = """
import atexit, os, signal, sys, threading, time
from qtui import R
POINTS = 3000
def log(key="loss", points=POINTS):
    for step in range(points):
        R.log_metrics(step=step, **{key: float(step)})
"""


@dataclass(frozen=True)
class Program:
    """The folder and the store of programs that record."""

    folder: Path
    uri: str

    def start(self, body: str, *arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a program of this body."""
        script = self.folder / "train.py"
        new = script.with_name("new.py")
        new.write_text(PRELUDE + textwrap.dedent(body))
        # A program that was started before may not have read the script yet.
        new.replace(script)
        return subprocess.Popen(
            [sys.executable, "train.py", *arguments],
            cwd=self.folder,
            env={**os.environ, "QTUI_URI": self.uri, **(environ or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Under nohup or in some CI runners SIGHUP is ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )

    def run(self, body: str, *arguments: str, environ: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Run a program to its end: its exit code, and what it printed and complained."""
        with self.start(body, *arguments, environ=environ) as process:
            output, stderr = process.communicate(timeout=120)
        return process.returncode, output, stderr

    @property
    def store(self) -> Store:
        """The store that they have recorded into."""
        return open_store(self.uri)

    @property
    def infos(self) -> list[RunInfo]:
        """The runs of all programs, the first one first."""
        infos, problems = collect_batches(self.store.infos(None, ViewType.ALL))
        assert problems == ()
        return sorted(infos, key=lambda info: info.start_time or 0)

    def only(self) -> Run:
        """The one run that there is, with its values."""
        (info,) = self.infos
        (listing,) = self.store.runs([info])
        return listing.items[0]

    def steps(self, key: str = "loss") -> list[int]:
        """The steps that the one run has of a metric, in the order in which they were logged."""
        (info,) = self.infos
        return list(self.store.history(info, key)[0].steps.tolist())
