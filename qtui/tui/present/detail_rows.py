"""What is known of a run, as rows of short cells: pure, for the details to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from qtui.entities import (
    GIT_COMMIT_TAG,
    NOTE_TAG,
    PARENT_RUN_TAG,
    SOURCE_NAME_TAG,
    Artifact,
    Experiment,
    Point,
    Problem,
    Run,
    RunInfo,
    Status,
    Summary,
)
from qtui.figures import ABSENT, age, duration, moment, number, size, status
from qtui.query import higher_is_better
from qtui.recorder.reading.health import is_stale

SYSTEM_METRICS = "system/"

STATUS_ROLES = {
    Status.RUNNING.value: "accent",
    Status.FINISHED.value: "good",
    Status.FAILED.value: "error",
    Status.KILLED.value: "warning",
    Status.SCHEDULED.value: "muted",
}
"""The colour of each status, beside its sign and word."""


@dataclass(frozen=True, slots=True)
class DetailRow:
    """A row: what it is called, what is shown beside that, and the whole value for copying and opening."""

    key: str
    cells: tuple[str, ...] = ()
    value: str = ""
    sort: tuple[float | str, ...] = ()
    """What to sort by, a value for each cell; without one the cells themselves."""

    role: str = "text"
    depth: int = 0
    target: object = None
    """What opening leads to: a run, a folder."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column beside the key; those with a higher rank go first where it is narrow."""

    title: str
    right: bool = True
    rank: int = 0
    role: str = ""
    """The colour of its cells; without one they have that of their row."""


