"""Logged values wait in a queue that loses nothing, keeps the order, and has a limited size."""

from __future__ import annotations

import os
import sys
import threading
from itertools import count

import pytest

from qtui.entities import Point
from qtui.recorder.recording.log_queue import LogQueue, merge
from qtui.store.writer import Batch, Metric

FOREVER = 3600.0
"""A pause that ends only when somebody asks."""


def point(step: int, key: str = "loss") -> Batch:
    """A batch of one point."""
    return Batch(metrics=[Metric(key, Point(step, 1, 0.5))])


class Store:
    """Takes batches, and can be made to wait before it does."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.open = threading.Event()
        self.open.set()
        self.reached = threading.Event()

    def __call__(self, batch: Batch) -> None:
        self.reached.set()
        self.open.wait()
        self.batches.append(batch)

    @property
    def steps(self) -> list[int]:
        return [metric.point.step for batch in self.batches for metric in batch.metrics]


def test_a_flush_delivers_values_in_their_order() -> None:
    store = Store()
    queue = LogQueue(store, delay=FOREVER)
    for step in range(500):
        queue.put(point(step))
    queue.flush()
    assert store.steps == list(range(500))
    queue.close()


def test_many_values_become_few_batches() -> None:
    store = Store()
    queue = LogQueue(store, delay=FOREVER)
    for step in range(500):
        queue.put(point(step))
    queue.close()
    assert len(store.batches) <= 2


def test_values_are_delivered_after_a_pause_without_anybody_asking() -> None:
    store = Store()
    queue = LogQueue(store, delay=0.01)
    queue.put(point(1))
    assert store.reached.wait(30)
    queue.close()


def test_many_values_do_not_wait_for_the_pause() -> None:
    store = Store()
    queue = LogQueue(store, delay=FOREVER)
    queue.put(Batch(metrics=[Metric("loss", Point(step, 1, 0.5)) for step in range(5000)]))
    assert store.reached.wait(30)
    queue.close()


def test_a_producer_waits_for_a_slow_store() -> None:
    store = Store()
    store.open.clear()
    queue = LogQueue(store, limit=10, delay=0.0)
    logged: list[int] = []

    def log() -> None:
        for step in range(100):
            queue.put(point(step))
            logged.append(step)

    thread = threading.Thread(target=log)
    thread.start()
    assert store.reached.wait(30)
    thread.join(0.05)
    assert len(logged) <= 2 * 10 + 1
    store.open.set()
    thread.join()
    queue.close()
    assert store.steps == list(range(100))


def test_a_producer_waits_for_room_only() -> None:
    store = Store()
    queue = LogQueue(store, limit=10, delay=600)
    for step in range(25):
        queue.put(point(step))
    queue.close()
    assert store.steps == list(range(25))


def test_values_of_many_threads_all_arrive_each_thread_in_its_order() -> None:
    store = Store()
    queue = LogQueue(store, limit=50)

    def log(key: str) -> None:
        for step in range(300):
            queue.put(point(step, key))

    threads = [threading.Thread(target=log, args=(f"m{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.close()
    for number in range(8):
        mine = [item.point.step for batch in store.batches for item in batch.metrics if item.key == f"m{number}"]
        assert mine == list(range(300))


def test_values_that_are_logged_while_the_queue_ends_arrive_in_order() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10):
            store, ended = Store(), threading.Event()
            queue = LogQueue(store, delay=0)
            logged = count()

            def log(queue: LogQueue = queue, logged: count[int] = logged, ended: threading.Event = ended) -> None:
                while not ended.is_set():
                    queue.put(point(next(logged)))

            thread = threading.Thread(target=log)
            thread.start()
            assert store.reached.wait(30)
            queue.close()
            ended.set()
            thread.join()
            assert store.steps == list(range(next(logged)))
    finally:
        sys.setswitchinterval(interval)


def test_values_after_the_end_are_delivered_at_once() -> None:
    store = Store()
    queue = LogQueue(store)
    queue.close()
    queue.put(point(7))
    assert store.steps == [7]


def test_a_forked_child_delivers_its_own_values_and_none_of_its_parents() -> None:
    store = Store()
    queue = LogQueue(store, delay=FOREVER)
    queue.put(point(1))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        store.batches.clear()
        queue.put(point(2))
        queue.flush()
        os.write(writer, repr(store.steps).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 100) == b"[2]"
    os.close(reader)
    os.close(writer)
    queue.close()
    assert store.steps == [1]


def test_batches_are_merged_so_that_the_last_tag_holds() -> None:
    batches = [Batch(tags={"a": "1", "b": "1"}), Batch(params={"p": "1"}), Batch(tags={"a": "2"}), point(3)]
    assert merge(batches) == Batch([Metric("loss", Point(3, 1, 0.5))], {"p": "1"}, {"a": "2", "b": "1"})


def test_batches_that_cannot_be_merged_are_delivered_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(batches: object) -> Batch:
        raise MemoryError

    monkeypatch.setattr("qtui.recorder.recording.log_queue.merge", fail)
    store = Store()
    queue = LogQueue(store, delay=FOREVER)
    for step in range(3):
        queue.put(point(step))
    queue.close()
    assert store.steps == [0, 1, 2]


def test_an_abandoned_queue_returns_all_undelivered_values_and_ends_every_flush() -> None:
    store = Store()
    store.open.clear()
    queue = LogQueue(store, limit=10, delay=FOREVER)
    for step in range(15):
        queue.put(point(step))
    assert store.reached.wait(30)
    flushing = threading.Thread(target=queue.flush)
    flushing.start()
    left = queue.abandon(0.0)
    store.open.set()
    flushing.join()
    assert [metric.point.step for batch in left for metric in batch.metrics] == list(range(15))
    assert store.steps == list(range(10))


def test_abandoning_the_queue_gives_back_nothing_that_arrives_in_time() -> None:
    store = Store()
    queue = LogQueue(store, limit=10, delay=FOREVER)
    for step in range(10):
        queue.put(point(step))
    assert store.reached.wait(30)
    assert list(queue.abandon(30)) == []
    assert store.steps == list(range(10))
