"""What every store can do. Reading only: nothing here may change a byte of the store."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from qtui.entities import Artifact, Experiment, History, Listing, Problem, Run, RunCounts, RunInfo, View
from qtui.errors import UsageError
from qtui.query.ast import Filter, OrderBy
from qtui.query.wanted import EVERYTHING, Wanted


@dataclass(frozen=True, slots=True)
class RunQuery:
    """A question for runs. No experiments means all in `view.scope`: active ones, or all if deleted runs count."""

    experiment_ids: tuple[str, ...] | None = None
    view: View = View.ACTIVE
    filter: Filter | None = None
    order_by: tuple[OrderBy, ...] = ()
    """Then by start time, newest first, then by run id: MLflow's order."""
    offset: int = 0
    """Matching runs to skip."""
    limit: int | None = None
    wanted: Wanted = EVERYTHING
    page_token: str | None = None
    """`Page.next_token` of an otherwise equal query: continue there instead of at the offset."""

    @property
    def start(self) -> int:
        """The index of the first matching run to return, for stores whose page tokens are such indexes."""
        if self.page_token is None:
            return self.offset
        if not self.page_token.isdecimal():
            raise UsageError(f"{self.page_token!r} is not the token of a page.")
        return int(self.page_token)


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a RunQuery."""

    runs: tuple[Run, ...] = ()
    total: int | None = 0
    """The number of all matching runs; None when the store has not counted them."""
    problems: tuple[Problem, ...] = ()
    """Damage found while searching."""
    next_token: str | None = None
    """The token of the next page, for `RunQuery.page_token`; None when no more runs match."""

    @classmethod
    def of(cls, query: RunQuery, runs: tuple[Run, ...], total: int, problems: tuple[Problem, ...]) -> Page:
        """Return a page of a store that counts all matching runs."""
        end = total if query.limit is None else query.start + query.limit
        return cls(runs, total, problems, str(end) if end < total else None)


@dataclass(frozen=True, slots=True)
class ArtifactRoot:
    """Where a run's artifacts are: as recorded, and the local folder that holds them if there is one."""

    recorded: str
    folder: Path | None = None
    moved: bool = False
    """True when the recorded place is gone and the folder was found in the store itself."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What a metric has grown by since it was read up to a mark."""

    history: History
    """The points since then: put behind those that were read before, they are its history in its order."""
    mark: Hashable = None
    """How far it is read now; None where the next reading has to begin at the beginning."""
    problems: tuple[Problem, ...] = ()
    """What of the metric cannot be read, before the mark too."""
    anew: bool = False
    """Whether these are all its points: at the first reading, and when those read before are no longer a part."""


@runtime_checkable
class Store(Protocol):
    """Where runs live. Methods raise only errors of `qtui.errors`; damage to a part is a problem, no error."""

    @property
    def uri(self) -> str:
        """The store's address in MLflow's form, with its password if it has one: redact before showing."""

    @property
    def kind(self) -> str:
        """`files`, `sqlite`, `postgresql`, `mysql`, `remote`, `memory`."""

    def experiments(self, view: View = View.ACTIVE) -> Listing[Experiment]:
        """Experiments, newest first as MLflow lists them."""

    def counts(self) -> Mapping[str, RunCounts]:
        """The active runs of every experiment, by status and experiment id."""

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Run infos in batches as they come, in no promised order; closing the iterator cancels.

        No experiments means all in `view.scope`; an experiment that does not exist has no runs.
        """

    def runs(self, infos: Sequence[RunInfo], wanted: Wanted = EVERYTHING) -> Iterator[Listing[Run]]:
        """The wanted values of these runs, in batches, in their order; runs that are gone are left out."""

    def known_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """What was known of these runs when they were last read: at once, and to be verified by `runs`."""

    def search(self, query: RunQuery) -> Page:
        """The runs that answer a query, filtered, sorted and cut as MLflow would."""

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Runs of any lifecycle stage whose id begins so; an exact id gives that run alone."""

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Every point of a metric; `MetricNotFound` when the run has no such metric."""

    def grown(self, info: RunInfo, marks: Mapping[str, Hashable]) -> Mapping[str, Growth]:
        """The points of these metrics since marks that this gave before, without reading the others again.

        Without a mark, which is None, these are all; metrics that the run does not have are left out. A line that a
        writer has not finished yet is left for the next time.
        """

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """One level of a run's artifacts, sorted by path; `ArtifactNotFound` when the path is none."""

    def download(self, info: RunInfo, path: str, destination: Path, *, overwrite: bool = False) -> Path:
        """Copy an artifact, or all that is in a folder of them, below a folder under its own path, and say where.

        Every file is whole or not there. What cannot be brought is told at the end and does not lose the others.
        """

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Where the run's artifacts are, also after the store was moved."""

    def last_write(self, info: RunInfo) -> int | None:
        """When (ms) something was last written into the run, as far as the store can tell."""

    def pulse(self, experiment_ids: Sequence[str] | None = None, view: View = View.ACTIVE) -> Hashable | None:
        """Something that stays equal as long as the infos of these runs do; None where only reading can tell."""

    def examine(self) -> Iterator[Problem]:
        """Read everything once and report all that is damaged, as it is found."""

    def close(self) -> None:
        """Give back connections and files; the store can be asked again and opens anew."""
