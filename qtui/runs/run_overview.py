"""The overview of a run, as rows for `qtui show` and for the details."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from qtui import formatting
from qtui.entities import (
    GIT_COMMIT_TAG,
    MODELS_FOLDER,
    PARENT_RUN_TAG,
    SOURCE_NAME_TAG,
    USER_TAG,
    DatasetInput,
    ExperimentInfo,
    LoggedModel,
    Problem,
    Run,
    RunInfo,
    Status,
    ViewType,
)
from qtui.formatting import format_age, format_duration, format_number, format_time
from qtui.recorder.reading.health import STALE_AFTER, is_stale
from qtui.runs.qlib_results import result_rows
from qtui.runs.text_row import TextRow
from qtui.store import ArtifactRoot
from qtui.text import redact
from qtui.value_classes import dataclass

STATUS_ROLES = {
    Status.RUNNING.value: "accent",
    Status.FINISHED.value: "good",
    Status.FAILED.value: "error",
    Status.KILLED.value: "warning",
    Status.SCHEDULED.value: "muted",
}
"""The role of each status, beside its sign and word."""


@dataclass(frozen=True, slots=True)
class RunContext:
    """The context of a run in the store: its experiment, child runs, problems and location."""

    experiment: ExperimentInfo | None = None
    children: tuple[RunInfo, ...] = ()
    problems: tuple[Problem, ...] = ()
    last_write: int | None = None
    artifact_root: ArtifactRoot | None = None
    models: tuple[LoggedModel, ...] = ()


def overview_rows(
    run: Run,
    context: RunContext,
    now: int,
    stale_after: timedelta = STALE_AFTER,
    format_status: Callable[[str], str] = formatting.format_status,
) -> tuple[TextRow, ...]:
    """Return Qlib's results, then status, times, origin, parent and children, datasets, models, and damage.

    `stale_after` is how long a running run may log nothing before it is stale.
    """
    return (
        *result_rows(run.metrics),
        _status(run.info, format_status(run.info.status)),
        *_times(run.info, context, now, stale_after),
        *(TextRow(label, value, value) for label, value in _origin(run, context) if value),
        *_related_runs(run, context),
        *map(_dataset, run.inputs),
        *map(_model, context.models),
        *(
            TextRow("damaged", problem.reason, f"{problem.path}: {problem.reason}", "error")
            for problem in context.problems
        ),
    )


def _status(info: RunInfo, status: str) -> TextRow:
    stage = "" if info.lifecycle_stage == ViewType.ACTIVE else f", {info.lifecycle_stage}"
    return _row("status", status + stage, STATUS_ROLES.get(info.status, "text"))


def _times(info: RunInfo, context: RunContext, now: int, stale_after: timedelta) -> Iterator[TextRow]:
    if context.last_write is not None and is_stale(info, context.last_write, now, stale_after):
        yield _row("stale", f"silent for {format_duration(now - context.last_write)}: it may have died", "warning")
    yield _row("started", format_time_and_age(info.start_time, now))
    if info.end_time is not None:
        label = "last ended" if info.status == Status.RUNNING else "ended"
        yield _row(label, format_time_and_age(info.end_time, now))
    yield _row("duration", format_duration(info.duration(now)))


def _origin(run: Run, context: RunContext) -> Iterator[tuple[str, str]]:
    root = context.artifact_root or ArtifactRoot(run.info.artifact_uri)
    yield "run id", run.info.run_id
    yield "experiment", context.experiment.name if context.experiment else run.info.experiment_id
    yield "user", run.info.user or run.tags.get(USER_TAG, "")
    yield "source", redact(run.tags.get(SOURCE_NAME_TAG, ""))
    yield "commit", run.tags.get(GIT_COMMIT_TAG, "")
    yield "artifacts", str(root.folder) if root.moved else redact(root.recorded)
    yield "moved from", redact(root.recorded) if root.moved else ""


def _related_runs(run: Run, context: RunContext) -> Iterator[TextRow]:
    parent = run.tags.get(PARENT_RUN_TAG)
    if parent:
        yield TextRow("parent", parent, parent, run=parent)
    for child in context.children:
        text = f"{child.name or child.run_id}  {formatting.format_status(child.status)}"
        yield TextRow("child", text, child.run_id, run=child.run_id)


def _dataset(dataset: DatasetInput) -> TextRow:
    context = dataset.tags.get("mlflow.data.context", "")
    parts = (dataset.name, dataset.digest, context, dataset.source_type, redact(dataset.source))
    return TextRow("dataset", "  ".join(part for part in parts if part), dataset_text(dataset))


def dataset_text(dataset: DatasetInput) -> str:
    """Return everything about a dataset as lines: origin, tags, and profile and schema as indented trees."""
    origin = {"name": dataset.name, "digest": dataset.digest, "type": dataset.source_type, "source": dataset.source}
    lines = [f"{key}: {redact(value)}" for key, value in {**origin, **dataset.tags}.items() if value]
    for title, text in (("profile", dataset.profile), ("schema", dataset.schema)):
        lines += ["", f"{title}:", *indented_json(text)] if text else []
    return "\n".join(lines)


def indented_json(text: str) -> list[str]:
    """Return a text in JSON as indented lines; any other text as it is."""
    import json

    try:
        value = json.loads(text)
        return [f"  {line}" for line in json.dumps(value, indent=2, ensure_ascii=False).splitlines()]
    except (ValueError, RecursionError):
        return [f"  {line}" for line in text.splitlines()]


def _model(model: LoggedModel) -> TextRow:
    parts = (model.name, model.status, model.model_type, model.model_id)
    return TextRow("model", "  ".join(part for part in parts if part), model_text(model))


def model_text(model: LoggedModel) -> str:
    """Return everything about a logged model as lines, with the folder of its artifacts."""
    facts = {
        "name": model.name,
        "id": model.model_id,
        "status": model.status,
        "type": model.model_type,
        "created": format_time(model.creation_time),
        "artifacts": f"{MODELS_FOLDER}/{model.model_id}",
        "stored in": redact(model.artifact_location),
    }
    lines = [f"{key}: {value}" for key, value in facts.items() if value]
    metrics = {key: f"{format_number(point.value)}  step {point.step:,}" for key, point in model.metrics.items()}
    for title, values in (("params", model.params), ("metrics", metrics), ("tags", model.tags)):
        lines += ["", f"{title}:", *(f"  {key}: {value}" for key, value in sorted(values.items()))] if values else []
    return "\n".join(lines)


def _row(label: str, text: str, role: str = "text") -> TextRow:
    return TextRow(label, text, text, role)


def format_time_and_age(milliseconds: int | None, now: int) -> str:
    """Return a time and its age, or the time alone where the age says the same."""
    time, time_ago = format_time(milliseconds), format_age(milliseconds, now)
    return time if time.startswith(time_ago) else f"{time}  {time_ago}"
