"""Values that cannot be written are skipped alone, retried, or kept in a file, and always reported."""

from __future__ import annotations

import json
import math
import resource
import stat
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest

from qtui.entities import Point, RunInfo
from qtui.errors import BadValue, MigrationNeeded, NotActive, ParamConflict, StoreLocked, StoreUnreachable, UsageError
from qtui.recorder.recording import leftovers
from qtui.recorder.recording.batch_writer import BatchWriter, Retry
from qtui.recorder.recording.log_queue import merge
from qtui.store.writer import Batch, Metric

RUN = RunInfo("ab12", "1")


def metric(key: str, step: int = 0, value: float = 0.5) -> Metric:
    return Metric(key, Point(step, 1, value))


class Store:
    """Takes batches whole or not at all, and fails as it is told to."""

    def __init__(self, bad: Collection[str] = (), failures: Sequence[Exception] = ()) -> None:
        self.bad = bad
        self.failures = list(failures)
        self.taken = Batch()
        self.asked = 0

    def __call__(self, batch: Batch) -> None:
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        for item in batch.metrics:
            if item.key in self.bad:
                raise BadValue(f"The metric {item.key} is bad.")
        for key in batch.params:
            if key in self.bad:
                raise ParamConflict(f"The param {key} has another value.")
        self.taken = Batch(
            [*self.taken.metrics, *batch.metrics],
            {**self.taken.params, **batch.params},
            {**self.taken.tags, **batch.tags},
        )


class Keeper:
    """Keeps values in memory where others keep them in a file."""

    def __init__(self) -> None:
        self.kept: list[Batch] = []

    def __call__(self, batch: Batch) -> Path:
        self.kept.append(batch)
        return Path("/kept.jsonl")


def no_space(batch: Batch) -> Path:
    raise OSError("No space left on device")


def retry_of(slept: list[float] | None = None, seconds: float = 60.0) -> Retry:
    """Return a retry whose waits take no time."""
    naps = slept if slept is not None else []
    return Retry(seconds, naps.append, lambda: sum(naps))


def values_in(path: Path, run_id: str) -> Batch:
    """Return all values of a run that a file of leftovers holds."""
    return merge([Batch(), *(value for _, value in leftovers.read_values(path, run_id))])


def test_a_refused_value_is_skipped_and_named_and_the_rest_is_stored() -> None:
    store = Store(bad={"m7", "p2"})
    batch_writer = BatchWriter(store, Keeper())
    metrics = [metric(f"m{number}") for number in range(20)]
    batch_writer(Batch(metrics, {f"p{number}": "1" for number in range(5)}, {"tag": "1"}))
    assert store.taken.metrics == [item for item in metrics if item.key != "m7"]
    assert store.taken.params == {"p0": "1", "p1": "1", "p3": "1", "p4": "1"}
    assert store.taken.tags == {"tag": "1"}
    assert batch_writer.failures() == ("The metric m7 is bad.", "The param p2 has another value.")
    assert batch_writer.failures() == ()


def test_a_locked_store_is_retried_with_growing_pauses() -> None:
    slept: list[float] = []
    store = Store(failures=[StoreLocked("busy"), StoreUnreachable("down"), StoreLocked("busy")])
    batch_writer = BatchWriter(store, Keeper(), retry_of(slept))
    batch_writer(Batch(tags={"a": "1"}))
    assert store.taken.tags == {"a": "1"}
    assert batch_writer.failures() == ()
    assert slept == [0.1, 0.2, 0.4]


def test_after_the_limit_values_are_saved_and_later_ones_tried_only_once() -> None:
    keeper = Keeper()
    store = Store(failures=[StoreUnreachable("The server is down.")] * 1000)
    batch_writer = BatchWriter(store, keeper, retry_of(seconds=30))
    batch_writer(Batch(tags={"a": "1"}))
    asked = store.asked
    batch_writer(Batch(tags={"b": "1"}))
    assert store.asked == asked + 1
    assert keeper.kept == [Batch(tags={"a": "1"}), Batch(tags={"b": "1"})]
    assert batch_writer.failures() == ("The server is down. The unwritten values are kept in /kept.jsonl",)


def test_a_success_resets_the_limit() -> None:
    retry = retry_of(seconds=1)
    store = Store(failures=[StoreLocked("busy")] * 3)
    retry.call(lambda: store(Batch()))
    store.failures = [StoreLocked("busy")] * 3
    retry.call(lambda: store(Batch()))
    assert not store.failures