TEXT_COLUMNS = (Column("value", right=False),)
METRIC_COLUMNS = (
    Column("last"),
    Column("best", rank=2),
    Column("min", rank=4),
    Column("max", rank=4),
    Column("first", rank=5),
    Column("points", rank=3),
    Column("NaN/inf", rank=6),
    Column("course", right=False, rank=1, role="accent"),
)
ARTIFACT_COLUMNS = (Column("size"),)


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the overview tells of a run that the run itself does not hold."""

    experiment: Experiment | None = None
    children: tuple[RunInfo, ...] = ()
    problems: tuple[Problem, ...] = ()
    last_write: int | None = None
    artifact_location: str = ""
    """The folder or URI of the artifacts, with the recorded one where they were moved."""


def overview(run: Run, around: RunContext, now: int, silence: timedelta) -> tuple[DetailRow, ...]:
    """Status, times, origin, relatives, datasets, and what is wrong."""
    rows = [*_state(run.info, around, now, silence), *_origin(run, around), *_relatives(run, around)]
    rows += [_dataset(each.name, each.digest, each.tags) for each in run.inputs]
    rows += [
        DetailRow("damaged", (each.reason,), f"{each.path}: {each.reason}", role="error") for each in around.problems
    ]
    return tuple(rows)


def _state(info: RunInfo, around: RunContext, now: int, silence: timedelta) -> Iterator[DetailRow]:
    deleted = "" if info.lifecycle_stage == "active" else f", {info.lifecycle_stage}"
    yield fact("status", status(info.status) + deleted, role=STATUS_ROLES.get(info.status, "text"))
    if around.last_write is not None and is_stale(info, around.last_write, now, silence):
        yield fact("stale", f"silent for {duration(now - around.last_write)}: it may have died", role="warning")
    yield fact("started", when(info.start_time, now))
    if info.end_time is not None:
        yield fact("last ended" if info.status == Status.RUNNING else "ended", when(info.end_time, now))
    yield fact("duration", duration(info.duration(now)))


def _origin(run: Run, around: RunContext) -> Iterator[DetailRow]:
    yield fact("run id", run.info.run_id)
    yield fact("experiment", around.experiment.name if around.experiment else run.info.experiment_id)
    for label, value in (
        ("user", run.info.user),
        ("source", run.tags.get(SOURCE_NAME_TAG, "")),
        ("commit", run.tags.get(GIT_COMMIT_TAG, "")),
        ("artifacts", around.artifact_location or run.info.artifact_uri),
    ):
        if value:
            yield fact(label, value)


def _relatives(run: Run, around: RunContext) -> Iterator[DetailRow]:
    parent = run.tags.get(PARENT_RUN_TAG)
    if parent:
        yield DetailRow("parent", (parent,), parent, target=parent)
    for child in around.children:
        yield DetailRow("child", (f"{child.name or child.run_id}  {status(child.status)}",), child.run_id, target=child)


def _dataset(name: str, digest: str, tags: Mapping[str, str]) -> DetailRow:
    use = tags.get("mlflow.data.context")
    return fact("dataset", f"{name}  {digest}" + (f"  {use}" if use else ""))


def when(milliseconds: int | None, now: int) -> str:
    """A moment, and how long ago that was, where the moment itself does not say it as well."""
    exact, ago = moment(milliseconds), age(milliseconds, now)
    return exact if exact.startswith(ago) else f"{exact}  {ago}"


def fact(key: str, value: str, role: str = "text") -> DetailRow:
    """A row of one cell that shows the value itself."""
    return DetailRow(key, (value,), value, role=role)


def texts(values: Mapping[str, str]) -> tuple[DetailRow, ...]:
    """Params or tags; what is a number sorts as one."""
    return tuple(DetailRow(key, (value,), value, sort=(_sortable(value),)) for key, value in sorted(values.items()))


def tags(run: Run) -> tuple[DetailRow, ...]:
    """The tags, without the note, which has a place of its own."""
    return texts({key: value for key, value in run.tags.items() if key != NOTE_TAG})


def metrics(
    points: Mapping[str, Point], summaries: Mapping[str, Summary], courses: Mapping[str, str]
) -> tuple[DetailRow, ...]:
    """The metrics: those of the model first, those of the system after them."""
    ordered = sorted(points, key=lambda key: (key.startswith(SYSTEM_METRICS), key))
    return tuple(_metric(key, points[key], summaries.get(key), courses.get(key, "")) for key in ordered)


def _metric(key: str, last: Point, summary: Summary | None, course: str) -> DetailRow:
    role = "muted" if key.startswith(SYSTEM_METRICS) else "text"
    if summary is None:
        return DetailRow(key, (number(last.value), *[""] * 6, ""), repr(last.value), (last.value,), role)
    best = summary.max if higher_is_better(key) else summary.min
    figures = (last.value, best, summary.min, summary.max, summary.first)
    cells = (*(ABSENT if each is None else number(each) for each in figures), str(summary.count))
    strange = str(summary.non_finite) if summary.non_finite else ""
    order = (*(float("nan") if each is None else each for each in figures), summary.count, summary.non_finite)
    return DetailRow(key, (*cells, strange, course), repr(last.value), order, role)


def artifacts(levels: Mapping[str, Sequence[Artifact]], path: str = "", depth: int = 0) -> Iterator[DetailRow]:
    """The tree of artifacts as far as its folders are open: those are the keys of `levels`."""
    for each in levels.get(path, ()):
        is_open = each.path in levels
        name = each.path.rsplit("/", 1)[-1]
        label = f"{'▾' if is_open else '▸'} {name}/" if each.is_dir else f"  {name}"
        amount = "" if each.is_dir else size(each.size)
        yield DetailRow(label, (amount,), each.path, depth=depth, target=each, role="accent" if each.is_dir else "text")
        if is_open:
            yield from artifacts(levels, each.path, depth + 1)


def ordered(rows: Sequence[DetailRow], column: int | None, wanted: str) -> tuple[DetailRow, ...]:
    """The rows that hold what is wanted, in their own order or by a column: numbers first, the greatest at the top."""
    needle = wanted.casefold()
    shown = [each for each in rows if needle in each.key.casefold() or needle in each.value.casefold()]
    if column is not None:
        shown.sort(key=lambda each: _rank(each.sort[column] if column < len(each.sort) else ""))
    return tuple(shown)


def _rank(value: float | str) -> tuple[int, float, str]:
    if isinstance(value, str):
        return (1, 0.0, value) if value else (3, 0.0, "")
    return (2, 0.0, "") if value != value else (0, -value, "")


def _sortable(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value
