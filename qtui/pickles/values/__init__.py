"""Factories that build values of supported classes from validated parts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from qtui.pickles.values.registry import CONSTANTS, FACTORIES, Factory, Path

STANDARD = ("builtin_types", "containers", "times", "time_zones", "stdlib_types")
ARRAYS = ("numpy_dtypes", "arrays")
FRAMES = ("offsets", "pandas_scalars", "pandas_dtypes", "extensions", "arrow", "indexes", "frames")


@cache
def factories() -> dict[Path, Factory]:
    """Return the factories by name, importing the modules that register them."""
    for module in (*STANDARD, *ARRAYS, *FRAMES):
        import_module(f"{__name__}.{module}")
    return FACTORIES


def constants() -> dict[Path, Callable[[], Any]]:
    """Return the global names that stand for constants."""
    factories()
    return CONSTANTS
