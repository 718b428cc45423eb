"""`qtui undo`, `redo` and `log`: the journal of edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qtui import stderr
from qtui.cli.editing import JsonOption, report, run_with_progress, target_json

if TYPE_CHECKING:
    from qtui.recorder.editing.journal import JournalEntry
    from qtui.store.changes import Change

COMMANDS = ("undo", "redo", "log")

Number = Annotated[int | None, typer.Argument(metavar="[EDIT]", help="The number of an edit in qtui log.")]


DryRunOption = Annotated[bool, typer.Option("--dry-run", help="List the values to restore, and change nothing.")]


def undo(ctx: typer.Context, number: Number = None, dry_run: DryRunOption = False, json: JsonOption = False) -> None:
    """Undo the last edit.

    Values that somebody changed after the edit are not undone; the command reports them.
    """
    with ctx.obj.library() as library:
        if dry_run:
            _list_changes("undone", *library.plan_undo(number), as_json=json)
            return
        report(run_with_progress(library.undo_steps(number)), as_json=json)


def redo(ctx: typer.Context, number: Number = None, dry_run: DryRunOption = False, json: JsonOption = False) -> None:
    """Redo the edit that was undone last."""
    with ctx.obj.library() as library:
        if dry_run:
            _list_changes("redone", *library.plan_redo(number), as_json=json)
            return
        report(run_with_progress(library.redo_steps(number)), as_json=json)


def log(
    ctx: typer.Context,
    limit: Annotated[int | None, typer.Option(min=0, help="Maximum number of edits to list.")] = None,
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


def _list_changes(verb: str, entry: JournalEntry, changes: Sequence[Change], *, as_json: bool) -> None:
    """Print the values that an undo or redo would replace, run by run."""
    from qtui.cli.formats import write_json_array
    from qtui.cli.terminal import write_lines
    from qtui.text import display

    rows = [(target, _replacements(change)) for change in changes for target in change.targets]
    if as_json:
        write_json_array({**target_json(target), "changes": replacements} for target, replacements in rows)
    else:
        texts = [(target, ", ".join(map(_replacement_text, replacements))) for target, replacements in rows]
        write_lines(
            display(f"{target.run_id or f'experiment {target.experiment_id}'}  {text}") for target, text in texts
        )
    stderr.print_message(f"Would be {verb}: {entry.summary}.")


def _replacements(change: Change) -> list[dict[str, Any]]:
    """Return the fields of a change with the values that it expects and those that it writes."""
    expected = change.expected or {}
    return [{"field": field, "from": expected.get(field), "to": value} for field, value in change.values.items()]


def _replacement_text(replacement: Mapping[str, Any]) -> str:
    """Return "tag team: blue → red"; the value that does not exist is "none"."""
    from qtui.formatting import format_time
    from qtui.store.changes import describe_field

    is_time = replacement["field"].endswith("_time")
    values = [format_time(value) if is_time and value else value for value in (replacement["from"], replacement["to"])]
    before, after = ("none" if value is None else str(value) for value in values)
    return f"{describe_field(replacement['field'])}: {before} → {after}"


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
