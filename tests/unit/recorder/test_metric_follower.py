"""Following metrics: each point is read once, and what is kept is bounded."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from qtui.entities import ExperimentInfo, Point, Run, RunInfo
from qtui.recorder import Library
from qtui.recorder.reading import metric_follower
from qtui.recorder.reading.metric_follower import MetricProgress
from qtui.store.memory import MemoryStore

INFO = RunInfo("a" * 32, "1", "growing")


class Counting(MemoryStore):
    """Counts the points that it gives."""

    given = 0

    def metric_updates(self, info, cursors):
        updates = super().metric_updates(info, cursors)
        self.given += sum(len(item.history) for item in updates.values())
        return updates


def points(*values: float) -> list[Point]:
    return [Point(step, 1000 + step, value) for step, value in enumerate(values)]


@pytest.fixture
def store() -> Counting:
    store = Counting([ExperimentInfo("1", "one")], [Run(INFO)])
    store.append(INFO.run_id, "loss", points(3.0, 2.0))
    store.append(INFO.run_id, "ic", points(0.1))
    return store


def values(updates: Mapping[str, MetricProgress]) -> dict[str, list[float]]:
    return {key: item.history.values.tolist() for key, item in updates.items()}


def test_every_point_is_read_once(store: Counting) -> None:
    follower = Library.over(store).follow()
    assert values(follower.poll(INFO, ("loss", "ic", "nope"))) == {"loss": [3.0, 2.0], "ic": [0.1]}
    store.append(INFO.run_id, "loss", points(1.0))
    assert values(follower.poll(INFO, ("loss", "ic"))) == {"loss": [3.0, 2.0, 1.0], "ic": [0.1]}
    assert store.given == 4


def test_a_poll_returns_the_new_points(store: Counting) -> None:
    follower = Library.over(store).follow()
    first = follower.poll(INFO, ("loss",))["loss"]
    assert first.new_points == 2
    store.append(INFO.run_id, "loss", points(1.0))
    second = follower.poll(INFO, ("loss",))["loss"]
    assert second.new_points == 1
    third = follower.poll(INFO, ("loss",))["loss"]
    assert third.new_points == 0
    assert third.history is second.history


def test_histories_that_were_not_polled_for_long_are_dropped(store: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metric_follower, "MAX_CACHED_POINTS", 2)
    follower = Library.over(store).follow()
    follower.poll(INFO, ("ic",))
    follower.poll(INFO, ("loss",))
    follower.poll(INFO, ("loss",))
    assert store.given == 3
    assert values(follower.poll(INFO, ("ic",))) == {"ic": [0.1]}
    assert store.given == 4


def test_histories_of_one_poll_are_kept_beyond_the_limit(store: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metric_follower, "MAX_CACHED_POINTS", 0)
    follower = Library.over(store).follow()
    for _ in range(3):
        follower.poll(INFO, ("ic", "loss"))
    assert store.given == 3
