"""`qtui experiments`: the experiments of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qtui import crash
from qtui.cli.session import tell_problems
from qtui.entities import View

if TYPE_CHECKING:
    from qtui.cli.table import Column
    from qtui.entities import Experiment, RunCounts


def experiments(
    ctx: typer.Context,
    view: Annotated[View, typer.Option(help="Which experiments, by their lifecycle.")] = View.ACTIVE,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """List the experiments.

    The newest come first; their runs in that view are counted by status.
    """
    from qtui.entities import RunCounts

    with ctx.obj.library() as library:
        listing = library.experiments(view)
        counts = library.counts(view)
    runs = {each.experiment_id: counts.get(each.experiment_id, RunCounts()) for each in listing.items}
    _write_json(listing.items, runs) if json else _write_table(listing.items, runs, view)
    tell_problems(listing.problems)
    if not listing.items:
        crash.say("There are no experiments.")


def _write_json(found: Sequence[Experiment], runs: Mapping[str, RunCounts]) -> None:
    from qtui.cli.formats import write_json_array
    from qtui.cli.shapes import experiment_shape

    write_json_array(experiment_shape(each, runs[each.experiment_id]) for each in found)


def _write_table(found: Sequence[Experiment], runs: Mapping[str, RunCounts], view: View) -> None:
    from qtui.cli.table import lines
    from qtui.cli.terminal import of_stdout, write_lines

    if found:
        terminal = of_stdout()
        write_lines(lines(_columns(found, runs, view, live=terminal.width is not None), terminal))


def _columns(found: Sequence[Experiment], runs: Mapping[str, RunCounts], view: View, live: bool) -> list[Column]:
    """Name and counts, then what fits of age and id; a status that no run has is left out."""
    from qtui.cli.table import Column
    from qtui.formatting import ABSENT, format_age, format_time, now_ms
    from qtui.text import display

    now = now_ms()
    columns = [Column("experiment", [display(each.name) for each in found])]
    if view is not View.ACTIVE:
        columns.append(Column("stage", [display(each.lifecycle_stage) for each in found]))
    for status in ("total", "running", "scheduled", "finished", "failed", "killed"):
        amounts = [getattr(runs[each.experiment_id], status) for each in found]
        if status == "total" or any(amounts):
            title = "runs" if status == "total" else status
            columns.append(Column(title, [f"{amount:,}" if amount else ABSENT for amount in amounts], ">", cut=False))
    created = [format_age(each.creation_time, now) if live else format_time(each.creation_time) for each in found]
    columns.append(Column("created", created, cut=False, optional=True))
    columns.append(Column("id", [display(each.experiment_id) for each in found], cut=False, optional=True))
    return columns
