"""`qtui purge`: remove deleted runs and experiments for good."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qtui import stderr
from qtui.cli.editing import DryRunOption, JsonOption, Runs, choose_items, run_with_progress, target_json
from qtui.entities import ViewType
from qtui.errors import UsageError

if TYPE_CHECKING:
    from qtui.entities import ExperimentInfo, RunInfo
    from qtui.recorder import Library
    from qtui.recorder.editing.purge import PurgePlan, PurgeResult

WORD = "purge"
"""The word that the user types to confirm."""


def purge(
    ctx: typer.Context,
    runs: Runs = None,
    filter: Annotated[
        str | None, typer.Option("--filter", help="Choose all deleted runs that match, instead of RUN.")
    ] = None,
    experiment: Annotated[
        list[str] | None,
        typer.Option(
            "--experiment",
            metavar="EXP",
            help="A deleted experiment, which frees its name; with --filter, only its runs. Repeatable.",
        ),
    ] = None,
    older_than: Annotated[
        str, typer.Option("--older-than", metavar="TIME", help="Leave out what was deleted since, such as 30d.")
    ] = "",
    dry_run: DryRunOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    json: JsonOption = False,
) -> None:
    """Remove deleted runs and experiments from the disk.

    Without RUN, --filter and --experiment everything that is deleted is removed. This cannot be undone. Of an
    experiment that is not deleted only the deleted runs are removed.
    """
    from qtui.recorder.editing.purge import PurgeResult

    limit = _duration(older_than)
    with ctx.obj.library() as library:
        plan = library.plan_purge(*_chosen(library, runs or (), filter, experiment or ()), limit)
        if not plan:
            if json:
                _write_json(plan, PurgeResult(0, 0, ()))
            stderr.print_message(" ".join(("There is nothing to purge.", *plan.refusals)))
            return
        if not json:
            _list_plan(plan)
        _summarize(plan)
        if dry_run:
            if json:
                _write_json(plan, None)
            return
        if not yes:
            _confirm()
        result = run_with_progress(library.purge_steps(plan, "qtui purge"))
    _report(plan, result, as_json=json)


def _chosen(
    library: Library, runs: Sequence[str], filter: str | None, experiments: Sequence[str]
) -> tuple[list[RunInfo] | None, list[ExperimentInfo] | None]:
    """Return the runs and experiments that the arguments name, None for all."""
    from qtui.store.edits import split_items

    if filter == "":
        raise UsageError("The filter is empty. Leave --filter out to purge everything that is deleted.")
    if not runs and not filter and not experiments:
        return None, None
    return split_items(choose_items(library, runs, filter or "", experiments, ViewType.DELETED))


def _duration(text: str) -> timedelta | None:
    from qtui.query.times import parse_duration

    if not text:
        return None
    duration = parse_duration(text)
    if duration is None:
        raise UsageError(f"--older-than {text!r} is no time such as 30d or 12h.")
    return timedelta(milliseconds=duration)


def _list_plan(plan: PurgePlan) -> None:
    """Print the runs and experiments to remove."""
    from qtui.cli.terminal import write_lines
    from qtui.formatting import format_count, format_size
    from qtui.text import display

    write_lines(display(f"experiment {item.experiment_id}  {item.name}") for item in plan.experiments)
    write_lines(
        display(f"{run.info.run_id}  {run.info.name}  {format_count(run.files, 'file')}, {format_size(run.size)}")
        for run in plan.runs
    )


def _summarize(plan: PurgePlan) -> None:
    """Print the totals of a plan."""
    from qtui.formatting import format_count, format_size
    from qtui.recorder.editing.editor import count_items

    totals = f"{count_items(plan.items)} with {format_count(plan.files, 'artifact')} ({format_size(plan.size)})"
    if plan.leftovers:
        totals += f", and {format_count(plan.leftovers, 'row or folder', 'rows or folders')} that gc left behind"
    stderr.print_message(f"To remove for good: {totals}.")
    for reason in plan.refusals:
        stderr.print_message(f"Left out: {reason}")


def _confirm() -> None:
    """Ask the user to type a word; raise UsageError for another one, or without a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("This cannot be undone. Without a terminal, confirm it with --yes.")
    sys.stderr.write(f"This cannot be undone. Type {WORD} to confirm: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() != WORD:
        raise UsageError("Nothing was removed.")


def _report(plan: PurgePlan, result: PurgeResult, *, as_json: bool) -> None:
    from qtui.formatting import format_count

    if as_json:
        _write_json(plan, result)
    for failure in result.failures:
        stderr.print_message(str(failure.error))
    counts = [format_count(result.experiments, "experiment")] if result.experiments else []
    stderr.print_message(f"{' and '.join([*counts, format_count(result.runs, 'run')])} removed for good.")
    if result.was_cancelled:
        stderr.print_message("Interrupted. The same command continues.")
        raise KeyboardInterrupt
    if result.failures:
        raise typer.Exit(1)


def _write_json(plan: PurgePlan, result: PurgeResult | None) -> None:
    """Write the plan, and after the purge what was not removed."""
    from qtui.cli.formats import write_json
    from qtui.store.changes import target_of

    document: dict[str, Any] = {
        "runs": [{**target_json(target_of(run.info)), "files": run.files, "bytes": run.size} for run in plan.runs],
        "experiments": [experiment.experiment_id for experiment in plan.experiments],
        "leftovers": plan.leftovers,
    }
    if result is not None:
        failed = [{**target_json(failure.target), "reason": str(failure.error)} for failure in result.failures]
        document["failed"] = failed
    write_json(document)
