"""The parts that the editing commands share: the choice of runs, the progress, and the report."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from qtui import stderr
from qtui.cancellation import cancelled_when
from qtui.entities import ViewType
from qtui.errors import RunNotFound, UsageError

if TYPE_CHECKING:
    from types import FrameType

    from qtui.entities import RunInfo
    from qtui.recorder import Library
    from qtui.recorder.editing.editor import EditProgress, EditResult
    from qtui.store.changes import Target
    from qtui.store.edits import Edit, Item

T = TypeVar("T")

Runs = Annotated[
    list[str] | None, typer.Argument(metavar="[RUN]...", help="Run IDs, starts of them, or EXPERIMENT/NAME.")
]
FilterOption = Annotated[str, typer.Option("--filter", help="Choose all runs that match, instead of RUN.")]
ExperimentOption = Annotated[
    list[str] | None,
    typer.Option(
        "--experiment", metavar="EXP", help="The experiment itself; with --filter, only its runs. Repeatable."
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="List what would be changed, and change nothing.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print a JSON object with the result.")]


def choose_items(
    library: Library,
    runs: Sequence[str],
    filter: str,
    experiments: Sequence[str],
    view: ViewType = ViewType.ACTIVE,
) -> list[Item]:
    """Return the runs and experiments that the arguments of a command name; raise UsageError for none."""
    if filter:
        if runs:
            raise UsageError("RUN and --filter are mutually exclusive.")
        return [*matching_runs(library, filter, experiments, view)]
    if not runs and not experiments:
        raise UsageError("Name a RUN, or use --filter or --experiment.")
    return [*map(library.find_run, runs), *map(library.find_experiment, experiments)]


def matching_runs(library: Library, filter: str, experiments: Sequence[str], view: ViewType) -> list[RunInfo]:
    """Return the runs that match a filter, in these experiments or in all."""
    from datetime import timedelta

    from qtui import settings
    from qtui.query.projection import NO_VALUES

    silence = timedelta(minutes=settings.current().stale_after_minutes)
    query = library.query(experiments or None, filter, view=view, projection=NO_VALUES, silence=silence)
    runs = library.store.search(query).runs
    if not runs:
        raise RunNotFound(f"No {'deleted ' if view is ViewType.DELETED else ''}run matches the filter.")
    return [run.info for run in runs]


def edit_items(
    library: Library, edits: Sequence[Edit], command: str, *, dry_run: bool = False, as_json: bool = False
) -> None:
    """Apply edits and report the result; with `dry_run` list their items instead."""
    from qtui.recorder.editing.editor import count_items
    from qtui.store.changes import target_of

    if dry_run:
        items = list({target_of(item): item for edit in edits for item in edit.items}.values())
        list_items(items, as_json=as_json)
        stderr.print_message(f"{count_items(items)} would be changed.")
        return
    report(run_with_progress(library.apply_steps(*edits, command=f"qtui {command}")), as_json=as_json)


def list_items(items: Sequence[Item], *, as_json: bool) -> None:
    """Print runs and experiments, one on a line."""
    from qtui.cli.formats import write_json_array
    from qtui.cli.terminal import write_lines
    from qtui.store.changes import target_of
    from qtui.text import display

    if as_json:
        write_json_array({**target_json(target_of(item)), "name": item.name} for item in items)
        return
    targets = [target_of(item) for item in items]
    write_lines(
        display(f"{target.run_id or f'experiment {target.experiment_id}'}  {item.name}".rstrip())
        for target, item in zip(targets, items, strict=True)
    )


def run_with_progress(steps: Generator[EditProgress, None, T]) -> T:
    """Run an edit and show its progress on a terminal; Ctrl-C cancels it."""
    from qtui.cli.progress_line import ProgressLine

    line = ProgressLine()
    try:
        with interruption() as is_interrupted, cancelled_when(is_interrupted):
            while True:
                progress = next(steps)
                line.update(progress.waits_for or f"{progress.done:,} of {progress.total:,}")
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        line.close()


@contextmanager
def interruption() -> Iterator[Callable[[], bool]]:
    """Yield a function that tells whether Ctrl-C was pressed; a second one interrupts at once."""
    pressed: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    former = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, former)


def report(result: EditResult, *, as_json: bool) -> None:
    """Print the result of an edit, and how to revert it; exit with 1 after a failure, interrupt if it was cancelled."""
    from qtui.cli.formats import write_json
    from qtui.recorder.editing.journal import UNDONE

    if as_json:
        write_json(result_json(result))
    for failure in result.failures:
        stderr.print_message(str(failure.error))
    hint = ""
    if result.entry and result.targets:
        hint = " Redo with: qtui redo" if result.entry.state == UNDONE else " Undo with: qtui undo"
    stderr.print_message(f"{'Interrupted. ' if result.was_cancelled else ''}{result.summary}.{hint}")
    if result.was_cancelled:
        raise KeyboardInterrupt
    if result.failures:
        raise typer.Exit(1)


def result_json(result: EditResult) -> dict[str, Any]:
    """Return the result of an edit."""
    return {
        "summary": result.summary,
        "edit": result.entry.number if result.entry else None,
        "changed": [target_json(target) for target in sorted(result.targets)],
        "failed": [{**target_json(failure.target), "reason": str(failure.error)} for failure in result.failures],
    }


def target_json(target: Target) -> dict[str, str | None]:
    """Return a run, or an experiment, whose run ID is null."""
    return {"experiment_id": target.experiment_id, "run_id": target.run_id or None}
