"""One run as the details show it: its values, what lies around it, its artifacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.message import Message

from qtui.entities import Artifact, Problem, Run, RunInfo, Summary, View
from qtui.errors import QtuiError
from qtui.recorder import Library
from qtui.tui.load.background import Messages
from qtui.tui.load.sparklines import Courses
from qtui.tui.present.detail_rows import Surroundings
from qtui.tui.present.run_view import RunView

AT_ONCE = 8
"""So many metrics are read before they are shown."""


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


def artifacts(library: Library, info: RunInfo, path: str) -> Messages:
    """One folder of a run's artifacts."""
    try:
        listing = library.artifacts(info, path)
    except QtuiError as error:
        yield ArtifactsRead(info.run_id, path, (), str(error))
        return
    yield ArtifactsRead(info.run_id, path, listing.items)


def details(
    library: Library,
    courses: Courses,
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
    yield from _in_short(courses, view)


def surroundings(library: Library, run: Run, children: Sequence[RunInfo]) -> Surroundings:
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


def _in_short(courses: Courses, view: RunView) -> Messages:
    """The run with a summary and a course of each metric, a few at a time."""
    summaries: dict[str, Summary] = {}
    drawn: dict[str, str] = {}
    problems: list[Problem] = []
    keys = sorted(view.run.metrics)
    for start in range(0, len(keys), AT_ONCE):
        for key, found in courses.look(view.run.info, keys[start : start + AT_ONCE]).items():
            problems += found.problems
            if found.summary is not None:
                summaries[key], drawn[key] = found.summary, found.line
        around = replace(view.around, problems=tuple(problems))
        yield RunRead(replace(view, summaries=dict(summaries), courses=dict(drawn), around=around))
