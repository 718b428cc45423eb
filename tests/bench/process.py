"""Measures in fresh processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
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


def interleaved(rounds: int, *commands: Sequence[str], environment: dict[str, str]) -> list[float]:
    """The median wall time of each command, run in turns so that a busy moment meets them all."""
    taken: list[list[float]] = [[] for _ in commands]
    for _ in range(rounds):
        for times, command in zip(taken, commands, strict=True):
            started = perf_counter()
            subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
            times.append(perf_counter() - started)
    return [median(times) for times in taken]


def agree(ours: Answer, theirs: Answer) -> None:
    """Stop when the two did not read the same: their times could not be compared."""
    if ours != theirs:
        raise SystemExit(f"qtui read {ours}, but MLflow read {theirs}.")
