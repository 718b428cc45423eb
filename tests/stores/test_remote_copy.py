"""A remote artifact is fetched as far as it is read; complete copies are kept in a private, bounded folder."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qtui.cancellation import Cancelled, cancelled_when
from qtui.entities import Artifact
from qtui.errors import ArtifactTooLarge, ArtifactUnreadable, StoreUnreadable
from qtui.store.artifacts.remote_copy import ByteRanges, FetchProgress, RemoteCopy
from qtui.store.private_folder import PrivateFolder
from qtui.store.protocol import ArtifactStream

CONTENT = random.Random(3).randbytes(3_000_000)
CHUNK = 50_000


class FakeStream:
    """A stream over bytes, which counts what it has sent."""

    modified_ns = None
    waiting_bytes = 0

    def __init__(self, content: bytes = CONTENT, *, has_ranges: bool = True, version: str = "1") -> None:
        self.content = content
        self.has_ranges = has_ranges
        self.version = version
        self.size: int | None = len(content)
        self.starts: list[int] = []
        self.sent = 0
        self._part = b""

    def matches_copy(self, modified_ns: int) -> bool:
        return True

    def start(self, offset: int, end: int | None = None) -> int:
        self.starts.append(offset)
        offset = offset if self.has_ranges else 0
        self._part = self.content[offset:end]
        return offset

    def chunks(self) -> Iterator[bytes]:
        part = self._part
        for start in range(0, len(part), CHUNK):
            self.sent += len(part[start : start + CHUNK])
            yield part[start : start + CHUNK]

    @contextmanager
    def open(self, artifact: Artifact) -> Iterator[ArtifactStream]:
        yield self


def copy_of(
    stream: FakeStream, cache: PrivateFolder | None = None, limit: int | None = None, source_id: str = "run"
) -> RemoteCopy:
    """Return a copy of a stream."""
    return RemoteCopy(stream.open, Artifact("data.bin", False), source_id, cache=cache, limit=limit)


def test_only_the_parts_that_are_read_are_fetched() -> None:
    stream = FakeStream()
    copy = copy_of(stream)
    assert copy.read(0, 100) == CONTENT[:100]
    assert copy.read(2_900_000, 500) == CONTENT[2_900_000:2_900_500]
    assert copy.read(50, 100) == CONTENT[50:150]
    assert stream.starts == [0, 2_900_000]
    assert stream.sent < 400_000


def test_any_part_is_the_same_as_in_the_whole(tmp_path: Path) -> None:
    rng = random.Random(5)
    for has_ranges in (True, False):
        copy = copy_of(FakeStream(has_ranges=has_ranges), PrivateFolder(tmp_path / "cache", 1 << 30))
        for _ in range(60):
            offset, size = rng.randrange(len(CONTENT)), rng.randrange(200_000)
            assert copy.read(offset, size) == CONTENT[offset : offset + size]
        copy.close()


def test_a_store_without_parts_is_read_only_as_far_as_needed() -> None:
    stream = FakeStream(has_ranges=False)
    copy = copy_of(stream)
    assert copy.read(100, 10) == CONTENT[100:110]
    assert stream.sent == CHUNK
    assert copy.read(200_000, 10) == CONTENT[200_000:200_010]
    assert copy.read(5, 10) == CONTENT[5:15]
    assert (stream.starts, stream.sent) == ([0], 5 * CHUNK)


def test_a_size_that_the_store_does_not_tell_is_known_at_the_end() -> None:
    stream = FakeStream(CONTENT[:120_000], has_ranges=False)
    stream.size = None
    copy = copy_of(stream)
    assert copy.has_more(5) and copy.read(0, 10) == CONTENT[:10]
    assert copy.size == 120_000
    assert not copy.has_more(120_000)
    assert copy.read(119_990, 100) == CONTENT[119_990:120_000]


def test_a_stream_that_ends_too_early_is_an_error() -> None:
    for has_ranges in (True, False):
        stream = FakeStream(CONTENT[:1000], has_ranges=has_ranges)
        stream.size = 2000
        with pytest.raises(StoreUnreadable, match="ended before"):
            copy_of(stream).read(0, 2000)


def test_an_artifact_that_changes_while_it_is_read_is_not_mixed() -> None:
    stream = FakeStream()
    copy = copy_of(stream)
    copy.read(0, 10)
    stream.start = lambda offset, end=None: 0  # type: ignore[method-assign]
    with pytest.raises(ArtifactUnreadable, match="has changed"):
        copy.read(2_000_000, 10)


def test_a_complete_copy_is_kept_for_the_same_version_only(tmp_path: Path) -> None:
    cache = PrivateFolder(tmp_path / "cache", 1 << 30)
    copy = copy_of(FakeStream(), cache)
    copy.fileno()
    copy.close()
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0
    again = FakeStream()
    assert copy_of(again, cache).read(0, 10) == CONTENT[:10]
    assert again.starts == []
    changed = FakeStream(CONTENT[::-1], version="2")
    assert copy_of(changed, cache).read(0, 10) == CONTENT[::-1][:10]
    other_run = FakeStream(CONTENT[::-1])
    assert copy_of(other_run, cache, source_id="other").read(0, 10) == CONTENT[::-1][:10]
    unknown = FakeStream(version="")
    unknown_copy = copy_of(unknown, cache)
    unknown_copy.fileno()
    assert unknown.starts == [0]


def test_the_least_recently_used_copies_are_removed_above_the_size_limit(tmp_path: Path) -> None:
    cache = PrivateFolder(tmp_path / "cache", 7_000_000)
    for version in "abc":
        copy = copy_of(FakeStream(version=version), cache)
        copy.fileno()
        copy.close()
    assert sum(path.stat().st_size for path in (tmp_path / "cache").iterdir()) <= 7_000_000


def test_an_unfinished_copy_leaves_nothing(tmp_path: Path) -> None:
    copy = copy_of(FakeStream(), PrivateFolder(tmp_path / "cache", 1 << 30))
    copy.read(0, 10)
    copy.close()
    assert list((tmp_path / "cache").iterdir()) == []


def test_copies_of_two_processes_do_not_disturb_one_another(tmp_path: Path) -> None:
    cache = PrivateFolder(tmp_path / "cache", 1 << 30)
    first, second = copy_of(FakeStream(), cache), copy_of(FakeStream(), cache)
    first.read(0, 10)
    second.fileno()
    second.close()
    assert first.read(2_999_990, 10) == CONTENT[-10:]
    first.fileno()
    first.close()
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_copy_that_other_users_can_change_is_not_used(tmp_path: Path) -> None:
    cache = PrivateFolder(tmp_path / "cache", 1 << 30)
    copy_of(FakeStream(), cache).fileno()
    next((tmp_path / "cache").iterdir()).chmod(0o666)
    again = FakeStream()
    copy_of(again, cache).read(0, 10)
    assert again.starts == [0]


def test_the_disk_holds_at_most_the_limit(tmp_path: Path) -> None:
    copy = copy_of(FakeStream(), limit=500_000)
    for offset in range(0, 3_000_000, 100_000):
        assert copy.read(offset, 100_000) == CONTENT[offset : offset + 100_000]
        assert copy.fetched_bytes <= 500_000
    assert copy.read(0, 500_000) == CONTENT[:500_000]
    with pytest.raises(ArtifactTooLarge, match="download it"):
        copy.fileno()
    with pytest.raises(ArtifactTooLarge):
        copy_of(FakeStream(has_ranges=False), limit=500_000).read(600_000, 10)


def test_a_cancelled_read_stops_and_can_be_repeated() -> None:
    for has_ranges in (True, False):
        stream = FakeStream(has_ranges=has_ranges)
        copy = copy_of(stream)
        with cancelled_when(lambda stream=stream: stream.sent >= 200_000), pytest.raises(Cancelled):
            copy.read(0, 2_000_000)
        assert stream.sent == 200_000
        assert copy.read(0, 2_000_000) == CONTENT[:2_000_000]


def test_progress_is_in_words() -> None:
    assert FetchProgress(2_000_000, 4_000_000, 2.0).text == "Fetching 2.0 MB of 4.0 MB, 1.0 MB/s, 2s left"


def test_ranges_of_bytes_are_joined() -> None:
    rng = random.Random(1)
    ranges, expected = ByteRanges(), set[int]()
    for _ in range(300):
        start = rng.randrange(200)
        end = start + rng.randrange(1, 12)
        ranges.add(start, end)
        expected |= set(range(start, end))
        assert ranges.total == len(expected)
        offset = rng.randrange(220)
        assert ranges.first_missing(offset) == next(index for index in range(offset, 400) if index not in expected)
