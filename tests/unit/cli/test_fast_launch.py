"""The fast launch parses its command lines exactly as Typer does."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from qtui.cli import fast_launch, screen
from qtui.entities import ViewType
from tests.unit.cli.conftest import Call

PARSED = [
    (),
    ("--uri", "mlruns"),
    ("--uri=mlruns",),
    ("--uri=sqlite:///a=b.db",),
    ("--uri", "--ascii"),
    ("--theme", "day", "--ascii", "--read-only", "--uri", "mlruns"),
    ("--theme=",),
    ("./mlruns",),
    ("--ascii", "sqlite:///a=b.db", "--theme", "day"),
    ("mlflow.db",),
]
REJECTED = [
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
    ("--uri", "a", "--uri", "b"),
    ("--uri=a", "--uri=b"),
    ("--", "--ascii"),
]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the recorded calls of `open_screen`."""
    calls: list[Any] = []

    monkeypatch.setattr(fast_launch, "start_prefetch", lambda uri: None)

    def open_screen(session: Any, **arguments: Any) -> int:
        usual = {"view": ViewType.ACTIVE, "refresh": None, "theme": None, "ascii_only": False, "helper": None}
        calls.append((session, {**usual, **arguments}))
        return 7

    monkeypatch.setattr(screen, "open_screen", open_screen)
    return calls


@pytest.mark.parametrize("args", PARSED, ids=" ".join)
def test_fast_launch_parses_like_typer(args: tuple[str, ...], opened: list[Any], qtui: Call) -> None:
    arguments = fast_launch.parse_screen_arguments(args)
    assert arguments is not None
    assert fast_launch.open_fast(arguments) == 7
    assert qtui(*args).code == 7
    assert opened[0] == opened[1]


@pytest.mark.parametrize("args", REJECTED, ids=" ".join)
def test_other_command_lines_are_left_to_typer(args: tuple[str, ...]) -> None:
    assert fast_launch.parse_screen_arguments(args) is None


def test_errors_are_reported_as_always() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "qtui", "--uri", "nowhere"], capture_output=True, text=True, env=os.environ, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("qtui: The screen needs a terminal")


def test_several_stores_are_opened_as_one(opened: list[Any], qtui: Call) -> None:
    assert qtui("--uri", "a", "--uri=b", "./c").code == 7
    assert opened[0][0].uri == "stores:a + b + ./c"
