"""`qtui run` and `qtui resume` as processes of their own, and what they leave in the store."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from qtui.entities import Run, ViewType
from qtui.recorder.recording.mlflow_attachment import mlflow_client
from qtui.store import open_store, open_writer
from qtui.store.edits import Delete, apply_edits
from qtui.store.search import collect_batches

FAST_PYTHON = (sys.executable, "-S", "-E", "-c")
"""An interpreter that starts fast."""

# Python handles a signal that comes just before a read only after it, so that a read alone could wait for ever.
WAIT_FOR_LINE = """
print(os.getpid(), flush=True)
while not select.select([0], [], [], 0.1)[0]:
    pass
sys.exit(int(input() or 0))
"""


class RunCommands:
    """The commands `qtui run` and `qtui resume` on one store."""

    def __init__(self, uri: str, folder: Path) -> None:
        self.uri = uri
        self.folder = folder

    def start(self, *arguments: str, pass_fds: Sequence[int] = ()) -> subprocess.Popen[str]:
        """Start qtui with these arguments."""
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "qtui", "--uri", self.uri, *arguments],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=pass_fds,
            # Under nohup or in some CI runners SIGHUP is ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )

    def call(self, *arguments: str) -> tuple[int, str, str]:
        """Run qtui to its end and return its exit code, stdout and stderr."""
        with self.start(*arguments) as process:
            output, errors = process.communicate(timeout=120)
        return process.returncode, output, errors

    def run_waiting(self, code: str = "", *options: str) -> WaitingCommand:
        """Start a Python program with `qtui run` that executes the code, prints its process ID, and reads a line."""
        program = f"import os, select, signal, sys\n{code}\n{WAIT_FOR_LINE}"
        return WaitingCommand(self.start("run", "exp", *options, "--", *FAST_PYTHON, program))

    def only(self) -> Run:
        """Return the only run of the store as qtui reads it."""
        store = open_store(self.uri)
        (info,), _ = collect_batches(store.infos(None, ViewType.ALL))
        (listing,) = store.runs([info])
        return listing.items[0]

    def delete(self) -> None:
        """Delete the only run."""
        apply_edits(open_writer(self.uri), Delete([self.only().info]))

    def mlflow_run(self) -> Any:
        """Return the only run as MLflow reads it."""
        return mlflow_client(self.uri).get_run(self.only().info.run_id)


class WaitingCommand:
    """A `qtui run` whose command waits for a line."""

    def __init__(self, qtui: subprocess.Popen[str]) -> None:
        self.qtui = qtui
        self.pid = int(pipe(qtui.stdout).readline())
        """The process ID of the command."""

    def go_on(self, exit_code: int = 0) -> None:
        """Let the command exit with this code."""
        stdin = pipe(self.qtui.stdin)
        stdin.write(f"{exit_code}\n")
        stdin.flush()

    def end(self) -> int:
        """Wait until the command, qtui and its supervisor have ended; return the exit code of qtui."""
        # The supervisor has stderr open until its end, even if qtui is killed.
        self.errors = pipe(self.qtui.stderr).read()
        self.output = pipe(self.qtui.stdout).read()
        self.qtui.communicate()
        return self.qtui.returncode


def pipe(stream: IO[str] | None) -> IO[str]:
    """Return a pipe of a process."""
    assert stream is not None
    return stream


def parent_of(pid: int) -> int:
    """Return the process ID of the parent of a process."""
    output = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout
    return int(output)


def exists(pid: int) -> bool:
    """Return whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
