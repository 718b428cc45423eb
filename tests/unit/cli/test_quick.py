"""The quick way to the screen understands what it takes upon itself exactly as the long way does."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from qtui.cli import quick, screen
from qtui.entities import View
from tests.unit.cli.conftest import Call

TAKEN = [
    (),
    ("--uri", "mlruns"),
    ("--uri=mlruns",),
    ("--uri=sqlite:///a=b.db",),
    ("--uri", "a", "--uri", "b"),
    ("--uri", "--ascii"),
    ("--theme", "day", "--ascii", "--read-only", "--uri", "mlruns"),
    ("--theme=",),
    ("./mlruns",),
    ("--ascii", "sqlite:///a=b.db", "--theme", "day"),
    ("mlflow.db",),
]
LEFT = [
    ("--help",),
    ("--version",),
    ("--uri",),
    ("--ur", "mlruns"),
    ("--ascii=1",),
    ("--uri", "mlruns", "runs"),
    ("--view", "all"),
    ("--refresh", "3"),
    ("--no-such-option",),
    ("mlruns",),
    ("./mlruns", "runs"),
    ("./mlruns", "./others"),
    ("--", "--ascii"),
]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """How the screen was to be opened."""
    calls: list[Any] = []

    def open_screen(session: Any, **asked: Any) -> int:
        usual = {"view": View.ACTIVE, "refresh": None, "theme": None, "ascii_only": False}
        calls.append((session, {**usual, **asked}))
        return 7

    monkeypatch.setattr(screen, "open_screen", open_screen)
    return calls


@pytest.mark.parametrize("args", TAKEN, ids=" ".join)
def test_both_ways_understand_the_same(args: tuple[str, ...], opened: list[Any], qtui: Call) -> None:
    asked = quick.wanted(args)
    assert asked is not None
    assert quick.show(asked) == 7
    assert qtui(*args).code == 7
    assert opened[0] == opened[1]


@pytest.mark.parametrize("args", LEFT, ids=" ".join)
def test_anything_else_is_left_to_the_long_way(args: tuple[str, ...]) -> None:
    assert quick.wanted(args) is None


def test_what_goes_wrong_is_said_as_always() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "qtui", "--uri", "nowhere"], capture_output=True, text=True, env=os.environ, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("qtui: The screen needs a terminal")
