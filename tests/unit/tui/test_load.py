"""Background loads of the browser, message by message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qtui.entities import ExperimentInfo, History, Listing, Point, Run, RunInfo, Summary, ViewType
from qtui.recorder import Library
from qtui.runs.sparkline import sparkline
from qtui.store.memory import MemoryStore
from qtui.tui.load.metric_summaries import SPARKLINE_CELLS, MetricSummaries, history_sparkline
from qtui.tui.load.run_list import InfosLoaded, RunsRequest, ValuesLoaded, load_experiments, load_runs

RUNS = tuple(
    Run(RunInfo(f"{number:032x}", "1", f"run-{number}", start_time=number), metrics={"ic": Point(0, 0, number)})
    for number in range(1, 6)
)


class CachingStore(MemoryStore):
    """A store whose cache holds other values than its files."""

    def cached_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        yield Listing(tuple(replace(run, metrics={"ic": Point(0, 0, -1.0)}) for run in RUNS if run.info in infos))


def load_values_of(store: MemoryStore, visible: tuple[str, ...] = ()) -> list[ValuesLoaded]:
    messages = list(load_runs(Library.over(store), RunsRequest(), lambda: visible))
    assert any(isinstance(message, InfosLoaded) and message.watcher is not None for message in messages)
    return [message for message in messages if isinstance(message, ValuesLoaded)]


def store_of(kind: type[MemoryStore] = MemoryStore) -> MemoryStore:
    return kind((ExperimentInfo("1", "one"),), RUNS, batch=2)


def test_only_the_last_message_with_values_is_complete() -> None:
    messages = load_values_of(store_of())
    assert [message.done == message.total for message in messages] == [*[False] * (len(messages) - 1), True]


def test_values_are_loaded_newest_run_first() -> None:
    names = [run.info.name for message in load_values_of(store_of()) for run in message.runs]
    assert names == ["run-5", "run-4", "run-3", "run-2", "run-1"]


def test_visible_runs_are_loaded_first() -> None:
    names = [
        run.info.name for message in load_values_of(store_of(), visible=(RUNS[0].info.run_id,)) for run in message.runs
    ]
    assert names[0] == "run-1"


def test_values_are_loaded_only_after_the_first_paint() -> None:
    order: list[str] = []
    library = Library.over(store_of())
    for message in load_runs(library, RunsRequest(), tuple, wait_for_first_paint=lambda: order.append("waited")):
        order.append(type(message).__name__)
    assert order[:3] == ["InfosLoaded", "waited", "InfosLoaded"]
    assert "ValuesLoaded" in order[3:]


def test_only_the_names_of_experiments_are_loaded_before_the_first_paint() -> None:
    order: list[str] = []
    library = Library.over(store_of())
    for message in load_experiments(library, ViewType.ACTIVE, wait_for_first_paint=lambda: order.append("waited")):
        order.append(type(message).__name__)
    assert order == ["ExperimentsLoaded", "waited", "ExperimentsLoaded", "PermissionLoaded"]


def test_cached_values_come_first_and_current_values_after_them() -> None:
    first, *rest = load_values_of(store_of(CachingStore))
    assert [run.metrics["ic"].value for run in first.runs] == [-1.0] * 5
    assert first.done == 0
    assert sorted(run.metrics["ic"].value for message in rest for run in message.runs) == [1, 2, 3, 4, 5]


def test_an_experiment_without_runs_is_complete_at_once() -> None:
    messages = load_values_of(MemoryStore((ExperimentInfo("1", "one"),)))
    assert [(message.done, message.total) for message in messages] == [(0, 0)]


def test_summaries_are_computed_again_only_for_metrics_with_new_points() -> None:
    store = store_of()
    info = RUNS[0].info
    summaries = MetricSummaries(Library.over(store).follow())
    store.append(info.run_id, "loss", [Point(0, 0, 3.0), Point(1, 1, 1.0)])
    first = summaries.read(info, ("ic", "loss"))
    assert (first["loss"].summary, first["loss"].sparkline) == (Summary(3.0, 1.0, 1.0, 3.0, 2, 0), "█▁")
    store.append(info.run_id, "loss", [Point(2, 2, 5.0)])
    second = summaries.read(info, ("ic", "loss"))
    assert (second["loss"].summary, second["loss"].sparkline) == (Summary(3.0, 5.0, 1.0, 5.0, 3, 0), "▅▁█")
    assert second["ic"].summary is first["ic"].summary


@given(st.lists(st.tuples(st.integers(-9, 99), st.floats()), max_size=80))
def test_a_sparkline_shows_all_values_by_step_and_a_single_value_has_none(
    points: list[tuple[int, float]],
) -> None:
    history = History.of("a", "loss", [Point(step, 0, value) for step, value in points])
    by_step = [value for _, value in sorted(points, key=lambda point: point[0])]
    assert history_sparkline(history) == (sparkline(by_step, SPARKLINE_CELLS) if len(points) > 1 else "")
