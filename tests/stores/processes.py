"""Start the tasks of `tests.stores.tasks` in processes."""

from __future__ import annotations

import os
import subprocess

from tests.stores.conftest import ROOT, run_module


def start_task(task: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a process that does one of the tasks."""
    command = run_module("tests.stores.tasks", task, *map(str, arguments))
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ)


def run_together(processes: list[subprocess.Popen[str]]) -> list[str]:
    """Let the processes begin at the same time; return the answer of each."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.communicate()[0].strip() for process in processes]
