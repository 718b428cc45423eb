"""Measurements in new processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.bench.probes import Digest

MLFLOW_VARIABLES = {
    "MLFLOW_ALLOW_FILE_STORE": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "GIT_PYTHON_REFRESH": "quiet",
}

ROUNDS = 3
"""The number of measurements of qtui; MLflow takes so much longer that one is enough."""


def run_probe(name: str, small: str, uri: str, *arguments: str) -> tuple[float, Digest]:
    """Run a probe in a new process; return its seconds and a digest of what it has read."""
    command = [sys.executable, "-m", "tests.bench.probes", name, small, uri, *arguments]
    environment = {**os.environ, **MLFLOW_VARIABLES}
    process = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    seconds, digest = json.loads(process.stdout)
    return seconds, digest


def median_of_probes(name: str, small: str, uri: str, *arguments: str) -> tuple[float, Digest]:
    """Run a probe several times; return the median of the seconds, and the digest."""
    results = [run_probe(name, small, uri, *arguments) for _ in range(ROUNDS)]
    return median(seconds for seconds, _ in results), results[0][1]


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, and its cache folder by round."""

    words: Sequence[str]
    cache: Callable[[int], Path]

    def seconds(self, round_number: int) -> float:
        """Run the command; return its wall time."""
        cache = str(self.cache(round_number).absolute())
        environment = {**os.environ, **MLFLOW_VARIABLES, "XDG_CACHE_HOME": cache}
        started = perf_counter()
        subprocess.run(self.words, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return perf_counter() - started


def median_times_in_turns(rounds: int, *commands: Command) -> list[float]:
    """Return the median wall time of each command.

    The commands run in turns, so that other load of the machine slows all of them; the first round only warms up.
    """
    times = [[command.seconds(number) for command in commands] for number in range(rounds + 1)]
    return [median(column) for column in zip(*times[1:], strict=True)]


def check_equal_results(ours: Digest, theirs: Digest) -> None:
    """Exit if two programs have not read the same, because their times cannot be compared then."""
    if ours != theirs:
        raise SystemExit(f"qtui read {ours}, but MLflow read {theirs}.")
