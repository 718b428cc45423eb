"""Tails of metric files: read on from the last position, or from the start if the file was replaced."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qtui.entities import RunInfo
from qtui.store.files import FileStore
from qtui.store.files.reading import rereads
from tests.stores.files.tree import LONG_AGO, Tree
from tests.stores.growing import Follower

LOSS = RunInfo("a1", "1")


@pytest.fixture
def metric(tree: Tree) -> Path:
    """Return the path of a metric file that does not exist yet."""
    return tree.run("a1") / "metrics" / "loss"


def follower_of(metric: Path) -> Follower:
    return Follower(FileStore(metric.parents[3]), LOSS, "loss")


def append(metric: Path, data: bytes) -> None:
    """Append data, with an old modification time, so that no reader waits for a writer."""
    with metric.open("ab") as file:
        file.write(data)
    os.utime(metric, (LONG_AGO, LONG_AGO))


lines = st.one_of(
    st.tuples(st.integers(-5, 10**13), st.floats(), st.integers(-5, 10**6)).map(
        lambda point: b"%d %s %d\n" % (point[0], repr(point[1]).encode(), point[2])
    ),
    st.sampled_from(
        [b"\n", b"oops\n", b"1 2\n", b"1 0.5 3\r\n", b"\x00\xff 1 2\n", b"1 2 3 name digest\n", "1 0.5 三\n".encode()]
    ),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.lists(lines, min_size=1, max_size=40).map(b"".join), cuts=st.lists(st.integers(0, 2000), max_size=6))
def test_reading_in_any_number_of_parts_gives_the_whole_file(metric: Path, data: bytes, cuts: list[int]) -> None:
    metric.unlink(missing_ok=True)
    follower = follower_of(metric)
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(data)], strict=True):
        append(metric, data[start:end])
        problems = follower.read().problems
    assert follower.points == follower.all_points()
    assert follower.full_reads == 1
    assert problems == FileStore(metric.parents[3]).history(LOSS, "loss")[1]


def test_a_fresh_line_without_a_newline_is_read_next_time(metric: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereads.time, "sleep", lambda seconds: pytest.fail("waited"))
    metric.write_bytes(b"1 0.5 0\n2 0.")
    follower = follower_of(metric)
    assert follower.read().problems == ()
    assert len(follower.points) == 1
    metric.write_bytes(b"1 0.5 0\n2 0.25 1\n")
    assert follower.read().is_full is False
    assert [point.split()[-1] for point in follower.points] == ["value=0.5)", "value=0.25)"]


def test_an_old_line_without_a_newline_is_reported(metric: Path) -> None:
    append(metric, b"1 0.5 0\n2 0.")
    [problem] = follower_of(metric).read().problems
    assert problem.reason == "line 2 is truncated: it has no newline; it is skipped"
    assert problem.run_id == "a1"


def test_bad_lines_are_numbered_from_the_start_of_the_file(metric: Path) -> None:
    append(metric, b"1 0.5 0\n2 0.5 1\n")
    follower = follower_of(metric)
    follower.read()
    append(metric, b"3 0.5 2\noops\n")
    [problem] = follower.read().problems
    assert problem.reason.startswith("line 4 ")
    assert follower.read().problems == (problem,)


def test_an_old_empty_file_is_reported(metric: Path) -> None:
    metric.touch()
    assert follower_of(metric).read().problems == ()
    append(metric, b"")
    [problem] = follower_of(metric).read().problems
    assert problem.reason == "is empty"


@pytest.mark.parametrize("text", [b"9 9.0 0\n", b"9 9.0 0\n8 8.0 1\n", b"9 9.0 0\n8 8.0 1\n7 7.0 2\n"])
def test_a_rewritten_file_is_read_from_the_start(metric: Path, text: bytes) -> None:
    append(metric, b"1 0.5 0\n2 0.5 1\n")
    follower = follower_of(metric)
    follower.read()
    metric.write_bytes(text)
    assert follower.read().is_full
    assert follower.points == follower.all_points()


def test_a_replaced_file_is_read_from_the_start(metric: Path) -> None:
    append(metric, b"1 0.5 0\n")
    follower = follower_of(metric)
    follower.read()
    other = metric.with_name("other")
    other.write_bytes(b"1 0.5 0\n2 0.5 1\n")
    other.replace(metric)
    assert follower.read().is_full
    assert follower.points == follower.all_points()


def test_a_removed_file_is_no_metric(metric: Path) -> None:
    append(metric, b"1 0.5 0\n")
    follower = follower_of(metric)
    follower.read()
    metric.unlink()
    assert follower.is_gone


def test_a_temporarily_unreadable_file_is_read_on_later(metric: Path) -> None:
    append(metric, b"1 0.5 0\n")
    follower = follower_of(metric)
    follower.read()
    hidden = metric.with_name("hidden")
    metric.rename(hidden)
    metric.symlink_to("/dev/null")
    growth = follower.read()
    assert (len(growth.history), growth.is_full, len(growth.problems)) == (0, False, 1)
    hidden.replace(metric)
    append(metric, b"2 0.25 1\n")
    assert follower.read().is_full is False
    assert follower.points == follower.all_points()


def test_only_the_appended_part_is_read(metric: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append(metric, b"".join(b"%d 0.5 %d\n" % (step, step) for step in range(100_000)))
    follower = follower_of(metric)
    follower.read()
    append(metric, b"1 0.25 100000\n")
    sizes = []
    read, pread = os.read, os.pread
    monkeypatch.setattr(os, "read", lambda *arguments: record_size(sizes, read(*arguments)))
    monkeypatch.setattr(os, "pread", lambda *arguments: record_size(sizes, pread(*arguments)))
    assert len(follower.read().history) == 1
    assert sum(sizes) < 70_000


def record_size(sizes: list[int], data: bytes) -> bytes:
    """Record the size of the data and return it."""
    sizes.append(len(data))
    return data


def test_reading_beside_a_writer_loses_and_repeats_no_point(metric: Path) -> None:
    script = (
        "import sys, random\n"
        "with open(sys.argv[1], 'ab', buffering=0) as file:\n"
        "    for step in range(20000):\n"
        "        line = b'%d 0.5 %d\\n' % (step, step)\n"
        "        cut = random.randrange(len(line))\n"
        "        file.write(line[:cut]); file.write(line[cut:])\n"
    )
    metric.touch()
    writer = subprocess.Popen([sys.executable, "-c", script, str(metric)])
    follower = follower_of(metric)
    reads = 0
    while writer.poll() is None:
        assert follower.read().problems == ()
        reads += 1
    follower.read()
    assert writer.returncode == 0
    assert reads > 1
    assert follower.points == follower.all_points()
    assert len(follower.points) == 20_000
