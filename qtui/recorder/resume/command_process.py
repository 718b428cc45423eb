"""Running a command in the foreground under a supervisor."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from qtui.errors import StoreError
from qtui.helper_process import helper_command, receive, send
from qtui.recorder.resume.output_copy import OutputCopy
from qtui.recorder.resume.signal_forwarder import SignalForwarder
from qtui.recorder.resume.supervisor import Job

SUPERVISOR = "qtui.recorder.resume.supervisor"


def run_command(
    uri: str, run_id: str, command: Sequence[str], environ: Mapping[str, str], *, log: bool, folder: Path
) -> int:
    """Run a command inside a run that is RUNNING, set the status of the run at its end, and return its exit code.

    Parameters
    ----------
    uri
        The URI of the store.
    environ
        The environment of the command.
    log
        Whether to save a copy of its output as an artifact.
    folder
        The working directory of the command.
    """
    with open_log(enabled=log) as file:
        output = OutputCopy(file)
        with (
            SignalForwarder(output.resize) as forwarder,
            subprocess.Popen(
                helper_command(SUPERVISOR),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=output.descriptors,
                env=environ,
                cwd=folder,
                process_group=0,
            ) as supervisor,
        ):
            assert supervisor.stdin and supervisor.stdout
            # The pipes break if the supervisor is killed.
            with suppress(EOFError, BrokenPipeError):
                log_name = file.name if file else ""
                job = Job(uri, run_id, tuple(command), output.descriptors, os.getpgrp(), log_name)
                send(supervisor.stdin, tuple(job))
                output.close_descriptors()
                forwarder.begin(receive(supervisor.stdout), supervisor.stdin.fileno())
                output.copy(supervisor.stdout.fileno())
            forwarder.end()
    if supervisor.returncode < 0:
        raise StoreError(
            f"The supervisor of the command was killed, so the run {run_id} stays RUNNING. End it with: "
            f"qtui finish {run_id} --status KILLED"
        )
    return supervisor.returncode


@contextmanager
def open_log(*, enabled: bool) -> Iterator[BinaryIO | None]:
    """Open a private file for the output, which the supervisor removes; None without a log."""
    if not enabled:
        yield None
        return
    with Path(tempfile.mkdtemp(prefix="qtui-"), "output").open("wb", buffering=0) as file:
        yield file
