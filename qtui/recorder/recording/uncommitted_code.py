"""Code that is not committed, as git tells of it; outside of a work tree, or without git, there is nothing to tell."""

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
"""Qlib's names, and what git is asked for each."""

LARGEST = 10 << 20
"""A report is cut off after so many bytes."""
SLOWEST = 30.0
"""Git is stopped after so long (s)."""


def reports(folder: Path, largest: int = LARGEST) -> Iterator[tuple[str, bytes]]:
    """The reports by name, in whatever encoding the code has."""
    if not in_work_tree(folder):
        return
    for name, question in REPORTS.items():
        answer = git(folder, *question, largest=largest)
        if answer is not None:
            yield name, answer


def commit(folder: Path) -> str:
    """The id of the commit that is checked out."""
    return (git(folder, "rev-parse", "--verify", "--quiet", "HEAD", largest=100) or b"").decode().strip()


def in_work_tree(folder: Path) -> bool:
    """Whether git has a work tree here."""
    return (git(folder, "rev-parse", "--is-inside-work-tree", largest=100) or b"").strip() == b"true"


def git(folder: Path, *arguments: str, largest: int) -> bytes | None:
    """What git says, cut off when it is too much; None when it has nothing to say here."""
    command = ["git", "--no-pager", "--no-optional-locks", *arguments]
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        logger.debug("git cannot be asked: %s", error)
        return None
    with process:
        deadline = Timer(SLOWEST, process.kill)
        # Neither an interrupt nor the end of the program waits for it.
        deadline.daemon = True
        deadline.start()
        try:
            answer = process.stdout.read(largest + 1) if process.stdout else b""
        except BaseException:
            process.kill()
            raise
        finally:
            deadline.cancel()
        if len(answer) > largest:
            process.kill()
            return answer[:largest] + f"\n[cut off after {largest} bytes]\n".encode()
    return answer if process.returncode == 0 else None
