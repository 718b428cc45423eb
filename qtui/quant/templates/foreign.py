"""Qlib's classes, used if the running program has imported Qlib; it is never imported here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from qtui.errors import LoadObjectError
from qtui.qlib_classes import qlib_class


def load_errors() -> tuple[type[Exception], ...]:
    """Return the exceptions a recorder raises when an artifact cannot be loaded."""
    qlib_error = qlib_class("qlib.utils.exceptions", "LoadObjectError")
    return (LoadObjectError,) if qlib_error is None else (LoadObjectError, qlib_error)


@contextmanager
def treated_as(obj: Any, cls: type[Any] | None) -> Iterator[Any]:
    """Yield the object with its class set to a base class, and restore the class afterwards."""
    if cls is None or not isinstance(obj, cls):
        yield obj
        return
    own = obj.__class__
    obj.__class__ = cls
    try:
        yield obj
    finally:
        obj.__class__ = own
