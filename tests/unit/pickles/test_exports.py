"""The public names, and the cost of importing them."""

from __future__ import annotations

import doctest
import subprocess
import sys

import qtui.pickles
from qtui.pickles import loading

PUBLIC = ["LoadedPickle", "Node", "PickleLimits", "load"]
HEAVY = {"mlflow", "pandas", "numpy", "pyarrow", "sqlalchemy", "yaml", "textual", "rich", "plotext", "typer"}


def test_the_package_exports_exactly_its_public_names() -> None:
    assert qtui.pickles.__all__ == PUBLIC
    assert all(hasattr(qtui.pickles, name) for name in PUBLIC)


def test_loading_a_plain_pickle_loads_nothing_heavy() -> None:
    program = (
        "import pickle, sys, qtui.pickles\n"
        "assert qtui.pickles.load(pickle.dumps([1])).value == [1]\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "qtui" in printed.split()
    assert not HEAVY & set(printed.split())


def test_the_example_of_load_is_true() -> None:
    assert doctest.testmod(loading) == doctest.TestResults(failed=0, attempted=2)
