"""`qtui get`: download artifacts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from qtui.store.artifacts.download import Transfer


def get(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run ID, the start of one, or EXPERIMENT/NAME.")],
    path: Annotated[str, typer.Argument(metavar="[PATH]", help="A file or directory of artifacts; else all.")] = "",
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The directory to download into.", show_default="., or ./RUN_ID without PATH"),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that exist already.")] = False,
    hidden: Annotated[
        bool | None,
        typer.Option("--hidden/--no-hidden", help="Download hidden files too, or leave them out; else ask."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object with the files.")] = False,
) -> None:
    """Download artifacts of a run.

    PATH is a file or a directory; without it everything is downloaded, into a directory named after the run.
    A file goes to its own path below DIR. An interrupted download is continued by the same command.
    Files in directories are hidden if their name, or that of a directory, begins with a dot.
    """
    with ctx.obj.library() as library:
        info = library.find_run(run)
        path = path.strip("/")
        destination = (Path() if path else Path(info.run_id)) if to is None else to
        transfer = library.download(info, path, destination, overwrite=overwrite)
        if not hidden:
            _leave_out_hidden(transfer, is_decided=hidden is False)
        try:
            _run(transfer)
        except KeyboardInterrupt:
            _say("Interrupted. The same command continues the download.")
            raise
    _report(transfer, as_json=json)
    transfer.check()


def _leave_out_hidden(transfer: Transfer, *, is_decided: bool) -> None:
    """Leave out hidden files, which may be settings that other programs obey, unless the user wants them."""
    from qtui.errors import StoreError
    from qtui.store.artifacts.download import TransferFailure
    from qtui.text import display

    files = transfer.files
    hidden = transfer.leave_out_hidden()
    if not hidden or is_decided:
        return
    if sys.stdin.isatty() and sys.stderr.isatty():
        for file in hidden:
            _say(f"Hidden file: {display(file.target)}")
        if typer.confirm(f"Download them into {display(str(transfer.destination))} too?", err=True):
            transfer.files = files
        return
    transfer.failures += [
        TransferFailure(file.target, StoreError(f"{display(file.target)} is hidden: --hidden downloads it too."))
        for file in hidden
    ]


def _run(transfer: Transfer) -> None:
    """Copy the files; a terminal shows the progress."""
    from qtui.cli.progress_line import ProgressLine

    line = ProgressLine()
    for progress in transfer.run():
        line.update(progress.text)
    line.close()


def _report(transfer: Transfer, *, as_json: bool) -> None:
    from qtui.cli.formats import write_json
    from qtui.formatting import format_count, format_size
    from qtui.text import display

    if as_json:
        write_json(transfer_json(transfer))
        return
    if len(transfer.written) == 1:
        file = transfer.written[0]
        _say(f"Saved {display(str(transfer.destination / file.target))} ({format_size(file.artifact.size)}).")
    elif transfer.written:
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
