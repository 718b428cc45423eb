"""A run as the rows of the details."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from qtui.entities import NOTE_TAG, Artifact, Point, Run, Summary
from qtui.formatting import ABSENT, format_number, format_size
from qtui.query import higher_is_better
from qtui.runs import run_overview
from qtui.runs.run_overview import RunContext
from qtui.value_classes import dataclass

SYSTEM_METRICS = "system/"


@dataclass(frozen=True, slots=True)
class DetailRow:
    """A row: its key, the cells beside the key, and the full value for copying and opening."""

    key: str
    cells: tuple[str, ...] = ()
    value: str = ""
    sort: tuple[float | str, ...] = ()
    """A sort key for each cell; empty to sort by the cells themselves."""

    role: str = "text"
    depth: int = 0
    flat_key: str = ""
    """The key of a row of a tree where it is shown without its parents."""

    target: object = None
    """The target of opening the row, such as a run, an artifact or another tab; None opens the value itself."""
    section: str = ""
    """The tab that the row belongs to, in the stacked rows of another tab; each section has its own columns."""


@dataclass(frozen=True, slots=True)
class DetailColumn:
    """A column beside the keys; where it is narrow, the columns with the highest rank are left out first."""

    title: str
    is_right: bool = True
    rank: int = 0
    role: str = ""
    """The role of its cells; empty for the role of their row."""


TEXT_COLUMNS = (DetailColumn("value", is_right=False),)
METRIC_COLUMNS = (
    DetailColumn("last"),
    DetailColumn("best", rank=2),
    DetailColumn("min", rank=4),
    DetailColumn("max", rank=4),
    DetailColumn("first", rank=5),
    DetailColumn("points", rank=3),
    DetailColumn("NaN/inf", rank=6),
    DetailColumn("curve", is_right=False, rank=1, role="accent"),
)
ARTIFACT_COLUMNS = (DetailColumn("size"),)


def overview_rows(run: Run, context: RunContext, now: int, stale_after: timedelta) -> tuple[DetailRow, ...]:
    """Return the overview of a run; the rows of related runs open them."""
    return tuple(
        DetailRow(row.label, (row.text,), row.value, role=row.role, target=row.run or None)
        for row in run_overview.overview_rows(run, context, now, stale_after)
    )


def text_row(key: str, value: str, role: str = "text") -> DetailRow:
    """Return a row with one cell, which shows the value itself."""
    return DetailRow(key, (value,), value, role=role)


def value_rows(values: Mapping[str, str]) -> tuple[DetailRow, ...]:
    """Return a row for each param or tag; values that are numbers sort as numbers."""
    return tuple(DetailRow(key, (value,), value, sort=(_sort_key(value),)) for key, value in sorted(values.items()))


def tag_rows(run: Run) -> tuple[DetailRow, ...]:
    """Return a row for each tag except the note, which is shown below the overview."""
    return value_rows({key: value for key, value in run.tags.items() if key != NOTE_TAG})


def metric_rows(
    points: Mapping[str, Point], summaries: Mapping[str, Summary], sparklines: Mapping[str, str]
) -> tuple[DetailRow, ...]:
    """Return a row for each metric, system metrics last."""
    keys = sorted(points, key=lambda key: (key.startswith(SYSTEM_METRICS), key))
    return tuple(_metric(key, points[key], summaries.get(key), sparklines.get(key, "")) for key in keys)


def _metric(key: str, last: Point, summary: Summary | None, sparkline: str) -> DetailRow:
    role = "muted" if key.startswith(SYSTEM_METRICS) else "text"
    if summary is None:
        return DetailRow(key, (format_number(last.value), *[""] * 6, ""), repr(last.value), (last.value,), role)
    best = summary.max if higher_is_better(key) else summary.min
    values = (last.value, best, summary.min, summary.max, summary.first)
    texts = (*(ABSENT if value is None else format_number(value) for value in values), str(summary.count))
    non_finite = str(summary.non_finite) if summary.non_finite else ""
    sort = (*(float("nan") if value is None else value for value in values), summary.count, summary.non_finite)
    return DetailRow(key, (*texts, non_finite, sparkline), repr(last.value), sort, role)


def artifact_rows(levels: Mapping[str, Sequence[Artifact]], path: str = "", depth: int = 0) -> Iterator[DetailRow]:
    """Yield the tree of artifacts below a path; `levels` holds the contents of the open folders."""
    for artifact in levels.get(path, ()):
        is_open = artifact.path in levels
        name = artifact.path.rsplit("/", 1)[-1]
        before, after = (f"{'▾' if is_open else '▸'} ", "/") if artifact.is_dir else ("  ", "")
        yield DetailRow(
            f"{before}{name}{after}",
            ("" if artifact.is_dir else format_size(artifact.size),),
            artifact.path,
            sort=("" if artifact.is_dir or artifact.size is None else float(artifact.size),),
            role="accent" if artifact.is_dir else "text",
            depth=depth,
            flat_key=f"{before}{artifact.path}{after}",
            target=artifact,
        )
        if is_open:
            yield from artifact_rows(levels, artifact.path, depth + 1)


def filter_and_sort(rows: Sequence[DetailRow], column: int | None, search: str) -> tuple[DetailRow, ...]:
    """Return the rows whose key or value contains the search, sorted by a column: the largest number first.

    The rows of a tree lose their parents, and are flat.
    """
    text = search.casefold()
    matches = [row for row in rows if text in row.key.casefold() or text in row.value.casefold()]
    if text or column is not None:
        matches = [replace(row, key=row.flat_key, depth=0) if row.flat_key else row for row in matches]
    if column is not None:
        matches.sort(key=lambda row: _rank(row.sort[column] if column < len(row.sort) else ""))
    return tuple(matches)


def _rank(value: float | str) -> tuple[int, float, str]:
    if isinstance(value, str):
        return (1, 0.0, value) if value else (3, 0.0, "")
    return (2, 0.0, "") if value != value else (0, -value, "")


def _sort_key(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value
