"""Objects and errors of Qlib, where the program that runs has Qlib loaded; it is never loaded for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qtui.errors import LoadObjectError
from qtui.recorder.qlib_classes import qlib_class


def load_errors() -> tuple[type[Exception], ...]:
    """What a recorder raises when an artifact cannot be loaded."""
    theirs = qlib_class("qlib.utils.exceptions", "LoadObjectError")
    return (LoadObjectError,) if theirs is None else (LoadObjectError, theirs)


@contextmanager
def seen_as(obj: Any, cls: type[Any] | None) -> Iterator[Any]:
    """The object with the methods of one of its base classes; it is itself again afterwards, whatever happens."""
    if cls is None or not isinstance(obj, cls):
        yield obj
        return
    own = obj.__class__
    obj.__class__ = cls
    try:
        yield obj
    finally:
        obj.__class__ = own
