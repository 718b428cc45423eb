"""One run as the details show it: its values, what lies around it, its artifacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.message import Message

from qtui.entities import Artifact, History, Problem, Run, RunInfo, Summary, View
from qtui.errors import QtuiError
from qtui.recorder import ExpManager
from qtui.runs.drawing import sparkline
from qtui.tui.facts import Surroundings
from qtui.tui.pump import Messages
from qtui.tui.run_view import RunView

COURSE = 12
"""How many cells the course of a metric fills."""


@dataclass
class RunRead(Message):
    """One run has been read, or read further."""

    view: RunView


@dataclass
class ArtifactsRead(Message):
    """A folder of a run's artifacts was listed, or could not be."""

    run_id: str
    path: str
    artifacts: tuple[Artifact, ...]
    failure: str = ""


def artifacts(library: ExpManager, info: RunInfo, path: str) -> Messages:
    """One folder of a run's artifacts."""
    try:
        listing = library.artifacts(info, path)
    except QtuiError as error:
        yield ArtifactsRead(info.run_id, path, (), str(error))
        return
    yield ArtifactsRead(info.run_id, path, listing.items)


def details(
    library: ExpManager,
    info: RunInfo,
    children: Sequence[RunInfo],
) -> Messages:
    """One run: its values, then what lies around it, then the course of each metric."""
    try:
        run = library.run(info)
    except QtuiError as error:
        yield RunRead(RunView(Run(info), failure=str(error)))
        return
    view = RunView(run, surroundings(library, run, children))
    yield RunRead(view)
    yield from _courses(library, view)


def surroundings(library: ExpManager, run: Run, children: Sequence[RunInfo]) -> Surroundings:
    """What the store knows of a run beyond the run itself."""
    known = {each.experiment_id: each for each in library.experiments(View.ALL).items}
    root = library.artifact_root(run.info)
    place = f"{root.folder} (moved from {root.recorded})" if root.moved else root.recorded
    return Surroundings(
        experiment=known.get(run.info.experiment_id),
        children=tuple(children),
        last_write=library.last_write(run.info),
        artifacts=place,
    )


def _courses(library: ExpManager, view: RunView) -> Messages:
    """The run with a summary and a sparkline of each metric, a few at a time."""
    summaries: dict[str, Summary] = {}
    drawn: dict[str, str] = {}
    problems: list[Problem] = []
    for number, key in enumerate(sorted(view.run.metrics), 1):
        history, damage = library.history(view.run.info, key)
        problems += damage
        if len(history):
            summaries[key], drawn[key] = history.summary(), course(history)
        if number % 8 == 0 or number == len(view.run.metrics):
            around = replace(view.around, problems=tuple(problems))
            yield RunRead(replace(view, summaries=dict(summaries), courses=dict(drawn), around=around))


def course(history: History) -> str:
    """The course of a metric by step, in one line."""
    order = history.steps.argsort(kind="stable")
    return sparkline(history.values[order].tolist(), COURSE)
