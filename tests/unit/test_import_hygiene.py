"""Slow libraries are not imported before the first answer: importing one takes longer than the answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("mlflow", "pandas", "numpy", "rich", "textual", "sqlalchemy", "pydantic", "plotext", "pyarrow", "PIL")
TELL = "import sys; print([name for name in {names!r} if name in sys.modules], file=sys.stderr)"
RUN = """
import atexit, sys
sys.argv = ["qtui", *{args!r}]
atexit.register(lambda: print([name for name in {names!r} if name in sys.modules], file=sys.stderr))
from qtui.cli import main
main()
"""


def imported(program: str) -> str:
    """The last line that a fresh interpreter writes to stderr."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("module", ["qtui", "qtui.recorder", "qtui.store", "qtui.query", "qtui.cli", "qtui.cli.app"])
def test_importing_the_package_imports_nothing_heavy(module: str) -> None:
    assert imported(f"import {module}; {TELL.format(names=HEAVY)}") == "[]"


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--version"],
        ["experiments"],
        ["runs"],
        ["runs", "--limit", "5", "--filter", "metrics.IC > 0.04", "--sort", "metrics.IC DESC"],
        ["runs", "--json", "--limit", "3"],
        ["show", "csi300/lightgbm/lgb-210-0.0421-21"],
    ],
    ids=" ".join,
)
def test_listing_a_file_store_imports_nothing_heavy(sample: Path, args: list[str]) -> None:
    assert imported(RUN.format(args=["--uri", str(sample), *args], names=HEAVY)) == "[]"


def test_a_command_imports_no_other_command(sample: Path) -> None:
    others = tuple(
        f"qtui.cli.commands.{name}" for name in ("show", "history", "artifacts", "doctor", "demo", "experiments")
    )
    assert imported(RUN.format(args=["--uri", str(sample), "runs"], names=others)) == "[]"


def test_every_command_of_the_screen_is_known_to_the_settings_before_its_place_is_shown() -> None:
    program = "import sys; from qtui.tui.keymap import resolve; print(resolve({'wrap-lines': 'f9'}), file=sys.stderr)"
    assert imported(program) == "({'wrap-lines': 'f9'}, ())"
