"""The in-memory store behaves as a real store does."""

from __future__ import annotations

import math

import pytest

from qtui.entities import Artifact, ExperimentInfo, History, Point, Problem, Run, RunInfo, ViewType
from qtui.errors import ArtifactNotFound, MetricNotFound
from qtui.query import parse_filter, parse_order
from qtui.query.projection import NO_VALUES, Projection
from qtui.store import RunQuery, Store
from qtui.store.memory import MemoryStore

ALPHA = ExperimentInfo("1", "alpha", creation_time=10)
BETA = ExperimentInfo("2", "beta", creation_time=20)
GONE = ExperimentInfo("3", "gone", "deleted", creation_time=30)
FIRST = Run(
    RunInfo("a1", "1", "first", "FINISHED", start_time=100, end_time=200),
    params={"lr": "0.1"},
    metrics={"ic": Point(0, 150, 0.5)},
    tags={"team": "red"},
)
SECOND = Run(RunInfo("a2", "1", "second", "RUNNING", start_time=300), params={"lr": "0.2"})
DELETED = Run(RunInfo("b1", "2", "thrown away", "FAILED", "deleted", start_time=200))
LOST = Run(RunInfo("c1", "3", "lost", "FINISHED", "deleted", start_time=50))


@pytest.fixture
def store() -> MemoryStore:
    """Return a store of three experiments and four runs, in batches of one."""
    return MemoryStore(
        [ALPHA, BETA, GONE],
        [FIRST, SECOND, DELETED, LOST],
        [History.of("a1", "loss", [Point(2, 120, 0.25), Point(1, 110, math.nan), Point(0, 100, 1.0)])],
        {"a1": {"model/weights.bin": 12, "notes.txt": 3}},
        batch=1,
    )


class RecordingStore(MemoryStore):
    """A store that records the runs whose values are read."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.read: list[str] = []

    def runs(self, infos, projection=NO_VALUES):
        self.read += [info.run_id for info in infos]
        return super().runs(infos, projection)


def test_it_is_a_store(store: MemoryStore) -> None:
    assert isinstance(store, Store)


def test_experiments_are_listed_by_view_newest_first(store: MemoryStore) -> None:
    assert store.experiments().items == (BETA, ALPHA)
    assert store.experiments(ViewType.DELETED).items == (GONE,)
    assert store.experiments(ViewType.ALL).items == (GONE, BETA, ALPHA)


def test_infos_are_read_in_batches(store: MemoryStore) -> None:
    assert [[info.run_id for info in batch.items] for batch in store.infos()] == [["a1"], ["a2"]]
    assert [info.run_id for batch in store.infos(view=ViewType.DELETED) for info in batch.items] == ["b1", "c1"]
    assert [info.run_id for batch in store.infos(["2"], ViewType.ALL) for info in batch.items] == ["b1"]
    assert list(store.infos(["nowhere"])) == []


def test_given_problems_are_in_every_listing_and_examination() -> None:
    problem = Problem("1/a3/meta.yaml", "is empty")
    store = MemoryStore([ALPHA], [FIRST], problems=[problem])
    assert [batch.problems for batch in store.infos()] == [(), (problem,)]
    assert store.search(RunQuery()).problems == (problem,)
    assert list(store.examine()) == [problem]


def test_only_selected_values_are_read(store: MemoryStore) -> None:
    [batch] = store.runs([FIRST.info], Projection(params=None, summaries=frozenset({"loss"})))
    [run] = batch.items
    assert (run.params, run.metrics, run.tags) == ({"lr": "0.1"}, {}, {})
    summary = run.summaries["loss"]
    assert (summary.first, summary.last, summary.min, summary.max) == (0.25, 0.25, 0.25, 1.0)
    assert (summary.count, summary.non_finite) == (3, 1)


def test_a_missing_run_is_left_out(store: MemoryStore) -> None:
    batches = store.runs([RunInfo("zz", "1"), FIRST.info], NO_VALUES)
    assert [run.info.run_id for batch in batches for run in batch.items] == ["a1"]


def test_the_latest_value_has_the_highest_step(store: MemoryStore) -> None:
    [batch] = store.runs([FIRST.info], Projection(metrics=None))
    assert batch.items[0].metrics == {"ic": Point(0, 150, 0.5), "loss": Point(2, 120, 0.25)}


def test_a_history_is_in_logging_order_and_a_metric_without_history_has_one_point(store: MemoryStore) -> None:
    assert [point.step for point in store.history(FIRST.info, "loss")[0].points()] == [2, 1, 0]
    assert store.history(FIRST.info, "ic")[0].points() == [Point(0, 150, 0.5)]
    with pytest.raises(MetricNotFound, match="no metric named 'nope'"):
        store.history(FIRST.info, "nope")


def test_a_run_is_found_by_its_id_or_a_prefix(store: MemoryStore) -> None:
    assert [info.run_id for info in store.find("a")] == ["a1", "a2"]
    assert [info.run_id for info in store.find("b1")] == ["b1"]
    assert store.find("x") == ()


def test_artifacts_are_listed_level_by_level(store: MemoryStore) -> None:
    assert store.artifacts(FIRST.info).items == (Artifact("model", True), Artifact("notes.txt", False, 3))
    assert store.artifacts(FIRST.info, "model").items == (Artifact("model/weights.bin", False, 12),)
    assert store.artifacts(SECOND.info).items == ()
    with pytest.raises(ArtifactNotFound):
        store.artifacts(FIRST.info, "nope")


def test_a_search_without_filter_reads_only_the_values_of_its_page() -> None:
    store = RecordingStore([ALPHA], [FIRST, SECOND])
    page = store.search(RunQuery(limit=1))
    assert ([run.info.run_id for run in page.runs], page.total) == (["a2"], 2)
    assert store.read == ["a2"]


def test_a_search_for_attributes_reads_no_values() -> None:
    store = RecordingStore([ALPHA], [FIRST, SECOND])
    page = store.search(RunQuery(filter=parse_filter("status = 'FINISHED'"), projection=NO_VALUES))
    assert [run.info.run_id for run in page.runs] == ["a1"]
    assert store.read == []


def test_a_search_filters_sorts_and_limits(store: MemoryStore) -> None:
    query = RunQuery(filter=parse_filter("params.lr != '9'"), order_by=(parse_order("params.lr DESC"),), limit=1)
    page = store.search(query)
    assert ([run.info.run_id for run in page.runs], page.total) == (["a2"], 2)
    assert page.runs[0].params == {"lr": "0.2"}


def test_active_runs_are_counted_by_status_and_experiment(store: MemoryStore) -> None:
    counts = store.counts()
    assert (counts["1"].total, counts["1"].running, counts["1"].finished) == (2, 1, 1)
    assert (counts["2"].total, counts["3"].total) == (0, 0)


def test_the_last_write_is_the_latest_time_in_a_run(store: MemoryStore) -> None:
    assert store.last_write(FIRST.info) == 200
    assert store.last_write(SECOND.info) == 300
