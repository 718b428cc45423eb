"""Makes values of what a pickle describes: by a table of our own for known names, and nodes for all others."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from qtui.pickles.values.table import MAKERS, Maker, Path

FAMILIES = ("builtin", "containers", "times", "zones", "numbers")


@cache
def makers() -> dict[Path, Maker]:
    """The table, filled by the modules beside this one when it is first needed."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")
    return MAKERS
