"""Reads many runs: the first at once, the others with the help of as many processes as pay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from qtui.entities import Problem, RunInfo
from qtui.query.wanted import Wanted
from qtui.store.files.memory import Lines
from qtui.store.files.messages import plain_question, plain_wanted, reading_of
from qtui.store.files.pace import Pace
from qtui.store.files.patience import Patience, settled
from qtui.store.files.reading import Reading, RunReader
from qtui.store.files.records import Line

Told = list[tuple[RunInfo, Reading]]

FIRST = 64
BATCH = 512
TASK = 32


class RunFlow:
    """Reads the wanted values of runs in their order; what is known is tried first, `keep` makes it known next time."""

    def __init__(self, root: str, wanted: Wanted, known: Mapping[str, Lines], keep: bool) -> None:
        self._root = root
        self._wanted = wanted
        self._known = known
        self._keep = keep
        self._reader = RunReader(root, wanted, keep)
        self._patience = Patience(root)

    def batches(self, infos: Sequence[RunInfo]) -> Iterator[Told]:
        """The runs in batches, the first one small so that there is soon something to be seen."""
        pace = Pace()
        first = self._read(infos[:FIRST])
        helpers = 0 if self._wanted.summaries != frozenset() else pace.helpers(len(first), len(infos) - len(first))
        yield self._settled(first)
        tasks = [infos[start : start + TASK] for start in range(FIRST, len(infos), TASK)]
        with self._results(tasks, helpers) as results:
            batch: Told = []
            for told in results:
                batch += told
                if len(batch) >= BATCH:
                    yield self._settled(batch)
                    batch = []
            if batch:
                yield self._settled(batch)

    @contextmanager
    def _results(self, tasks: Sequence[Sequence[RunInfo]], helpers: int) -> Iterator[Iterator[Told]]:
        if not helpers:
            yield map(self._read, tasks)
            return
        # Processes take a while to import, and few questions need them.
        from qtui.store.files.crew import Crew

        instructions = (self._root, plain_wanted(self._wanted), self._keep)
        with Crew(tasks, self._read, self._ask, self._understand).hire(helpers, instructions) as crew:
            yield crew.results()

    def _line(self, info: RunInfo) -> Line | None:
        lines = self._known.get(info.experiment_id)
        return lines.of(info.run_id) if lines else None

    def _read(self, infos: Sequence[RunInfo]) -> Told:
        return [(info, self._reader.read(info, self._line(info))) for info in infos]

    def _ask(self, infos: Sequence[RunInfo]) -> list[tuple[object, ...]]:
        return [plain_question(info, self._line(info)) for info in infos]

    def _understand(self, infos: Sequence[RunInfo], answer: Sequence[tuple[object, ...] | None]) -> Told:
        return [(info, reading_of(info, self._line(info), each)) for info, each in zip(infos, answer, strict=True)]

    def _settled(self, told: Told) -> Told:
        """The same, with what a writer may have been busy with read once more."""
        if not any(reading.problems for _, reading in told):
            return told
        reads = ((at, reading, reading.problems) for at, (_, reading) in enumerate(told))
        found = {at: reading for at, reading, _ in settled(reads, lambda at: self._again(told[at][0]), self._patience)}
        return [(info, found[at]) for at, (info, _) in enumerate(told)]

    def _again(self, info: RunInfo) -> tuple[Reading, Sequence[Problem]]:
        reading = self._reader.read(info)
        return reading, reading.problems
