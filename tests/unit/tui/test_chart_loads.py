"""Background loads of charts and of the details, message by message."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping

import pytest

from qtui.entities import Artifact, ExperimentInfo, Listing, Point, Run, RunInfo
from qtui.errors import StoreUnreachable
from qtui.query.projection import ALL_VALUES, Projection
from qtui.recorder import Library
from qtui.store import MetricUpdate
from qtui.store.memory import MemoryStore
from qtui.tui.load.chart_curves import HistoryRead, UpdatesRead, load_histories, load_updates
from qtui.tui.load.grid_curves import GridCurvesRead, growing_batches, load_grid_curves
from qtui.tui.load.metric_summaries import MetricSummaries
from qtui.tui.load.run_details import ArtifactsLoaded, RunLoaded, load_artifacts, load_run
from qtui.tui.present.charts.chart_spec import CurveKey

MANY_METRICS = {f"m{number:02}": Point(1, 0, number) for number in range(70)}
RUNS = (
    Run(RunInfo("a" * 32, "1", "a"), metrics={"loss": Point(1, 0, 1.0), "ic": Point(1, 0, 2.0)}),
    Run(RunInfo("b" * 32, "1", "b"), metrics={"loss": Point(1, 0, 3.0)}),
    Run(RunInfo("c" * 32, "1", "c"), metrics=MANY_METRICS),
)
A, B, C = (run.info for run in RUNS)
EXPERIMENT = ExperimentInfo("1", "vision")


class FailingStore(MemoryStore):
    """A store that cannot read the run `b`."""

    def metric_updates(self, info: RunInfo, cursors: Mapping[str, Hashable]) -> Mapping[str, MetricUpdate]:
        if info == B:
            raise StoreUnreachable("The server does not answer.")
        return super().metric_updates(info, cursors)

    def runs(self, infos: Collection[RunInfo], projection: Projection = ALL_VALUES):  # type: ignore[no-untyped-def]
        if B in infos:
            raise StoreUnreachable("The server does not answer.")
        return super().runs(list(infos), projection)


def store_of(kind: type[MemoryStore] = MemoryStore) -> MemoryStore:
    return kind((EXPERIMENT,), RUNS, artifacts={A.run_id: {"model/a.pkl": 7, "note.txt": 3}})


def histories(kind: type[MemoryStore] = MemoryStore) -> dict[tuple[str, str], HistoryRead]:
    """Load the losses of `a` and `b`, and a metric that `b` does not have; return the messages by run and metric."""
    metrics = [(A, "loss"), (B, "loss"), (B, "ic")]
    messages = list(load_histories(Library.over(store_of(kind)).follow(), 7, metrics))
    assert all(isinstance(message, HistoryRead) and message.request_id == 7 for message in messages)
    return {(m.run_id, m.metric): m for m in messages if isinstance(m, HistoryRead)}


def test_a_history_is_loaded_for_each_metric_and_a_metric_that_the_run_lacks_is_absent() -> None:
    loaded = histories()
    loss, missing = loaded[B.run_id, "loss"], loaded[B.run_id, "ic"]
    assert loss.history is not None and list(loss.history.values) == [3.0] and not loss.is_absent
    assert missing.history is None and missing.is_absent and not missing.failure
    assert len(loaded) == 3


def test_a_failure_of_one_history_does_not_stop_the_others() -> None:
    loaded = histories(FailingStore)
    assert loaded[B.run_id, "loss"].failure == "The server does not answer." and not loaded[B.run_id, "loss"].is_absent
    assert loaded[A.run_id, "loss"].history is not None


def test_updates_are_the_histories_with_new_points() -> None:
    store = store_of()
    follower = Library.over(store).follow()
    metrics = [(A, "loss"), (A, "ic"), (B, "loss")]
    known = {
        CurveKey(message.run_id, message.metric): message.history
        for message in load_histories(follower, 1, metrics)
        if isinstance(message, HistoryRead) and message.history is not None
    }
    [unchanged] = load_updates(follower, 2, metrics, known)
    assert unchanged == UpdatesRead(2, has_new_points=False)
    store.append(A.run_id, "ic", [Point(2, 2, 5.0)])
    update, end = load_updates(follower, 3, metrics, known)
    assert isinstance(update, HistoryRead) and update.history is not None
    assert (update.request_id, update.metric, list(update.history.values)) == (3, "ic", [2.0, 5.0])
    assert end == UpdatesRead(3, has_new_points=True)


def test_points_that_another_screen_has_polled_are_updates_too() -> None:
    store = store_of()
    follower = Library.over(store).follow()
    known = {CurveKey(A.run_id, "loss"): follower.poll(A, ("loss",))["loss"].history}
    store.append(A.run_id, "loss", [Point(2, 2, 5.0)])
    follower.poll(A, ("loss",))  # another screen
    update, _ = load_updates(follower, 1, [(A, "loss")], known)
    assert isinstance(update, HistoryRead)


def test_the_first_chart_of_a_grid_is_loaded_alone_and_then_growing_batches_of_metrics() -> None:
    assert list(growing_batches([])) == []
    sizes = [len(batch) for batch in growing_batches([str(number) for number in range(30)])]
    assert sizes == [1, 2, 4, 8, 8, 7]


def test_a_batch_of_a_grid_is_loaded_for_every_run_before_the_next_batch() -> None:
    messages = list(load_grid_curves(Library.over(store_of()).follow(), [A, B], ["loss", "ic"]))
    loads = [(m.run_id, m.metrics, tuple(m.progress)) for m in messages if isinstance(m, GridCurvesRead)]
    assert loads == [
        (A.run_id, ("loss",), ("loss",)),
        (B.run_id, ("loss",), ("loss",)),
        (A.run_id, ("ic",), ("ic",)),
        (B.run_id, ("ic",), ()),
    ]


def details_of(info: RunInfo, kind: type[MemoryStore] = MemoryStore) -> list[RunLoaded]:
    library = Library.over(store_of(kind))
    messages = list(load_run(library, MetricSummaries(library.follow()), info, [A]))
    return [message for message in messages if isinstance(message, RunLoaded)]


def test_a_run_is_shown_with_its_context_before_its_summaries() -> None:
    first, *_ = details_of(C)
    assert first.view.run == RUNS[2] and not first.view.summaries
    assert first.view.context.experiment == EXPERIMENT and first.view.context.children == (A,)


def test_summaries_are_shown_whenever_their_number_has_doubled() -> None:
    _, *batches = details_of(C)
    assert [len(message.view.summaries) for message in batches] == [16, 32, 64, 70]
    assert batches[-1].view.summaries["m03"].last == 3
    assert batches[-1].view.sparklines.keys() == MANY_METRICS.keys()
    assert batches[-1].view.context.experiment == EXPERIMENT


def test_a_run_that_cannot_be_read_is_shown_with_the_reason() -> None:
    [message] = details_of(B, FailingStore)
    assert (message.view.run.info, message.view.failure) == (B, "The server does not answer.")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", (Artifact("model", is_dir=True), Artifact("note.txt", is_dir=False, size=3))),
        ("model", (Artifact("model/a.pkl", is_dir=False, size=7),)),
    ],
)
def test_one_folder_of_artifacts_is_listed(path: str, expected: tuple[Artifact, ...]) -> None:
    [message] = load_artifacts(Library.over(store_of()), A, path)
    assert message == ArtifactsLoaded(A.run_id, path, expected)


def test_a_folder_that_cannot_be_listed_says_why() -> None:
    [message] = load_artifacts(Library.over(store_of()), A, "gone")
    assert isinstance(message, ArtifactsLoaded)
    assert (message.path, message.artifacts) == ("gone", ()) and "gone" in message.failure


def test_an_empty_listing_is_no_failure() -> None:
    [message] = load_artifacts(Library.over(store_of()), B, "")
    assert message == ArtifactsLoaded(B.run_id, "", Listing[Artifact](()).items)
