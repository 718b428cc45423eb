"""qtui: a full-screen terminal UI and a recorder library for MLflow and Qlib experiments."""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"


def __getattr__(name: str) -> ModuleType:
    """The recorder library, loaded when it is first asked for."""
    if name == "recorder":
        return import_module("qtui.recorder")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
