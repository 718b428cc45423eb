"""A store that implements only the required methods gets the others from `StoreDefaults`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qtui.entities import Artifact, ExperimentInfo, History, Listing, Point, Problem, Run, RunInfo, ViewType
from qtui.errors import MetricNotFound
from qtui.query import parse_filter
from qtui.query.projection import ALL_VALUES, Projection
from qtui.store import ArtifactRoot, RunQuery, Store
from qtui.store.defaults import StoreDefaults

INFO = RunInfo("a1", "1", "first", "FINISHED", start_time=100, end_time=200)


class SmallStore(StoreDefaults):
    """A store with one run, one metric and one damaged run."""

    uri = "small:"
    kind = "small"

    def __init__(self) -> None:
        self.points = [Point(0, 150, 1.0), Point(1, 250, 0.5)]

    def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[ExperimentInfo]:
        return Listing((ExperimentInfo("1", "alpha"),))

    def infos(
        self, experiment_ids: Sequence[str] | None = None, view: ViewType = ViewType.ACTIVE
    ) -> Iterator[Listing[RunInfo]]:
        yield Listing((INFO,), (Problem("1/b1", "is empty"),))

    def runs(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        yield Listing(tuple(Run(info, metrics={"loss": self.points[-1]}) for info in infos))

    def find(self, prefix: str) -> tuple[RunInfo, ...]:
        return (INFO,)

    def history(self, info: RunInfo, key: str) -> tuple[History, tuple[Problem, ...]]:
        if key != "loss":
            raise MetricNotFound(key)
        return History.of(info.run_id, key, self.points), ()

    def artifacts(self, info: RunInfo, path: str = "") -> Listing[Artifact]:
        return Listing()

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        return ArtifactRoot("")

    def close(self) -> None:
        """Do nothing."""


def test_it_implements_the_whole_protocol() -> None:
    assert isinstance(SmallStore(), Store)


def test_runs_are_counted_and_searched() -> None:
    store = SmallStore()
    assert store.counts()["1"].finished == 1
    assert [run.info for run in store.search(RunQuery(filter=parse_filter("metrics.loss < 1"))).runs] == [INFO]
    assert store.search(RunQuery(filter=parse_filter("metrics.loss > 1"))).runs == ()


def test_updates_have_the_points_since_a_cursor() -> None:
    store = SmallStore()
    first = store.metric_updates(INFO, {"loss": None, "missing": None})
    assert list(first) == ["loss"]
    assert (first["loss"].history.points(), first["loss"].is_full) == (store.points, True)
    store.points.append(Point(2, 300, 0.25))
    second = store.metric_updates(INFO, {"loss": first["loss"].cursor})["loss"]
    assert (second.history.points(), second.is_full) == (store.points[2:], False)
    del store.points[1:]
    assert store.metric_updates(INFO, {"loss": second.cursor})["loss"].is_full


def test_the_rest_is_read_without_a_cache() -> None:
    store = SmallStore()
    assert store.last_write(INFO) == 250
    assert store.change_token() is None
    assert list(store.cached_runs([INFO])) == []
    assert [problem.path for problem in store.examine()] == ["1/b1"]
    assert store.capabilities.pushes_filters is False
