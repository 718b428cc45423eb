"""Measures in fresh processes."""

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

from tests.bench.probes import Answer

QUIET = {"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true", "GIT_PYTHON_REFRESH": "quiet"}

ROUNDS = 3
"""How often our side is measured; MLflow's side takes so long that once will do."""


def probe(name: str, small: str, uri: str, *arguments: str) -> tuple[float, Answer]:
    """The seconds that a probe measured in a process of its own, and what it read."""
    command = [sys.executable, "-m", "tests.bench.probes", name, small, uri, *arguments]
    done = subprocess.run(command, env={**os.environ, **QUIET}, check=True, stdout=subprocess.PIPE, text=True)
    seconds, answer = json.loads(done.stdout)
    return seconds, answer


def typical(name: str, small: str, uri: str, *arguments: str) -> tuple[float, Answer]:
    """The median over several processes."""
    measured = [probe(name, small, uri, *arguments) for _ in range(ROUNDS)]
    return median(seconds for seconds, _ in measured), measured[0][1]


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and where it keeps its cache in a round."""

    words: Sequence[str]
    cache: Callable[[int], Path]

    def seconds(self, number: int) -> float:
        """The wall time of one run."""
        environment = {**os.environ, **QUIET, "XDG_CACHE_HOME": str(self.cache(number).absolute())}
        started = perf_counter()
        subprocess.run(self.words, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return perf_counter() - started


def interleaved(rounds: int, *commands: Command) -> list[float]:
    """The median wall time of each command, in turns: a busy moment meets them all, the first round warms."""
    taken = [[command.seconds(number) for command in commands] for number in range(rounds + 1)]
    return [median(times) for times in zip(*taken[1:], strict=True)]


def agree(ours: Answer, theirs: Answer) -> None:
    """Stop when the two did not read the same: their times could not be compared."""
    if ours != theirs:
        raise SystemExit(f"qtui read {ours}, but MLflow read {theirs}.")
