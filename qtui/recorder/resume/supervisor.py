"""The process that starts a command inside a run and sets the status of the run when the command ends.

It is neither the process that the user started nor in its process group, so that nothing that ends qtui ends it: not
Ctrl-C, not `kill -9` of qtui, not closing the terminal. The command is in the process group of qtui, where it gets the
keys and signals of the terminal as if the user had started it directly. If the supervisor itself is killed, the run
stays RUNNING; its process tag then names a process that does not exist.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from qtui.helper_process import receive, send
from qtui.recorder.resume.exit_status import exit_code_of
from qtui.stderr import print_message

IGNORED_SIGNALS = (
    *(signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP),
    *(signal.SIGTSTP, signal.SIGTTOU, signal.SIGUSR1, signal.SIGUSR2),
)
NOT_FOUND_EXIT, NOT_EXECUTABLE_EXIT = 127, 126
"""The exit codes of a shell for a command that cannot be started."""


class Job(NamedTuple):
    """A command, its run, and the descriptors and the process group that qtui gives it."""

    uri: str
    run_id: str
    command: tuple[str, ...]
    descriptors: tuple[int, int, int]
    """Descriptors of stdin, stdout and stderr."""
    process_group: int
    log_file: str
    """The file into which qtui copies the output; empty without a log."""


def main() -> None:
    """Run the job that comes in on stdin, report the process ID on stdout, and exit with the command's exit code.

    Closing stdout reports the end of the command. Other bytes on stdin are signals that qtui received; stdin ends when
    qtui has copied all output, or has been killed.
    """
    requests, reports = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What libraries print must not look like a report.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    job = Job(*receive(requests))
    process, exit_code = start(job)
    for number in IGNORED_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    for descriptor in job.descriptors:
        os.close(descriptor)
    with suppress(BrokenPipeError):
        send(reports, process.pid if process else None)
    # Imported now, because before the start it would delay the command.
    from qtui.formatting import now_ms
    from qtui.recorder.resume.supervised_run import SupervisedRun

    run = SupervisedRun(job.uri, job.run_id)
    if process:
        run.record_process()
        exit_code = exit_code_of(process.wait())
    ended_at = now_ms()
    reports.close()
    run.end(exit_code, requests.read(), ended_at)
    if job.log_file:
        run.save_log(Path(job.log_file))
    os._exit(exit_code)


def start(job: Job) -> tuple[subprocess.Popen[bytes] | None, int]:
    """Start the command; if it cannot be started, print why and return the exit code that a shell would use."""
    stdin, stdout, stderr = job.descriptors
    try:
        process = subprocess.Popen(
            job.command, stdin=stdin, stdout=stdout, stderr=stderr, process_group=job.process_group
        )
    except OSError as error:
        print_message(f"{job.command[0]} cannot be started: {error.strerror}.")
        return None, NOT_FOUND_EXIT if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE_EXIT
    return process, 0
