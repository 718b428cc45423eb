"""What a user gives for a metric: one number, an array of them, or a Series; as the points that a store holds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsIndex, TypeGuard

from qtui.errors import BadValue
from qtui.store.validation import quote, to_float, to_int64

if TYPE_CHECKING:
    from pandas import Series


def points_of(key: str, value: object, step: object, next_step: Callable[[str], int]) -> Iterable[tuple[int, float]]:
    """The steps and values that are meant, all checked; without a step they are numbered on from the next one."""
    if type(value) is float and type(step) is int:
        return ((step, value),)
    try:
        steps, values = columns(value, step, lambda: next_step(key))
    except ValueError as error:
        raise BadValue(f"The metric {quote(key)} {error}.") from None
    return zip(steps, values, strict=True)


def columns(value: object, step: object, next_step: Callable[[], int]) -> tuple[Sequence[int], Sequence[float]]:
    """Steps and values of the same length; ValueError says what is wrong with them."""
    if is_series(value):
        if step is not None:
            raise ValueError("is a Series, whose index are its steps, and takes no other step")
        values = numbers(value.to_numpy().tolist())
        return series_steps(value, next_step), values
    listed = listed_values(value)
    if listed is not None:
        return array_steps(len(listed), step, next_step), numbers(listed)
    if listed_values(step) is not None:
        raise ValueError("has one value but more than one step")
    return [next_step() if step is None else step_of(step)], numbers([value])


def is_series(value: object) -> TypeGuard[Series[Any]]:
    """Whether this is a Series, told without importing pandas."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.Series)


def listed_values(value: object) -> list[object] | None:
    """The items of a list or of a one-dimensional array of whatever library; None for anything else."""
    if isinstance(value, list | tuple | range):
        return list(value)
    dimensions = getattr(value, "ndim", None)
    if not isinstance(dimensions, int) or dimensions == 0:
        return None
    if dimensions > 1:
        raise ValueError(f"has {dimensions} dimensions")
    items: list[object] = value.tolist() if hasattr(value, "tolist") else list(as_iterable(value))
    return items


def as_iterable(value: object) -> Iterable[object]:
    """The value if one can go through it."""
    if isinstance(value, Iterable):
        return value
    raise ValueError(f"has a value that is not a number: {quote(value)}")


def array_steps(count: int, step: object, next_step: Callable[[], int]) -> Sequence[int]:
    """A step for each of so many values: those that are given, or numbered on from the one that is."""
    given = listed_values(step)
    if given is None:
        first = next_step() if step is None else step_of(step)
        return range(first, first + count)
    if len(given) != count:
        raise ValueError(f"has {count} values but {len(given)} steps")
    return [step_of(each) for each in given]


def series_steps(series: Series[Any], next_step: Callable[[], int]) -> Sequence[int]:
    """The index where it is of whole numbers; dates and words are numbered on instead."""
    index = series.index.tolist()
    if all(isinstance(each, int) and not isinstance(each, bool) for each in index):
        return [to_int64(each, "step") for each in index]
    first = next_step()
    return range(first, first + len(index))


def step_of(step: object) -> int:
    """A step as the whole number that it must be."""
    if isinstance(step, SupportsIndex) and not isinstance(step, bool):
        return to_int64(step, "step")
    raise ValueError(f"has a step that is not an integer: {quote(step)}")


def numbers(values: Iterable[object]) -> list[float]:
    """Every value as a float."""
    return [value if type(value) is float else number(value) for value in values]


def number(value: object) -> float:
    """Anything that MLflow takes for a number as a float: also True, and a text that is a number."""
    if isinstance(value, str):
        return number_in(value)
    if isinstance(value, SupportsFloat):
        return float(value) if type(value).__name__ in ("bool", "bool_") else to_float(value)
    raise ValueError(f"has a value that is not a number: {quote(value)}")


def number_in(text: str) -> float:
    """The number that a text is."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"has a value that is not a number: {quote(text)}") from None
