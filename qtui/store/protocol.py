"""The protocol of stores for reading. No method changes a byte of the store."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, runtime_checkable

from qtui.entities import (
    Artifact,
    ExperimentInfo,
    History,
    Listing,
    LoggedModel,
    Problem,
    Run,
    RunCounts,
    RunInfo,
    ViewType,
)
from qtui.errors import UsageError
from qtui.query.ast import Filter, OrderBy
from qtui.query.projection import ALL_VALUES, Projection
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class RunQuery:
    """A query for runs. No experiment IDs means all in `view.scope`: active ones, or all if deleted runs count."""

    experiment_ids: tuple[str, ...] | None = None
    view: ViewType = ViewType.ACTIVE
    filter: Filter | None = None
    order_by: tuple[OrderBy, ...] = ()
    """Ties are broken by start time, newest first, and then by run ID, as in MLflow."""
    offset: int = 0
    """Matching runs to skip."""
    limit: int | None = None
    projection: Projection = ALL_VALUES
    """The values to read of the matching runs."""
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
    """Damage detected while searching."""
    next_token: str | None = None
    """The token of the next page, for `RunQuery.page_token`; None when no more runs match."""

    @classmethod
    def of(cls, query: RunQuery, runs: tuple[Run, ...], total: int, problems: tuple[Problem, ...]) -> Page:
        """Return a page of a store that counts all matching runs."""
        end = total if query.limit is None else query.start + query.limit
        return cls(runs, total, problems, str(end) if end < total else None)


@dataclass(frozen=True, slots=True)
class StoreCapabilities:
    """Properties of a store that callers adapt to."""

    pushes_filters: bool = False
    """A search with a limit does not read the values of all runs."""
    counts_matches: bool = True
    """`Page.total` is never None."""
    edits_locally: bool = False
    """An edit takes the time of this host, and another process can open the store for it."""


@dataclass(frozen=True, slots=True)
class ArtifactRoot:
    """The location of a run's artifacts: as recorded, and the local folder that contains them if there is one."""

    recorded: str
    folder: Path | None = None
    moved: bool = False
    """Whether the recorded location is missing and the folder was detected inside the store."""


class ArtifactStream(Protocol):
    """The content of an artifact."""

    @property
    def size(self) -> int | None:
        """The number of bytes; None if only the end tells."""

    @property
    def version(self) -> str | None:
        """A text that changes with the content; empty if it is unknown.

        None means that a part of the content must not be continued later.
        """

    @property
    def modified_ns(self) -> int | None:
        """The time of the last modification; None if it is unknown."""

    def matches_copy(self, modified_ns: int) -> bool:
        """Return whether a copy of the same size, modified at this time, has this content."""

    @property
    def has_ranges(self) -> bool:
        """Whether it is cheap to begin at any offset."""

    @property
    def waiting_bytes(self) -> int:
        """The bytes that have arrived and are not yielded yet."""

    def start(self, offset: int, end: int | None = None) -> int:
        """Begin at an offset, or at 0 where that is impossible; return the offset at which `chunks` begins.

        It can be called again. The bytes from `end` on are not needed.
        """

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes, and empty chunks while none arrive. Raises StoreUnreachable if the connection is lost."""


OpenStream = Callable[[Artifact], AbstractContextManager[ArtifactStream]]
"""Opens the content of an artifact."""


@dataclass(frozen=True, slots=True)
class MetricUpdate:
    """The points of a metric that are new since it was read up to a cursor."""

    history: History
    """The new points. Appended to those that were read before, they are the history in its order."""
    cursor: Hashable = None
    """The position up to which the metric is read now; None if the next reading must start at the beginning."""
    problems: tuple[Problem, ...] = ()
    """The damage of the whole metric, including the part before the cursor."""
    is_full: bool = False
    """Whether these are all points: at the first reading, and when points that were read before have changed."""


@runtime_checkable
class Store(Protocol):
    """A store for reading. Methods raise only errors of `qtui.errors`; damage to a part is a Problem, not an error.

    `StoreDefaults` implements the methods that a store only needs to implement for speed.
    """

    @property
    def uri(self) -> str:
        """The address of the store in MLflow's form, including its password: redact it before display."""

    @property
    def kind(self) -> str:
        """`files`, `sqlite`, `postgresql`, `mysql`, `remote` or `memory`."""

    @property
    def capabilities(self) -> StoreCapabilities:
        """The properties that callers adapt to."""

    def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[ExperimentInfo]:
        """Return the experiments, newest first as in MLflow."""

    def counts(self) -> Mapping[str, RunCounts]:
        """Return the numbers of active runs by experiment ID and status."""

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        """Yield run infos in batches as they are read, in no fixed order; closing the iterator cancels.

        No experiment IDs means all in `view.scope`; an experiment that does not exist has no runs.
        """

    def runs(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        """Yield these runs with the projected values in batches, in order; runs that no longer exist are left out."""

    def cached_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        """Yield these runs with the values of an earlier reading, which `runs` must verify."""

    def search(self, query: RunQuery) -> Page:
        """Return the runs that match a query, filtered, sorted and cut as in MLflow."""

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        """Return the runs of any lifecycle stage whose ID begins with a prefix, or only the one whose ID equals it."""

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        """Return every point of a metric. Raise MetricNotFound when the run has no such metric."""

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        """Return the points of these metrics since cursors of earlier updates, without reading the others again.

        The cursor None means all points; metrics that the run does not have are left out. A line that a writer has
        not finished is left for the next reading.
        """

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        """Return one level of a run's artifacts, sorted by path. Raise ArtifactNotFound when it does not exist."""

    def logged_models(self, info: RunInfo) -> Listing[LoggedModel]:
        """Return the models that a run has logged, sorted by name; empty where there are none, as before MLflow 3.

        The methods for artifacts accept `LoggedModel.artifact_owner` as the info of a run.
        """

    def download(self, info: RunInfo, path: str, destination: Path, *, overwrite: bool = False) -> Path:
        """Copy an artifact or a folder of artifacts into `destination`, under its own path, and return its new path.

        Every file is copied completely or not at all. Files that fail are reported at the end, after all others.
        """

    def artifact_streams(self, info: RunInfo) -> OpenStream:
        """Return the function that opens the content of an artifact of a run."""

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        """Return the location of a run's artifacts, even after the store was moved."""

    def last_write(self, info: RunInfo) -> int | None:
        """Return the time (ms) of the last write to a run, as far as the store knows it."""

    def change_token(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Hashable | None:
        """Return a value that stays equal while the infos of these runs do; None if only reading them can tell."""

    def examine(self, listings: Iterable[Listing[RunInfo]] | None = None) -> Iterator[Problem]:
        """Read everything once and yield all damage; `listings` are the infos of all runs if already read."""

    def close(self) -> None:
        """Close connections and files; the store reopens at its next use."""
