"""Normalization of values, so that equal means identical to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from qtui.entities import History, Point, Run


def normalize(value: Any) -> Any:
    """Return dicts, lists and texts, in which NaN equals NaN and -0.0 differs from 0.0."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Run):
        value = replace(value, inputs=tuple(sorted(value.inputs, key=lambda dataset: (dataset.name, dataset.digest))))
    if is_dataclass(value):
        return {field.name: normalize(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: normalize(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [normalize(item) for item in value]
    return value


def points(history: History) -> list[Point]:
    """Return the points of a history."""
    columns = zip(history.steps.tolist(), history.timestamps.tolist(), history.values.tolist(), strict=True)
    return [Point(*row) for row in columns]
