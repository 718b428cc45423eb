"""Fill dicts and sets without hashing values that would take unbounded time.

The weight of a key is its number of nested values, counting shared values as often as they occur.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qtui.pickles.node import Node
from qtui.pickles.values.registry import MAX_COLLISIONS

MAX_KEY_VALUES = 10_000
"""The weight up to which a key is hashed."""


def fill_dict(target: dict[Any, Any], keys: Sequence[Any], values: Iterable[Any], weights: Iterable[int]) -> None:
    """Fill a dict; an unhashable key is replaced with a node containing it."""
    for key, value in zip(_hashable_keys(keys, weights), values, strict=True):
        target[key] = value


def fill_set(target: set[Any], items: Sequence[Any], weights: Iterable[int]) -> None:
    """Fill a set; an unhashable item is replaced with a node containing it."""
    target.update(_hashable_keys(items, weights))


def frozenset_of(items: Sequence[Any], weights: Iterable[int]) -> frozenset[Any]:
    return frozenset(_hashable_keys(items, weights))


def _hashable_keys(keys: Sequence[Any], weights: Iterable[int]) -> Iterator[Any]:
    """Yield the keys, with a node instead of a key that is too large, mutable or collides too often."""
    collisions: dict[int, int] = {}
    for key, weight in zip(keys, weights, strict=True):
        if weight > MAX_KEY_VALUES:
            yield Node("", "key", (key,), reason="It has too many values to be used as a key.")
            continue
        try:
            code = hash(key)
        except Exception:
            yield Node("", "key", (key,), reason="It cannot be hashed, so it cannot be used as a key.")
            continue
        collisions[code] = collisions.get(code, 0) + 1
        if collisions[code] > MAX_COLLISIONS:
            yield Node("", "key", (key,), reason="Too many keys have the same hash.")
        else:
            yield key
