"""qtui: a full-screen terminal UI and a recorder library for MLflow and Qlib experiments."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

UNSUPPORTED_PLATFORM = "qtui needs Linux or macOS. On Windows, run it in WSL."


def __getattr__(name: str) -> Any:
    """Import the recorder library and R on first use."""
    if name == "recorder":
        return import_module("qtui.recorder")
    if name == "R":
        return import_module("qtui.recorder.r").R
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
