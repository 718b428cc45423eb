"""Makes values of what a pickle describes: by a table of our own for known names, and nodes for all others."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from qtui.pickles.values.table import CONSTANTS, MAKERS, Maker, Path

STANDARD = ("builtin", "containers", "times", "zones", "numbers")
ARRAYS = ("dtypes", "arrays")
FRAMES = ("offsets", "moments", "kinds", "extensions", "arrow", "indexes", "frames")


@cache
def makers() -> dict[Path, Maker]:
    """The table, filled by the modules beside this one when it is first needed."""
    for family in (*STANDARD, *ARRAYS, *FRAMES):
        import_module(f"{__name__}.{family}")
    return MAKERS


def constants() -> dict[Path, Callable[[], Any]]:
    """The names that are values by themselves."""
    makers()
    return CONSTANTS
