"""The text that `qtui show` prints for a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qtui.cli import table
from qtui.cli.table import Column
from qtui.cli.terminal import Terminal
from qtui.entities import (
    GIT_COMMIT_TAG,
    NOTE_TAG,
    PARENT_RUN_TAG,
    RUN_NAME_TAG,
    SOURCE_NAME_TAG,
    USER_TAG,
    Run,
)
from qtui.formatting import format_number, now_ms
from qtui.runs.display_names import run_name
from qtui.runs.run_overview import RunContext, overview_rows
from qtui.runs.text_row import TextRow
from qtui.text import display, pad, width

MARGIN = "  "
MAX_KEY_CELLS = 40
"""The greatest width of the key column; a longer key moves only its own value."""
OVERVIEW_TAGS = {RUN_NAME_TAG, USER_TAG, SOURCE_NAME_TAG, GIT_COMMIT_TAG, PARENT_RUN_TAG, NOTE_TAG}
"""Tags that the overview or the note shows."""


def lines(run: Run, context: RunContext, terminal: Terminal) -> Iterator[str]:
    """Return the lines of the page."""
    yield terminal.paint(display(run_name(run)) or run.info.run_id, "strong")
    rows = overview_rows(run, context, now_ms(), format_status=terminal.format_status)
    yield from _rows(rows, terminal)
    for title, body in (
        ("Note", _note(run)),
        (f"Params ({len(run.params)})", _values(run.params)),
        (f"Metrics ({len(run.metrics)})", _metrics(run)),
        ("Tags", _values({key: run.tags[key] for key in run.tags.keys() - OVERVIEW_TAGS})),
    ):
        yield from _section(title, list(body), terminal)
    if terminal.width is not None:
        run_id = run.info.run_id[:8]
        yield terminal.paint(f"\nMore: qtui history {run_id} KEY, qtui artifacts {run_id} -r", "dim")


def _section(title: str, body: list[str], terminal: Terminal) -> Iterator[str]:
    """Return a section with its title; nothing if it is empty."""
    if body:
        yield ""
        yield terminal.paint(title, "strong")
        yield from body


def _values(values: Mapping[str, str]) -> Iterator[str]:
    """Return the lines of params or tags."""
    return _rows([TextRow(key, values[key]) for key in sorted(values)], Terminal())


def _rows(rows: Sequence[TextRow], terminal: Terminal) -> Iterator[str]:
    """Return labels and texts in two columns."""
    label_cells = min(MAX_KEY_CELLS, max((width(display(row.label)) for row in rows), default=0))
    for row in rows:
        text = terminal.paint(display(row.text), row.role)
        yield f"{MARGIN}{pad(display(row.label), label_cells)}  {text}".rstrip()


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
