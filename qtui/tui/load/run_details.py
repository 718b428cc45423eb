"""Load one run for the details: its values, its context, its artifacts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from textual.message import Message

from qtui.cancellation import check_cancelled
from qtui.entities import Artifact, LoggedModel, Problem, Run, RunInfo, Summary, ViewType
from qtui.errors import QtuiError
from qtui.recorder import Library
from qtui.runs.run_overview import RunContext
from qtui.tui.load.background import MessageStream
from qtui.tui.load.metric_summaries import MetricSummaries
from qtui.tui.present.details.run_view import RunView
from qtui.value_classes import dataclass

TABLE_SUFFIXES = (".pkl", ".pickle", ".parquet", ".feather", ".npy", ".xlsx", ".zip", ".tar")
"""The ends of names of artifacts that are opened with pandas."""
MIN_BATCH_METRICS, MAX_BATCH_METRICS = 16, 64
"""Metrics that are summarised at once: a few at first, so that they are shown soon."""


@dataclass
class RunLoaded(Message):
    """A run was loaded, or more of it."""

    view: RunView


@dataclass
class ArtifactsLoaded(Message):
    """A folder of a run's artifacts was listed; `failure` says why it could not be."""

    run_id: str
    path: str
    artifacts: tuple[Artifact, ...]
    failure: str = ""


def load_artifacts(library: Library, info: RunInfo, path: str) -> MessageStream:
    """List one folder of a run's artifacts."""
    try:
        listing = library.artifacts(info, path)
    except QtuiError as error:
        yield ArtifactsLoaded(info.run_id, path, (), str(error))
        return
    yield ArtifactsLoaded(info.run_id, path, listing.items)
    prepare_viewers(artifact.path for artifact in listing.items)


def prepare_viewers(paths: Iterable[str]) -> None:
    """Import pandas, which takes up to a second, before a table among these files is opened."""
    if any(path.endswith(TABLE_SUFFIXES) for path in paths):
        import pandas  # noqa: F401


def load_artifact_tree(library: Library, info: RunInfo, path: str) -> MessageStream:
    """List a folder of artifacts and the folders in it."""
    try:
        listing = library.artifacts(info, path, recursive=True)
    except QtuiError as error:
        yield ArtifactsLoaded(info.run_id, path, (), str(error))
        return
    folders: dict[str, list[Artifact]] = {path: []}
    for artifact in listing.items:
        folders.setdefault(artifact.path.rpartition("/")[0], []).append(artifact)
    for folder, artifacts in folders.items():
        yield ArtifactsLoaded(info.run_id, folder, tuple(artifacts))


def load_run(library: Library, summaries: MetricSummaries, info: RunInfo, children: Sequence[RunInfo]) -> MessageStream:
    """Load a run: its values, then its context, then a summary and a sparkline of each metric."""
    try:
        run = library.run(info)
    except QtuiError as error:
        yield RunLoaded(RunView(Run(info), failure=str(error)))
        return
    view = RunView(run, read_context(library, run, children))
    yield RunLoaded(view)
    yield from _load_summaries(summaries, view)


def read_context(library: Library, run: Run, children: Sequence[RunInfo]) -> RunContext:
    """Read what the store holds about a run beside its values."""
    experiments = {experiment.experiment_id: experiment for experiment in library.experiments(ViewType.ALL).items}
    return RunContext(
        experiment=experiments.get(run.info.experiment_id),
        children=tuple(children),
        last_write=library.last_write(run.info),
        artifact_root=library.artifact_root(run.info),
        models=read_models(library, run.info),
    )


def read_models(library: Library, info: RunInfo) -> tuple[LoggedModel, ...]:
    """Return the models that a run has logged; none if they cannot be read, which the artifacts tab says."""
    try:
        return library.logged_models(info).items
    except QtuiError:
        return ()


def _load_summaries(summaries: MetricSummaries, view: RunView) -> MessageStream:
    """Load the run with summaries and sparklines; show it whenever their number has doubled.

    The screen takes time for all metrics at each message, so that there must not be one for every batch.
    """
    by_metric: dict[str, Summary] = {}
    sparklines: dict[str, str] = {}
    problems: list[Problem] = []
    keys = sorted(view.run.metrics)
    count = posted = 0
    while count < len(keys):
        check_cancelled()
        batch = keys[count : count + max(MIN_BATCH_METRICS, min(count, MAX_BATCH_METRICS))]
        for key, metric in summaries.read(view.run.info, batch).items():
            problems += metric.problems
            if metric.summary is not None:
                by_metric[key], sparklines[key] = metric.summary, metric.sparkline
        count += len(batch)
        if count >= 2 * posted or count == len(keys):
            posted = count
            context = replace(view.context, problems=tuple(problems))
            yield RunLoaded(replace(view, summaries=dict(by_metric), sparklines=dict(sparklines), context=context))
