"""`qtui experiments`: the experiments of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qtui import stderr
from qtui.cli.global_options import report_problems
from qtui.entities import ViewType

if TYPE_CHECKING:
    from qtui.cli.table import Column
    from qtui.entities import ExperimentInfo, RunCounts


def experiments(
    ctx: typer.Context,
    view: Annotated[ViewType, typer.Option(help="Experiments to list, by lifecycle stage.")] = ViewType.ACTIVE,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
) -> None:
    """List the experiments.

    The newest come first; their runs in that view are counted by status.
    """
    from qtui.entities import RunCounts

    with ctx.obj.library() as library:
        listing = library.experiments(view)
        counts = library.counts(view)
        others = listing.items or library.experiments(ViewType.ALL).items
    runs = {experiment.experiment_id: counts.get(experiment.experiment_id, RunCounts()) for experiment in listing.items}
    _write_json(listing.items, runs) if json else _write_table(listing.items, runs, view)
    report_problems(listing.problems)
    if not listing.items:
        stderr.print_message(f"There are no {view} experiments." if others else "There are no experiments.")


def _write_json(experiments: Sequence[ExperimentInfo], runs: Mapping[str, RunCounts]) -> None:
    from qtui.cli.formats import write_json_array
    from qtui.cli.json_objects import experiment_json

    write_json_array(experiment_json(experiment, runs[experiment.experiment_id]) for experiment in experiments)


def _write_table(experiments: Sequence[ExperimentInfo], runs: Mapping[str, RunCounts], view: ViewType) -> None:
    from qtui.cli.table import lines
    from qtui.cli.terminal import detect_terminal, write_lines

    if experiments:
        terminal = detect_terminal()
        write_lines(lines(_columns(experiments, runs, view, live=terminal.width is not None), terminal))


def _columns(
    experiments: Sequence[ExperimentInfo], runs: Mapping[str, RunCounts], view: ViewType, live: bool
) -> list[Column]:
    """Return the columns: name and counts, then age and ID if they fit; without statuses that no run has."""
    from qtui.cli.table import Column
    from qtui.formatting import ABSENT, format_age, format_time, now_ms
    from qtui.text import display

    now = now_ms()
    columns = [Column("experiment", [display(experiment.name) for experiment in experiments])]
    if view is not ViewType.ACTIVE:
        columns.append(Column("stage", [display(experiment.lifecycle_stage) for experiment in experiments]))
    for status in ("total", "running", "scheduled", "finished", "failed", "killed"):
        numbers = [getattr(runs[experiment.experiment_id], status) for experiment in experiments]
        if status == "total" or any(numbers):
            title = "runs" if status == "total" else status
            columns.append(
                Column(title, [f"{number:,}" if number else ABSENT for number in numbers], ">", can_be_cut=False)
            )
    created = [
        format_age(experiment.creation_time, now) if live else format_time(experiment.creation_time)
        for experiment in experiments
    ]
    columns.append(Column("created", created, can_be_cut=False, is_optional=True))
    columns.append(
        Column(
            "id", [display(experiment.experiment_id) for experiment in experiments], can_be_cut=False, is_optional=True
        )
    )
    return columns
