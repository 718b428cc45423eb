"""The difference between the code of a run and the code in its folder now: commits and uncommitted files."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import replace
from pathlib import Path

from qtui.recorder.editing.ended_runs import process_exists
from qtui.recorder.recording import uncommitted_code
from qtui.recorder.resume.origin import RunOrigin
from qtui.value_classes import dataclass

COMMIT = re.compile(r"[0-9a-f]{7,64}")
MAX_GIT_BYTES = 1 << 20
GIT_TIMEOUT_S = 5.0

SAFE_CONFIGURATION = ("-c", "core.fsmonitor=false")
SAFE_ENVIRONMENT = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
"""Without these a repository could make git run programs: the folder is named by the store, which may be hostile."""
STATUS_OPTIONS = ("--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=all", "--no-renames")
STATUS_CHARS = 3
"""Characters before the name of a file."""
USER_SCOPES = ("system", "global")
"""Git's names for the configuration outside of a repository."""


@dataclass(frozen=True, slots=True)
class CodeChanges:
    """The present state of the folder that a run was started in, and of its process."""

    other_host: str = ""
    """The host of the run if it is not this one; its folder is not examined."""
    folder_is_missing: bool = False
    commit: str = ""
    """The commit that is checked out now; empty if unknown."""
    later_commits: int | None = None
    """Commits since that of the run; None if unknown."""
    changed_files: tuple[str, ...] = ()
    """Files that differ from the commit."""
    is_known: bool = False
    """Whether the code could be examined."""
    process_has_ended: bool = False
    """Whether the process that would end the run was on this host and exists no more."""


def code_changes(origin: RunOrigin, host: str | None = None) -> CodeChanges:
    """Examine folder and process of a run; this takes some seconds at most and runs nothing of the folder."""
    host = host or socket.gethostname()
    process_host, _, pid = origin.process.rpartition(":")
    has_ended = process_host == host and pid.isdecimal() and not process_exists(int(pid))
    return replace(folder_changes(origin, host), process_has_ended=has_ended)


def folder_changes(origin: RunOrigin, host: str) -> CodeChanges:
    """Examine the folder of a run if it is on this host."""
    if origin.host and origin.host != host:
        return CodeChanges(other_host=origin.host)
    if not origin.folder:
        return CodeChanges()
    folder = Path(origin.folder)
    if not folder.is_absolute() or not folder.is_dir():
        return CodeChanges(folder_is_missing=True)
    commit = (read_git(folder, "rev-parse", "--verify", "--quiet", "HEAD") or "").strip()
    if not commit:
        return CodeChanges()
    files = changed_files(folder)
    return CodeChanges(
        commit=commit,
        later_commits=count_commits(folder, origin.commit, commit),
        changed_files=files or (),
        is_known=files is not None,
    )


def changed_files(folder: Path) -> tuple[str, ...] | None:
    """Return the files that differ from the commit; None if they cannot be compared safely."""
    if has_own_filters(folder):
        return None
    output = read_git(folder, "status", *STATUS_OPTIONS)
    return None if output is None else tuple(line[STATUS_CHARS:] for line in output.split("\0") if line)


def has_own_filters(folder: Path) -> bool:
    """Return whether a repository configures filters, programs that git runs to compare files, or may do so."""
    output = read_git(folder, "config", "--list", "--show-scope", "--name-only", "-z")
    if output is None:
        return True
    scopes_and_keys = output.split("\0")
    pairs = zip(scopes_and_keys[::2], scopes_and_keys[1::2], strict=False)
    return any(key.startswith("filter.") and scope not in USER_SCOPES for scope, key in pairs)


def count_commits(folder: Path, before: str, now: str) -> int | None:
    """Return the number of commits between two commits; None if one is unknown or is no ancestor of the other."""
    if not COMMIT.fullmatch(before):
        return None
    if read_git(folder, "merge-base", "--is-ancestor", before, now) is None:
        return None
    count = read_git(folder, "rev-list", "--count", f"{before}..{now}")
    return int(count) if count else None


def read_git(folder: Path, *arguments: str) -> str | None:
    """Return the output of git; None if git is missing, fails, or takes too long."""
    output = uncommitted_code.git(
        folder,
        *SAFE_CONFIGURATION,
        *arguments,
        max_bytes=MAX_GIT_BYTES,
        timeout_s=GIT_TIMEOUT_S,
        environ={**os.environ, **SAFE_ENVIRONMENT},
    )
    return None if output is None else output.decode("utf-8", "replace")
