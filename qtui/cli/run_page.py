"""The text that `qtui show` prints for a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from qtui.cli import table
from qtui.cli.json_objects import run_name
from qtui.cli.status import STATUS_STYLES, status_text
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
MAX_KEY_CELLS = 40
"""The greatest width of the key column; a longer key moves only its own value."""
OVERVIEW_TAGS = {RUN_NAME_TAG, USER_TAG, SOURCE_NAME_TAG, GIT_COMMIT_TAG, PARENT_RUN_TAG, NOTE_TAG}
"""Tags that the overview or the note shows."""


def lines(run: Run, experiments: Mapping[str, str], root: ArtifactRoot, terminal: Terminal) -> Iterator[str]:
    """Return the lines of the page."""
    status = terminal.paint(status_text(run.info.status, terminal), STATUS_STYLES.get(run.info.status, ""))
    yield f"{terminal.paint(display(run_name(run)) or run.info.run_id, 'strong')}  {status}"
    yield from _pairs((name, value) for name, value in _overview(run, experiments, root) if value)
    for title, body in (
        ("Note", _note(run)),
        (f"Params ({len(run.params)})", _pairs(sorted(run.params.items()))),
        (f"Metrics ({len(run.metrics)})", _metrics(run)),
        (f"Datasets ({len(run.inputs)})", _pairs(map(_dataset, run.inputs))),
        ("Tags", _pairs(sorted((key, value) for key, value in run.tags.items() if key not in OVERVIEW_TAGS))),
    ):
        yield from _section(title, list(body), terminal)
    if terminal.width is not None:
        run_id = run.info.run_id[:8]
        yield terminal.paint(f"\nMore: qtui history {run_id} KEY, qtui artifacts {run_id} -r", "dim")


def _overview(run: Run, experiments: Mapping[str, str], root: ArtifactRoot) -> Iterator[tuple[str, str]]:
    """Return the attributes of the run."""
    info, now = run.info, now_ms()
    yield "run", info.run_id
    yield "experiment", experiments.get(info.experiment_id, info.experiment_id)
    if info.lifecycle_stage != View.ACTIVE:
        yield "stage", info.lifecycle_stage
    yield "started", _time_and_age(info.start_time, now)
    yield "last ended" if info.status == Status.RUNNING else "ended", _time_and_age(info.end_time, now)
    yield "duration", format_duration(info.duration(now))
    yield "user", info.user or run.tags.get(USER_TAG, "")
    yield "source", redact(run.tags.get(SOURCE_NAME_TAG, ""))
    yield "commit", run.tags.get(GIT_COMMIT_TAG, "")
    yield "parent", run.tags.get(PARENT_RUN_TAG, "")
    yield "artifacts", redact(root.recorded)
    if root.moved:
        yield "now in", str(root.folder)


def _time_and_age(milliseconds: int | None, now: int) -> str:
    """Return a time and its age; only the time if the age is a date too."""
    time = format_time(milliseconds)
    age = format_age(milliseconds, now)
    return f"{time}, {age}" if age not in time else time


def _section(title: str, body: list[str], terminal: Terminal) -> Iterator[str]:
    """Return a section with its title; nothing if it is empty."""
    if body:
        yield ""
        yield terminal.paint(title, "strong")
        yield from body


def _pairs(items: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Return keys and values in two columns."""
    pairs = [(display(key), display(value)) for key, value in items]
    key_cells = min(MAX_KEY_CELLS, max((width(key) for key, _ in pairs), default=0))
    for key, value in pairs:
        yield f"{MARGIN}{pad(key, key_cells)}  {value}".rstrip()


def _note(run: Run) -> Iterator[str]:
    """Return the lines of the note."""
    note = run.tags.get(NOTE_TAG, "").strip()
    return (f"{MARGIN}{line}" for line in display(note, one_line=False).splitlines())


def _metrics(run: Run) -> Iterator[str]:
    """Return a table of the metrics with their latest value and its step."""
    points = sorted(run.metrics.items())
    if points:
        columns = (
            Column("metric", [display(key) for key, _ in points]),
            Column("latest", [format_number(point.value) for _, point in points], ">"),
            Column("step", [str(point.step) for _, point in points], ">"),
        )
        yield from (f"{MARGIN}{line}" for line in table.lines(columns, Terminal()))


def _dataset(dataset: DatasetInput) -> tuple[str, str]:
    """Return the name of a dataset, and its properties."""
    context = dataset.tags.get("mlflow.data.context", "")
    properties = (context, dataset.digest, dataset.source_type, redact(dataset.source))
    return dataset.name, "  ".join(part for part in properties if part)
