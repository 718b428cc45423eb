"""Git's reports of uncommitted code; none outside of a work tree or without git."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Timer

logger = logging.getLogger(__name__)

REPORTS: Mapping[str, tuple[str, ...]] = {
    "code_diff.txt": ("diff", "--no-ext-diff"),
    "code_status.txt": ("status",),
    "code_cached.txt": ("diff", "--no-ext-diff", "--cached"),
}
"""The git commands by Qlib's file names."""

MAX_REPORT_BYTES = 10 << 20
"""Size at which a report is truncated."""
GIT_TIMEOUT_S = 30.0


def reports(folder: Path, max_bytes: int = MAX_REPORT_BYTES) -> Iterator[tuple[str, bytes]]:
    """Yield the reports by file name, in the encoding of the code."""
    if not in_work_tree(folder):
        return
    for name, arguments in REPORTS.items():
        output = git(folder, *arguments, max_bytes=max_bytes)
        if output is not None:
            yield name, output


def commit(folder: Path) -> str:
    """Return the ID of the commit that is checked out; empty if there is none."""
    return (git(folder, "rev-parse", "--verify", "--quiet", "HEAD", max_bytes=100) or b"").decode().strip()


def in_work_tree(folder: Path) -> bool:
    """Return whether the folder is in a work tree of git."""
    return (git(folder, "rev-parse", "--is-inside-work-tree", max_bytes=100) or b"").strip() == b"true"


def git(
    folder: Path,
    *arguments: str,
    max_bytes: int,
    timeout_s: float = GIT_TIMEOUT_S,
    environ: Mapping[str, str] = os.environ,
) -> bytes | None:
    """Return the output of git, truncated to `max_bytes`; None if git is missing, fails or takes too long."""
    command = ["git", "--no-pager", "--no-optional-locks", *arguments]
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environ, "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        logger.debug("Cannot run git: %s", error)
        return None
    with process:
        deadline = Timer(timeout_s, process.kill)
        # An interrupt or the exit of the process must not wait for the timer.
        deadline.daemon = True
        deadline.start()
        try:
            output = process.stdout.read(max_bytes + 1) if process.stdout else b""
        except BaseException:
            process.kill()
            raise
        finally:
            deadline.cancel()
        if len(output) > max_bytes:
            process.kill()
            return output[:max_bytes] + f"\n[truncated after {max_bytes} bytes]\n".encode()
    return output if process.returncode == 0 else None
