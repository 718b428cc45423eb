"""Converting the value of a metric (a number, an array or a Series) to points with steps."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsIndex, TypeGuard

from qtui.errors import BadValue
from qtui.store.validation import quote, to_float, to_int64

if TYPE_CHECKING:
    from pandas import Series


def points_of(key: str, value: object, step: object, next_step: Callable[[str], int]) -> Iterable[tuple[int, float]]:
    """Return pairs of step and value; without a step the steps continue from `next_step(key)`.

    Raises BadValue for values or steps that are not numbers or do not match in length.
    """
    if type(value) is float and type(step) is int:
        return ((step, value),)
    try:
        steps, values = columns(value, step, lambda: next_step(key))
    except ValueError as error:
        raise BadValue(f"The metric {quote(key)} {error}.") from None
    return zip(steps, values, strict=True)


def columns(value: object, step: object, next_step: Callable[[], int]) -> tuple[Sequence[int], Sequence[float]]:
    """Return steps and values of the same length; raise ValueError for an invalid value or step."""
    if is_series(value):
        if step is not None:
            raise ValueError("is a Series: its index has the steps, so no other step can be given")
        values = numbers(value.to_numpy().tolist())
        return series_steps(value, next_step), values
    items = sequence_items(value)
    if items is not None:
        return array_steps(len(items), step, next_step), numbers(items)
    if sequence_items(step) is not None:
        raise ValueError("has one value but more than one step")
    return [next_step() if step is None else step_of(step)], numbers([value])


def is_series(value: object) -> TypeGuard[Series[Any]]:
    """Return whether this is a Series, without importing pandas."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.Series)


def sequence_items(value: object) -> list[object] | None:
    """Return the items of a list or a one-dimensional array of any library; None for anything else."""
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
    """Return the value; raise ValueError if it is not iterable."""
    if isinstance(value, Iterable):
        return value
    raise ValueError(f"has a value that is not a number: {quote(value)}")


def array_steps(count: int, step: object, next_step: Callable[[], int]) -> Sequence[int]:
    """Return one step per value: the given ones, or consecutive ones from a first step."""
    steps = sequence_items(step)
    if steps is None:
        first = next_step() if step is None else step_of(step)
        return range(first, first + count)
    if len(steps) != count:
        raise ValueError(f"has {count} values but {len(steps)} steps")
    return [step_of(item) for item in steps]


def series_steps(series: Series[Any], next_step: Callable[[], int]) -> Sequence[int]:
    """Return the index of a Series if it has integers, else consecutive steps."""
    index = series.index.tolist()
    if all(isinstance(item, int) and not isinstance(item, bool) for item in index):
        return [to_int64(item, "step") for item in index]
    first = next_step()
    return range(first, first + len(index))


def step_of(step: object) -> int:
    """Return a step as an int; raise ValueError if it is not an integer. A float such as 3.0 is one."""
    if isinstance(step, float) and step.is_integer():
        step = int(step)
    if isinstance(step, SupportsIndex) and not isinstance(step, bool):
        return to_int64(step, "step")
    raise ValueError(f"has a step that is not an integer: {quote(step)}")


def numbers(values: Iterable[object]) -> list[float]:
    return [value if type(value) is float else number(value) for value in values]


def number(value: object) -> float:
    """Return a float for anything that MLflow accepts as a number, including booleans and numeric text."""
    if isinstance(value, str):
        return number_in(value)
    if isinstance(value, SupportsFloat):
        return float(value) if type(value).__name__ in ("bool", "bool_") else to_float(value)
    raise ValueError(f"has a value that is not a number: {quote(value)}")


def number_in(text: str) -> float:
    """Parse a number; raise ValueError if the text is not one."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"has a value that is not a number: {quote(text)}") from None
