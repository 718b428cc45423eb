"""Brings answers into a form in which equal means the same to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from qtui.entities import History, Point, Run


def plain(value: Any) -> Any:
    """Dicts, lists and texts; a NaN equals a NaN, and -0.0 is not 0.0."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Run):
        value = replace(value, inputs=tuple(sorted(value.inputs, key=lambda each: (each.name, each.digest))))
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def points(history: History) -> list[Point]:
    """The points of a history, one by one."""
    columns = zip(history.steps.tolist(), history.timestamps.tolist(), history.values.tolist(), strict=True)
    return [Point(*row) for row in columns]
