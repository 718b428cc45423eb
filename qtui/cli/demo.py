"""`qtui demo`: a sample store to look at."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from qtui import crash, settings
from qtui.cli.screen import open_screen
from qtui.cli.session import Session
from qtui.errors import UsageError
from qtui.formatting import format_count


def demo(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Where to put it; by default among your data.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Write it alone.")] = False,
) -> None:
    """Write a sample store and open it."""
    from qtui.cli.sample import is_sample
    from qtui.cli.terminal import write_lines
    from qtui.text import display

    place = (to or settings.data_dir() / "demo").absolute()
    if is_sample(place):
        crash.say("There is a sample store already. Delete the folder to have a new one.")
    else:
        _write(place)
    write_lines([display(str(place))])
    crash.say(f"Look into it with: qtui --uri {_quoted(place)} runs")
    if not no_open:
        _open(place)


def _open(place: Path) -> None:
    """Open the store, if this is a terminal: without one it was still worth writing."""
    from qtui.tui.terminal import terminal_info

    try:
        terminal_info.require_terminal(os.environ)
    except UsageError as error:
        crash.say(f"It was not opened. {error}")
    else:
        raise typer.Exit(open_screen(Session(str(place))))


def _write(place: Path) -> None:
    """Write the store beside its place, and put it there when it is whole."""
    from qtui.cli.sample import write_damaged_run, write_sample
    from qtui.formatting import now_ms

    if place.is_symlink() or (place.exists() and not _is_empty(place)):
        raise UsageError(
            f"{place} holds something else, which is left alone. Choose another folder: qtui demo --to DIR"
        )
    unfinished = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        written = write_sample(unfinished, place, now_ms())
        write_damaged_run(unfinished)
        unfinished.replace(place)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise UsageError(f"The sample store cannot be written to {place}: {error.strerror}.") from error
    runs, experiments = format_count(written.runs, "run"), format_count(written.experiments, "experiment")
    crash.say(f"Wrote {runs} in {experiments}, and a damaged one.")


def _is_empty(place: Path) -> bool:
    """Whether this is a folder without anything in it."""
    return place.is_dir() and not any(place.iterdir())


def _quoted(place: Path) -> str:
    """The path as a shell takes it."""
    from shlex import quote

    return quote(str(place))
