"""Rereads of damaged files that a writer may be working on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from qtui.entities import Problem
from qtui.store.files.reading import rereads
from qtui.store.files.reading.rereads import RereadBudget, is_fresh, read_with_rereads


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses, which are recorded and not slept."""
    pauses: list[float] = []
    monkeypatch.setattr(rereads.time, "sleep", pauses.append)
    return pauses


def damaged_until(counts: dict[str, int]):
    """Return a reader that finds each file damaged for a number of reads."""

    def read(name: str) -> tuple[str, Sequence[Problem]]:
        counts[name] -= 1
        return name.upper(), [Problem(name, "is empty")] if counts[name] >= 0 else []

    return read


def test_fresh_damage_is_read_again_and_comes_last(tmp_path: Path, pauses: list[float]) -> None:
    (tmp_path / "a").touch()
    results = list(read_with_rereads("abc", damaged_until({"a": 2, "b": 0, "c": 0}), RereadBudget(str(tmp_path))))
    assert results == [("b", "B", []), ("c", "C", []), ("a", "A", [])]
    assert len(pauses) == 2


def test_old_damage_is_reported_at_once(tmp_path: Path, pauses: list[float]) -> None:
    (tmp_path / "a").touch()
    os.utime(tmp_path / "a", (1, 1))
    [(_, _, problems)] = read_with_rereads("a", damaged_until({"a": 9}), RereadBudget(str(tmp_path)))
    assert [problem.reason for problem in problems] == ["is empty"]
    assert pauses == []


def test_one_budget_limits_the_rereads_of_several_requests(tmp_path: Path, pauses: list[float]) -> None:
    (tmp_path / "a").touch()
    budget = RereadBudget(str(tmp_path))
    for _ in range(3):
        [(_, _, problems)] = read_with_rereads("a", damaged_until({"a": 99}), budget)
        assert len(problems) == 1
    assert len(pauses) == rereads.MAX_REREADS


def test_a_missing_file_is_as_fresh_as_its_nearest_folder(tmp_path: Path) -> None:
    assert is_fresh(str(tmp_path / "missing" / "file"))
    os.utime(tmp_path, (1, 1))
    assert not is_fresh(str(tmp_path / "missing" / "file"))
