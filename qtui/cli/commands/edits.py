"""`qtui tag`, `rename`, `note`, `delete`, `restore` and `finish`: edits of runs and experiments that can be undone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qtui.cli.editing import (
    DryRunOption,
    ExperimentOption,
    FilterOption,
    JsonOption,
    Runs,
    choose_items,
    edit_items,
    target_json,
)
from qtui.entities import NOTE_TAG, Status, ViewType
from qtui.errors import UsageError

if TYPE_CHECKING:
    from qtui.recorder import Library
    from qtui.store.edits import Edit, Item

COMMANDS = ("tag", "rename", "note", "delete", "restore", "finish")


def tag(
    ctx: typer.Context,
    args: Annotated[list[str], typer.Argument(metavar="[RUN]... [KEY=VALUE]...", help="Runs, and tags to set.")],
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="KEY", help="Remove a tag; repeatable.")
    ] = None,
    filter: FilterOption = "",
    experiment: ExperimentOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Set or remove tags of runs or experiments.

    Arguments with a = are tags. If the name of a run contains a =, use its ID.
    """
    from qtui.store.edits import DropTags, SetTags

    tags = dict(arg.split("=", 1) for arg in args if "=" in arg)
    if not tags and not remove:
        raise UsageError("Give a tag as KEY=VALUE, or --remove KEY.")
    runs = [arg for arg in args if "=" not in arg]
    with ctx.obj.library() as library:
        items = choose_items(library, runs, filter, experiment or ())
        edits: list[Edit] = [SetTags(items, tags)] if tags else []
        edits += [DropTags(items, remove)] if remove else []
        edit_items(library, edits, "tag", dry_run=dry_run, as_json=json)


def rename(
    ctx: typer.Context,
    args: Annotated[list[str], typer.Argument(metavar="[RUN]... NAME", help="Runs, and their new name.")],
    filter: FilterOption = "",
    experiment: Annotated[
        str | None, typer.Option("--experiment", metavar="EXP", help="The experiment; with --filter, its runs.")
    ] = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Rename runs or an experiment.

    The name of several runs needs {n}, which becomes 1, 2, 3 ... in the order of the runs.
    """
    from qtui.store.edits import NUMBER_SIGN, Rename, numbered_names

    *runs, name = args
    with ctx.obj.library() as library:
        items = choose_items(library, runs, filter, [experiment] if experiment else [])
        if len(items) > 1 and NUMBER_SIGN not in name:
            raise UsageError(f"Several runs need {NUMBER_SIGN} in the name, which becomes 1, 2, 3 ...")
        edits = [Rename([item], text) for item, text in zip(items, numbered_names(name, len(items)), strict=True)]
        edit_items(library, edits, "rename", dry_run=dry_run, as_json=json)


def note(
    ctx: typer.Context,
    args: Annotated[list[str] | None, typer.Argument(metavar="[RUN] [TEXT|-]", help="A run, and its new note.")] = None,
    filter: FilterOption = "",
    experiment: Annotated[
        str | None, typer.Option("--experiment", metavar="EXP", help="The experiment; with --filter, its runs.")
    ] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Open the note in $VISUAL or $EDITOR.")] = False,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Print or set the note of a run or an experiment.

    Without TEXT the note is printed; - reads it from the standard input, an empty TEXT removes it. Notes are Markdown.
    --filter sets the note of all runs that match.
    """
    from qtui.cli.formats import write_json
    from qtui.cli.terminal import write_data
    from qtui.store.changes import target_of
    from qtui.store.edits import SetNote

    rest = list(args or ())
    runs = [] if experiment or filter else rest[:1]
    texts = rest[len(runs) :]
    if len(texts) > 1 or (texts and edit) or (filter and not texts):
        raise UsageError("Give one RUN, and its note as one TEXT or with --edit; or --filter and a TEXT.")
    with ctx.obj.library() as library:
        items = choose_items(library, runs, filter, [experiment] if experiment else [])
        former = "" if filter else _note_of(library, items)
        if not texts and not edit:
            if json:
                write_json({**target_json(target_of(items[0])), "note": former})
            else:
                write_data(f"{former}\n" if former and not former.endswith("\n") else former)
            return
        text = _edited_text(former) if edit else sys.stdin.read() if texts == ["-"] else texts[0]
        edit_items(library, [SetNote(items, text)], "note", dry_run=dry_run, as_json=json)


def delete(
    ctx: typer.Context,
    runs: Runs = None,
    filter: FilterOption = "",
    experiment: ExperimentOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Delete runs or experiments, so that they can be restored.

    An experiment is deleted with all its runs. Nothing is removed from the disk before qtui purge.
    """
    from qtui.store.edits import Delete

    with ctx.obj.library() as library:
        items = choose_items(library, runs or (), filter, experiment or ())
        edit_items(library, [Delete(items)], "delete", dry_run=dry_run, as_json=json)


def restore(
    ctx: typer.Context,
    runs: Runs = None,
    filter: FilterOption = "",
    experiment: ExperimentOption = None,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Restore deleted runs, or experiments with all their runs.

    --filter chooses among the deleted runs. qtui runs --view deleted lists them.
    """
    from qtui.store.edits import Restore

    with ctx.obj.library() as library:
        items = choose_items(library, runs or (), filter, experiment or (), ViewType.DELETED)
        edit_items(library, [Restore(items)], "restore", dry_run=dry_run, as_json=json)


def finish(
    ctx: typer.Context,
    runs: Runs = None,
    filter: FilterOption = "",
    experiment: Annotated[
        list[str] | None,
        typer.Option("--experiment", metavar="EXP", help="With --filter or --stale, only its runs. Repeatable."),
    ] = None,
    stale: Annotated[
        bool, typer.Option("--stale", help="Choose all running runs without recent writes and without a process.")
    ] = False,
    status: Annotated[Status, typer.Option(help="The status to set: FINISHED, FAILED or KILLED.")] = Status.KILLED,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """End running runs whose process is gone.

    A run that has not written for the time of the setting stale_after_minutes ends at its last write, others end now.
    --stale leaves out runs whose process exists on this host.
    """
    from qtui.store.edits import split_items

    if stale and (runs or filter):
        raise UsageError("RUN, --filter and --stale are mutually exclusive.")
    if status in (Status.RUNNING, Status.SCHEDULED):
        raise UsageError("Use one of FINISHED, FAILED or KILLED.")
    with ctx.obj.library() as library:
        text = "status = stale" if stale else filter
        infos, _ = split_items(choose_items(library, runs or (), text, (experiment or ()) if text else ()))
        if stale:
            infos = list(library.abandoned(infos))
        edit_items(library, [library.finish_edit(infos, status.value)], "finish", dry_run=dry_run, as_json=json)


def _note_of(library: Library, items: Sequence[Item]) -> str:
    """Return the present note of the only item."""
    from qtui.entities import RunInfo
    from qtui.query.projection import Projection

    (item,) = items
    if not isinstance(item, RunInfo):
        return item.tags.get(NOTE_TAG, "")
    return library.run(item, Projection(tags=frozenset({NOTE_TAG}))).tags.get(NOTE_TAG, "")


def _edited_text(text: str) -> str:
    """Return a note after the user has edited it; raise UsageError if it is the same."""
    from qtui.user_programs import edit_text

    edited = edit_text(text, ".md")
    if edited == text:
        raise UsageError("The note was not changed.")
    return edited
