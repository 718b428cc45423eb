"""Classes of qtui that are subclasses of Qlib's classes too if Qlib is loaded; Qlib is never imported for them.

Qlib's own code and its users' scripts ask `isinstance(recorder, Recorder)` and catch
`LoadObjectError`. They mean Qlib's.
"""

from __future__ import annotations

import sys
from types import new_class
from typing import Any, TypeVar, cast

T = TypeVar("T")


def qlib_class(module: str, name: str) -> type[Any] | None:
    """Return a class of Qlib if its module is loaded, else None."""
    loaded: type[Any] | None = getattr(sys.modules.get(module), name, None)
    return loaded


def also_qlibs(cls: type[T], module: str, name: str) -> type[T]:
    """Return the class, or a subclass of it and of Qlib's class if that is loaded."""
    theirs = qlib_class(module, name)
    return cls if theirs is None or issubclass(cls, theirs) else cast("type[T]", _of_both(cls, theirs))


def without_qlib(cls: type[T]) -> type[T]:
    """Return the class that was passed to `also_qlibs`, which a pickle can refer to."""
    plain: type[T] = cls.__dict__.get("_without_qlib", cls)
    return plain


def _of_both(ours: type[Any], theirs: type[Any]) -> type[Any]:
    if (ours, theirs) not in _MADE:
        # What only Qlib's class defines must not change ours: a text of an experiment would read all of its recorders.
        methods = {name: getattr(ours, name) for name in ("__str__", "__eq__", "__hash__")}
        own = {"__module__": ours.__module__, "__qualname__": ours.__qualname__, "__doc__": ours.__doc__}
        body = {**own, **methods, "_without_qlib": ours}
        _MADE[ours, theirs] = new_class(ours.__name__, (ours, theirs), exec_body=lambda names: names.update(body))
    return _MADE[ours, theirs]


_MADE: dict[tuple[type[Any], type[Any]], type[Any]] = {}
