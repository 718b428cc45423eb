"""The origin of a run, and what has changed since, as labelled texts for the screen and the commands."""

from __future__ import annotations

from collections.abc import Iterator

from qtui.formatting import format_count
from qtui.recorder.resume.code_changes import CodeChanges
from qtui.recorder.resume.origin import RunOrigin

NOT_RECORDED = "not recorded"
SHORT_COMMIT_CHARS = 10
MAX_NAMED_FILES = 3
"""Changed files that are named."""


def origin_rows(origin: RunOrigin, changes: CodeChanges | None = None) -> Iterator[tuple[str, str]]:
    """Yield pairs of label and text; without `changes` they say nothing about the present."""
    if origin.is_running:
        yield "status", running_text(origin, changes)
    yield "command", origin.command or NOT_RECORDED
    if origin.remark:
        yield "note", origin.remark
    yield "folder", folder_text(origin, changes)
    if origin.host:
        is_other = changes is not None and changes.other_host
        yield "host", f"{origin.host}, not this one" if is_other else origin.host
    if origin.commit or (changes is not None and changes.commit):
        yield "commit", commit_text(origin, changes)
    if changes is not None and changes.is_known:
        yield "changes", files_text(changes.changed_files)
    if origin.last_step is not None:
        yield "last step", f"{origin.last_step} of {origin.last_metric}"


def running_text(origin: RunOrigin, changes: CodeChanges | None) -> str:
    """Return whether a running run has a process that may log into it."""
    if changes is not None and changes.process_has_ended:
        return "RUNNING, but its process has ended"
    where = f" ({origin.process})" if origin.process else ""
    return f"RUNNING: its process{where} may still log into it"


def folder_text(origin: RunOrigin, changes: CodeChanges | None) -> str:
    """Return the folder, and whether it is missing."""
    if not origin.folder:
        return NOT_RECORDED
    is_missing = changes is not None and changes.folder_is_missing
    return f"{origin.folder}, which does not exist any more" if is_missing else origin.folder


def commit_text(origin: RunOrigin, changes: CodeChanges | None) -> str:
    """Return the commit of the run, and the one that is checked out now."""
    before = origin.commit[:SHORT_COMMIT_CHARS] or NOT_RECORDED
    if changes is None or not changes.commit:
        return before
    now = changes.commit[:SHORT_COMMIT_CHARS]
    if changes.commit == origin.commit:
        return f"{before}, still checked out"
    later = "" if changes.later_commits is None else f", {format_count(changes.later_commits, 'commit')} later"
    return f"{before}; now {now}{later}"


def files_text(files: tuple[str, ...]) -> str:
    """Return the number of uncommitted files and the names of some."""
    if not files:
        return "no uncommitted files"
    more = ", …" if len(files) > MAX_NAMED_FILES else ""
    return f"{format_count(len(files), 'uncommitted file')}: {', '.join(files[:MAX_NAMED_FILES])}{more}"
