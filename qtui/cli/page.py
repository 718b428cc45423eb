"""The page that `qtui show` prints of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from qtui.cli import table
from qtui.cli.shapes import run_name
from qtui.cli.status import STYLE, worded
from qtui.cli.table import Column
from qtui.cli.terminal import Terminal
from qtui.entities import (
    GIT_COMMIT_TAG,
    NOTE_TAG,
    PARENT_RUN_TAG,
    RUN_NAME_TAG,
    SOURCE_NAME_TAG,
    USER_TAG,
    DatasetInput,
    Run,
    Status,
    View,
)
from qtui.formatting import format_age, format_duration, format_number, format_time, now_ms
from qtui.store import ArtifactRoot
from qtui.text import display, pad, redact, width

MARGIN = "  "
WIDEST_KEY = 40
"""Cells of a key beyond which the values of others are not moved to the right for its sake."""
HEADED = {RUN_NAME_TAG, USER_TAG, SOURCE_NAME_TAG, GIT_COMMIT_TAG, PARENT_RUN_TAG, NOTE_TAG}
"""Tags that have a place of their own on the page."""


def lines(run: Run, experiments: Mapping[str, str], root: ArtifactRoot, terminal: Terminal) -> Iterator[str]:
    """The page, line by line."""
    status = terminal.paint(worded(run.info.status, terminal), STYLE.get(run.info.status, ""))
    yield f"{terminal.paint(display(run_name(run)) or run.info.run_id, 'strong')}  {status}"
    yield from _pairs((name, value) for name, value in _facts(run, experiments, root) if value)
    for title, body in (
        ("Note", _note(run)),
        (f"Params ({len(run.params)})", _pairs(sorted(run.params.items()))),
        (f"Metrics ({len(run.metrics)})", _metrics(run)),
        (f"Datasets ({len(run.inputs)})", _pairs(map(_dataset, run.inputs))),
        ("Tags", _pairs(sorted((key, value) for key, value in run.tags.items() if key not in HEADED))),
    ):
        yield from _section(title, list(body), terminal)
    if terminal.width is not None:
        run_id = run.info.run_id[:8]
        yield terminal.paint(f"\nFurther: qtui history {run_id} KEY, qtui artifacts {run_id} -r", "dim")


def _facts(run: Run, experiments: Mapping[str, str], root: ArtifactRoot) -> Iterator[tuple[str, str]]:
    """What is to be said of the run before its values."""
    info, now = run.info, now_ms()
    yield "run", info.run_id
    yield "experiment", experiments.get(info.experiment_id, info.experiment_id)
    if info.lifecycle_stage != View.ACTIVE:
        yield "stage", info.lifecycle_stage
    yield "started", _when(info.start_time, now)
    yield "last ended" if info.status == Status.RUNNING else "ended", _when(info.end_time, now)
    yield "duration", format_duration(info.duration(now))
    yield "user", info.user or run.tags.get(USER_TAG, "")
    yield "source", redact(run.tags.get(SOURCE_NAME_TAG, ""))
    yield "commit", run.tags.get(GIT_COMMIT_TAG, "")
    yield "parent", run.tags.get(PARENT_RUN_TAG, "")
    yield "artifacts", redact(root.recorded)
    if root.moved:
        yield "now in", str(root.folder)


def _when(milliseconds: int | None, now: int) -> str:
    """A time and how long ago it was."""
    shown = format_time(milliseconds)
    ago = format_age(milliseconds, now)
    return f"{shown}, {ago}" if ago not in shown else shown


def _section(title: str, body: list[str], terminal: Terminal) -> Iterator[str]:
    """A titled part of the page, if there is anything in it."""
    if body:
        yield ""
        yield terminal.paint(title, "strong")
        yield from body


def _pairs(items: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names and values in two columns."""
    shown = [(display(key), display(value)) for key, value in items]
    room = min(WIDEST_KEY, max((width(key) for key, _ in shown), default=0))
    for key, value in shown:
        yield f"{MARGIN}{pad(key, room)}  {value}".rstrip()


def _note(run: Run) -> Iterator[str]:
    """The description, as many lines as it has."""
    note = run.tags.get(NOTE_TAG, "").strip()
    return (f"{MARGIN}{line}" for line in display(note, one_line=False).splitlines())


def _metrics(run: Run) -> Iterator[str]:
    """The latest value of every metric, and the step it is of."""
    points = sorted(run.metrics.items())
    if points:
        columns = (
            Column("metric", [display(key) for key, _ in points]),
            Column("latest", [format_number(point.value) for _, point in points], ">"),
            Column("step", [str(point.step) for _, point in points], ">"),
        )
        yield from (f"{MARGIN}{line}" for line in table.lines(columns, Terminal()))


def _dataset(dataset: DatasetInput) -> tuple[str, str]:
    """A dataset's name, and what is known of it."""
    context = dataset.tags.get("mlflow.data.context", "")
    known = (context, dataset.digest, dataset.source_type, redact(dataset.source))
    return dataset.name, "  ".join(part for part in known if part)
