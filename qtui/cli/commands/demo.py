"""`qtui demo`: write a sample store and open it."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from typing import Annotated

import typer

from qtui import settings, stderr
from qtui.cli.global_options import GlobalOptions
from qtui.cli.screen import open_screen
from qtui.errors import UsageError
from qtui.formatting import format_count


def demo(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="The folder to write to; by default in the data directory."),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Only write it.")] = False,
) -> None:
    """Write a sample store and open it."""
    from qtui.cli.sample import is_sample
    from qtui.cli.terminal import write_lines
    from qtui.text import display

    path = (to or settings.data_dir() / "demo").absolute()
    if is_sample(path):
        stderr.print_message(f"A sample store already exists in {path}; delete it to recreate it.")
    else:
        _write(path)
    write_lines([display(str(path))])
    stderr.print_message(f"Open it with: qtui {shlex.quote(str(path))}")
    if not no_open:
        _open(path)


def _open(path: Path) -> None:
    """Open the store, or print why the screen cannot be shown in this terminal."""
    from qtui.tui.terminal import terminal_info

    try:
        terminal_info.require_terminal(os.environ)
    except UsageError as error:
        stderr.print_message(f"The store was not opened: {error}")
    else:
        raise typer.Exit(open_screen(GlobalOptions(str(path))))


def _write(path: Path) -> None:
    """Write the store into a temporary folder beside the path, and rename it when it is complete."""
    from qtui.cli.sample import write_damaged_run, write_sample
    from qtui.formatting import now_ms

    is_empty = path.is_dir() and not any(path.iterdir())
    if path.is_symlink() or (path.exists() and not is_empty):
        raise UsageError(f"{path} is not empty and was left alone. Choose another folder: qtui demo --to DIR")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        size = write_sample(unfinished, path, now_ms())
        write_damaged_run(unfinished)
        unfinished.replace(path)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise UsageError(f"The sample store cannot be written to {path}: {error.strerror}.") from error
    runs, experiments = format_count(size.runs, "run"), format_count(size.experiments, "experiment")
    stderr.print_message(f"Wrote {runs} in {experiments}, plus 1 damaged run.")