def test_a_store_that_takes_long_to_refuse_is_asked_for_no_longer_than_the_limit() -> None:
    now = [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    def refuse() -> None:
        wait(25)
        raise StoreUnreachable("The server does not answer.")

    retry = Retry(60, wait, lambda: now[0])
    for _ in range(3):
        with pytest.raises(StoreUnreachable):
            retry.call(refuse)
    assert now[0] <= 60 + 3 * 25


def test_a_success_does_not_extend_the_retries_of_a_value_that_always_fails() -> None:
    slept: list[float] = []
    retry = retry_of(slept, seconds=30)

    def fail() -> None:
        retry.call(lambda: None)
        raise StoreUnreachable("The artifacts cannot be reached.")

    with pytest.raises(StoreUnreachable):
        retry.call(fail)
    assert sum(slept) == 30


def test_nothing_waits_after_stop() -> None:
    slept: list[float] = []
    retry = retry_of(slept)
    retry.stop()
    store = Store(failures=[StoreLocked("busy")] * 2)
    with pytest.raises(StoreLocked):
        retry.call(lambda: store(Batch()))
    assert (store.asked, slept) == (1, [])


@pytest.mark.parametrize("failure", [MigrationNeeded("old"), NotActive("deleted"), ZeroDivisionError("a bug")])
def test_a_permanent_error_is_not_retried(failure: Exception) -> None:
    slept: list[float] = []
    keeper = Keeper()
    BatchWriter(Store(failures=[failure]), keeper, retry_of(slept))(Batch(tags={"a": "1"}))
    assert slept == []
    assert keeper.kept == [Batch(tags={"a": "1"})]


def test_values_that_cannot_be_saved_either_are_named_as_lost(caplog: pytest.LogCaptureFixture) -> None:
    batch_writer = BatchWriter(Store(failures=[NotActive("The run is deleted.")]), no_space)
    batch_writer(Batch([metric("loss")], {"lr": "1"}))
    (failure,) = batch_writer.failures()
    assert failure.startswith("The run is deleted.")
    assert failure.endswith("Lost: loss, lr.")
    assert failure in caplog.text


def test_saved_values_are_read_unchanged(tmp_path: Path) -> None:
    values = [metric("量/loss", 3, math.pi), metric("n", -1, math.nan), metric("i", 2**62, -math.inf)]
    batch = Batch(values, {"lr": "行\n1"}, {"a b": ""})
    path = leftovers.keep(RUN, "postgresql://me:secret@host/db", Batch(metrics=values), [tmp_path])
    assert leftovers.keep(RUN, "file:/x", Batch(params=batch.params, tags=batch.tags), [tmp_path]) == path
    matches = values_in(path, "ab12")
    assert repr(matches) == repr(batch)
    assert not values_in(path, "other")


def test_the_file_is_private_and_has_no_password(tmp_path: Path) -> None:
    path = leftovers.keep(RUN, "postgresql://me:secret@host/db", Batch(tags={"a": "1"}), [tmp_path / "new"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "secret" not in path.read_text()
    assert [json.loads(line)["run_id"] for line in path.read_text().splitlines()] == ["ab12"]


def test_a_folder_that_takes_nothing_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "full").write_text("no folder")
    path = leftovers.keep(RUN, "file:/x", Batch(tags={"a": "1"}), [tmp_path / "full", tmp_path / "good"])
    assert path == tmp_path / "good" / "ab12.jsonl"
    with pytest.raises(OSError):
        leftovers.keep(RUN, "file:/x", Batch(tags={"a": "1"}), [tmp_path / "full"])


def test_values_are_kept_when_the_working_directory_was_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed = tmp_path / "removed"
    removed.mkdir()
    monkeypatch.chdir(removed)
    removed.rmdir()
    assert values_in(leftovers.keep(RUN, "file:/x", Batch(tags={"a": "1"})), "ab12").tags == {"a": "1"}


def test_an_invalid_line_is_named(tmp_path: Path) -> None:
    path = leftovers.keep(RUN, "file:/x", Batch(tags={"a": "1"}), [tmp_path])
    path.write_text(path.read_text() + "nonsense\n")
    with pytest.raises(UsageError, match="Line 2 of"):
        values_in(path, "ab12")


def test_artifacts_are_kept_in_the_first_private_folder_that_takes_them(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "deep").mkdir(parents=True)
    (source / "deep" / "a.txt").write_text("a")
    (tmp_path / "open").mkdir(mode=0o755)
    root = leftovers.keep_files(RUN, source, "to", [tmp_path / "open", tmp_path / "good"])
    assert leftovers.keep_files(RUN, source / "deep" / "a.txt", "", [tmp_path / "good"]) == root
    assert root.parent == tmp_path / "good"
    saved: list[list[str]] = []

    def save(path: Path, folder: str) -> None:
        saved.append(sorted(str(file.relative_to(path)) for file in path.rglob("*.txt")))

    with pytest.raises(UsageError, match="is not the artifacts folder of the run cd34"):
        leftovers.save_once(root, "cd34", save)
    leftovers.save_once(root, "ab12", save)
    assert saved == [["a.txt", "to/deep/a.txt"]]
    assert not root.exists()


def test_half_a_line_never_stays_in_the_file(tmp_path: Path) -> None:
    path = leftovers.keep(RUN, "file:/x", Batch(tags={"a": "1"}), [tmp_path])
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, limit[1]))
    try:
        with pytest.raises(OSError):
            leftovers.keep(RUN, "file:/x", Batch(tags={"b": "2"}), [tmp_path])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert values_in(path, "ab12").tags == {"a": "1"}


def test_a_folder_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(tmp_path / "good")
    places = [tmp_path / "open", tmp_path / "link", tmp_path / "good"]
    (tmp_path / "good").mkdir(mode=0o700)
    assert leftovers.keep(RUN, "file:/x", Batch(tags={"a": "1"}), places).parent == tmp_path / "good"
    assert not list((tmp_path / "open").iterdir())


def test_leftovers_are_logged_once_even_if_logging_fails_midway(tmp_path: Path) -> None:
    metrics = [metric("loss", step) for step in range(250)]
    path = leftovers.keep(RUN, "file:/x", Batch(metrics), [tmp_path])
    other = RunInfo("cd34", "1")
    path.write_text(path.read_text() + leftovers.keep(other, "file:/x", Batch(tags={"a": "1"}), [tmp_path]).read_text())
    store = Store()

    def failing(batch: Batch) -> None:
        if len(store.taken.metrics) >= 200:
            raise StoreUnreachable("The server is down.")
        store(batch)

    with pytest.raises(StoreUnreachable):
        leftovers.log_once(path, "ab12", failing)
    for _ in range(3):
        leftovers.log_once(path, "ab12", store)
    assert store.taken.metrics == metrics
    assert values_in(path, "cd34") == Batch([], {}, {"a": "1"})
    leftovers.log_once(path, "cd34", store)
    leftovers.log_once(path, "cd34", store)
    assert store.taken.tags == {"a": "1"}
    assert not path.exists()
