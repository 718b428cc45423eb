"""`qtui get`: download artifacts."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from qtui.store.artifacts.download import Transfer

PROGRESS_INTERVAL_S = 0.1
"""Seconds between two updates of the progress."""


def get(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run id, the start of one, or EXPERIMENT/NAME.")],
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="A file or directory of artifacts; else all.")] = "",
    to: Annotated[Path, typer.Option(metavar="DIR", help="The directory to download into.")] = Path(),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist already.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object with the files.")] = False,
) -> None:
    """Download artifacts of a run.

    PATH is a file or a directory; by default everything is downloaded. A file goes to its own path below DIR.
    An interrupted download is continued by the same command.
    """
    with ctx.obj.library() as library:
        transfer = library.download(library.find_run(run), path.strip("/"), to, overwrite=overwrite)
        try:
            _run(transfer)
        except KeyboardInterrupt:
            _say("Interrupted. The same command continues the download.")
            raise
    _report(transfer, as_json=json)
    transfer.check()


def _run(transfer: Transfer) -> None:
    """Copy the files; a terminal shows the progress."""
    from qtui.text import display, truncate

    shows_progress = sys.stderr.isatty()
    updated_at = 0.0
    for progress in transfer.run():
        if shows_progress and time.monotonic() - updated_at >= PROGRESS_INTERVAL_S:
            updated_at = time.monotonic()
            _write_status(truncate(display(progress.text), _columns() - 1))
    if shows_progress:
        _write_status("")


def _report(transfer: Transfer, *, as_json: bool) -> None:
    from qtui.cli.formats import write_json
    from qtui.formatting import format_count, format_size

    if as_json:
        write_json(transfer_json(transfer))
        return
    if transfer.written:
        size = sum(file.artifact.size or 0 for file in transfer.written)
        _say(f"Saved {format_count(len(transfer.written), 'file')} ({format_size(size)}) in {transfer.destination}.")
    if transfer.present:
        _say(f"{format_count(len(transfer.present), 'file was', 'files were')} complete already.")
    if not transfer.files and not transfer.failures:
        _say("There are no artifacts here.")


def transfer_json(transfer: Transfer) -> dict[str, Any]:
    """Return the files that were saved, those that were complete already, and the failures."""
    states = [*((file, "saved") for file in transfer.written), *((file, "present") for file in transfer.present)]
    files = [
        {
            "path": file.artifact.path,
            "file": str(transfer.destination / file.target),
            "size": file.artifact.size,
            "state": state,
        }
        for file, state in states
    ]
    failed = [{"path": failure.path, "reason": str(failure.error)} for failure in transfer.failures]
    return {"destination": str(transfer.destination), "files": files, "failed": failed}


def _say(sentence: str) -> None:
    from qtui import stderr

    stderr.print_message(sentence)


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size().columns


def _write_status(text: str) -> None:
    sys.stderr.write(f"\r\x1b[K{text}")
    sys.stderr.flush()
