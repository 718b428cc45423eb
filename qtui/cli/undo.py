"""`qtui undo`, `redo` and `log`: the journal of edits."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from qtui import stderr
from qtui.cli.editing import JsonOption, report, run_with_progress

Number = Annotated[int | None, typer.Argument(metavar="[EDIT]", help="The number of an edit in qtui log.")]


def undo(ctx: typer.Context, number: Number = None, json: JsonOption = False) -> None:
    """Undo the last edit.

    Values that somebody changed after the edit are not undone; the command reports them.
    """
    with ctx.obj.library() as library:
        report(run_with_progress(library.undo_steps(number)), as_json=json)


def redo(ctx: typer.Context, number: Number = None, json: JsonOption = False) -> None:
    """Redo the edit that was undone last."""
    with ctx.obj.library() as library:
        report(run_with_progress(library.redo_steps(number)), as_json=json)


def log(
    ctx: typer.Context,
    limit: Annotated[int | None, typer.Option(min=0, help="The most edits to list.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """List the edits of this store, the last first."""
    from qtui.cli.formats import write_json_array

    with ctx.obj.library() as library:
        entries = library.journal()[::-1][:limit]
    if json:
        write_json_array(entry_json(entry) for entry in entries)
    elif entries:
        _write_table(entries)
    else:
        stderr.print_message("There are no edits.")


def entry_json(entry: Any) -> dict[str, Any]:
    """Return an edit of the journal."""
    fields = ("number", "time", "command", "summary", "count", "state")
    return {field: getattr(entry, field) for field in fields}


def _write_table(entries: Any) -> None:
    from qtui.cli.table import Column, lines
    from qtui.cli.terminal import detect_terminal, write_lines
    from qtui.formatting import format_age, format_time, now_ms
    from qtui.text import display

    terminal, now = detect_terminal(), now_ms()
    is_live = terminal.width is not None
    times = [format_age(entry.time, now) if is_live else format_time(entry.time) for entry in entries]
    columns = [
        Column("edit", [str(entry.number) for entry in entries], ">", can_be_cut=False),
        Column("when", times, can_be_cut=False),
        Column("what", [display(entry.summary) for entry in entries]),
        Column("by", [display(entry.command) for entry in entries], is_optional=True),
        Column("state", [entry.state for entry in entries], can_be_cut=False),
    ]
    write_lines(lines(columns, terminal))
