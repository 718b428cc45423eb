"""What the browser reads off the event loop: generators of messages, each cut short by closing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from textual.message import Message

from qtui.entities import Artifact, History, Problem, Run, RunInfo, Summary, View
from qtui.errors import QtuiError
from qtui.query.wanted import EVERYTHING, Wanted
from qtui.recorder import ExpManager
from qtui.tui.facts import Surroundings
from qtui.tui.widgets.details import RunView
from qtui.tui.widgets.experiments import Catalogue

CHUNK = 200
"""How many runs' values are read between two looks at what is visible."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whose runs are asked for; the answer to an older question is dropped."""

    experiment_ids: tuple[str, ...] = ()
    view: View = View.ACTIVE
    number: int = 0


@dataclass
class CatalogueRead(Message):
    """The experiments and their counts are there."""

    catalogue: Catalogue
    problems: tuple[Problem, ...]
    view: View


@dataclass
class InfosRead(Message):
    """Some more runs are known, without their values."""

    question: Question
    infos: tuple[RunInfo, ...]
    problems: tuple[Problem, ...] = ()
    complete: bool = False
    """Whether these were the last; then the question's runs are all known."""


@dataclass
class ValuesRead(Message):
    """The values of some runs are there."""

    question: Question
    runs: tuple[Run, ...]
    problems: tuple[Problem, ...]
    done: int
    total: int


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


@dataclass
class ReadFailed(Message):
    """Something could not be read; what was read before stays."""

    what: str
    sentence: str


def catalogue(library: ExpManager, view: View) -> Iterator[Message]:
    """The experiments of the view: at first without counts, then with them."""
    listing = library.experiments(view)
    yield CatalogueRead(Catalogue(listing.items), listing.problems, view)
    yield CatalogueRead(Catalogue(listing.items, library.counts()), listing.problems, view)


def runs(
    library: ExpManager, question: Question, first: Callable[[], Sequence[str]], wanted: Wanted = EVERYTHING
) -> Iterator[Message]:
    """All infos as they come, then all values: those of the visible runs (`first`) before the others."""
    known: dict[str, RunInfo] = {}
    for batch in library.infos(question.experiment_ids, question.view):
        known.update((each.run_id, each) for each in batch.items)
        yield InfosRead(question, batch.items, batch.problems)
    yield InfosRead(question, (), complete=True)
    yield from values(library, question, known, first, wanted)


def values(
    library: ExpManager,
    question: Question,
    pending: dict[str, RunInfo],
    first: Callable[[], Sequence[str]],
    wanted: Wanted = EVERYTHING,
) -> Iterator[Message]:
    """The values of these runs, a chunk at a time."""
    total = len(pending)
    while pending:
        chunk = [each for each in first() if each in pending][:CHUNK]
        chunk += [each for each, _ in zip(pending, range(CHUNK - len(chunk) or 1), strict=False) if each not in chunk]
        infos = [pending.pop(each) for each in chunk]
        for batch in library.values(infos, wanted):
            yield ValuesRead(question, batch.items, batch.problems, total - len(pending), total)


def details(
    library: ExpManager,
    info: RunInfo,
    children: Callable[[str], Sequence[RunInfo]],
    spark: Callable[[History], str],
) -> Iterator[Message]:
    """One run: its values, then what lies around it, then the course of each metric."""
    try:
        run = library.run(info)
    except QtuiError as error:
        yield RunRead(RunView(Run(info), failure=str(error)))
        return
    view = RunView(run, surroundings(library, run, children(info.run_id)))
    yield RunRead(view)
    yield from _courses(library, view, spark)


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


def _courses(library: ExpManager, view: RunView, spark: Callable[[History], str]) -> Iterator[Message]:
    """The run with a summary and a sparkline of each metric, a few at a time."""
    summaries: dict[str, Summary] = {}
    drawn: dict[str, str] = {}
    problems: list[Problem] = []
    for number, key in enumerate(sorted(view.run.metrics), 1):
        history, damage = library.history(view.run.info, key)
        problems += damage
        if len(history):
            summaries[key], drawn[key] = history.summary(), spark(history)
        if number % 8 == 0 or number == len(view.run.metrics):
            around = replace(view.around, problems=tuple(problems))
            yield RunRead(replace(view, summaries=dict(summaries), courses=dict(drawn), around=around))
