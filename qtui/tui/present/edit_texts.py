"""Questions and progress of edits as texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from qtui.entities import ExperimentInfo, Problem, RunInfo
from qtui.formatting import format_count, format_size
from qtui.text import display

if TYPE_CHECKING:
    from qtui.recorder.editing.purge import PurgePlan
    from qtui.store.changes import Failure
    from qtui.store.edits import Edit, Item

MAX_NAMES = 5
"""The names that a question lists."""

PURGE_WORD = "purge"
"""The word to type before a purge."""

MAX_PURGE_LINES = 8

PROGRESS_LABELS: Mapping[str, str] = {
    "CreateExperiment": "creating",
    "Delete": "deleting",
    "DropTags": "tagging",
    "Finish": "ending",
    "Rename": "renaming",
    "Restore": "restoring",
    "SetTags": "tagging",
}
"""The labels of the progress of edits by the name of their class."""


def progress_label(edits: Sequence[Edit]) -> str:
    """Return a verb for the progress of edits."""
    labels = {PROGRESS_LABELS.get(type(edit).__name__, "editing") for edit in edits}
    return labels.pop() if len(labels) == 1 else "editing"


def item_name(item: Item) -> str:
    """Return the name of a run or an experiment, or the start of the ID of a run without one."""
    return item.name or (item.run_id[:8] if isinstance(item, RunInfo) else item.experiment_id)


def item_id(item: Item) -> str:
    """Return the ID of a run or an experiment."""
    return item.run_id if isinstance(item, RunInfo) else item.experiment_id


def noun_of(items: Sequence[Item]) -> str:
    """Return "run" or "experiment"."""
    return "experiment" if items and isinstance(items[0], ExperimentInfo) else "run"


def subject(items: Sequence[Item]) -> str:
    """Return a name for items: "run lgb", "3 runs", "2 experiments"."""
    noun = noun_of(items)
    return f"{noun} {display(item_name(items[0]))}" if len(items) == 1 else format_count(len(items), noun)


def delete_question(items: Sequence[Item], advice: str, run_count: int = 0, hidden_count: int = 0) -> tuple[str, str]:
    """Return the title and the text of the question before a deletion.

    `advice` says how to undo it, `run_count` is the number of active runs in the experiments, `hidden_count` that of
    runs that the table does not show.
    """
    runs = f" with {format_count(run_count, 'run')}" if run_count else ""
    return f"Delete {subject(items)}{runs}?", "\n".join((*_details(items, hidden_count), advice))


def hidden_text(hidden_count: int) -> str:
    """Return how many of the marked runs the table does not show, in parentheses; empty for none."""
    return f" ({hidden_count:,} not shown)" if hidden_count else ""


def name_problem(text: str, count: int) -> str | None:
    """Return why a text cannot name this number of items, or None."""
    from qtui.store.edits import NUMBER_SIGN

    if not text.strip():
        return "A name is needed."
    if count > 1 and NUMBER_SIGN not in text:
        return f"Several runs need {NUMBER_SIGN} in the name, which becomes 1, 2, 3 …"
    return None


def failure_problem(failure: Failure) -> Problem:
    """Return a run or experiment that an edit did not change, with the reason, which begins below its folder."""
    target, reason = failure.target, str(failure.error)
    folder, _, rest = reason.partition(f"/{target.run_id or target.experiment_id}/")
    is_below = rest and folder.startswith("/")
    return Problem(str(target), rest if is_below else reason, target.experiment_id, target.run_id)


def finish_refusal(running_count: int, stale_after: timedelta) -> str:
    """Return why none of the selected runs can be ended."""
    if not running_count:
        return "Only running runs can be ended."
    runs, it = ("The run", "it") if running_count == 1 else ("The runs", "them")
    minutes = format_count(stale_after // timedelta(minutes=1), "minute")
    return f"{runs} wrote within the last {minutes} (stale_after_minutes). qtui finish RUN ends {it} anyway."


def _details(items: Sequence[Item], hidden_count: int) -> Iterator[str]:
    if len(items) > 1:
        yield names_of(items)
    if hidden_count:
        yield f"{format_count(hidden_count, 'marked run')} of them not shown in the table."


def names_of(items: Sequence[Item]) -> str:
    """Return the first names of some items, and how many more there are."""
    names = ", ".join(display(item_name(item)) for item in items[:MAX_NAMES])
    more = len(items) - MAX_NAMES
    return f"{names} and {more:,} more" if more > 0 else names


def purge_lines(plan: PurgePlan) -> list[str]:
    """Return what a purge removes: the totals, and the largest runs with their files and bytes."""
    counts = [format_count(len(plan.runs), "run")] if plan.runs else []
    counts += [format_count(len(plan.experiments), "experiment")] if plan.experiments else []
    total = f"{' and '.join(counts)}, {format_count(plan.files, 'artifact file')}, {format_size(plan.size)}"
    lines = [total if counts else "Nothing but leftovers", ""]
    lines += [f"experiment {display(experiment.name)}" for experiment in plan.experiments[:MAX_PURGE_LINES]]
    largest = sorted(plan.runs, key=lambda run: -run.size)[: max(0, MAX_PURGE_LINES + 2 - len(lines))]
    for run in largest:
        files = format_count(run.files, "file")
        lines.append(f"run {display(item_name(run.info))}  {run.info.run_id[:8]}  {files}  {format_size(run.size)}")
    more = len(plan.runs) + len(plan.experiments) - (len(lines) - 2)
    lines += [f"… and {more:,} more"] if more > 0 else []
    lines += [f"and {plan.leftovers:,} leftovers of earlier purges"] if plan.leftovers else []
    lines += [f"Left out: {reason}" for reason in plan.refusals]
    return lines
