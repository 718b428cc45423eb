"""Puts values into dicts and sets, unless hashing or comparing them would take for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qtui.pickles.node import Node
from qtui.pickles.values.table import COLLIDING

HEAVIEST = 10_000
"""How many values, counted as often as they occur, a key may be made of."""


def fill_dict(target: dict[Any, Any], keys: Sequence[Any], values: Iterable[Any], weights: Iterable[int]) -> None:
    """Put the pairs into a dict; a key that cannot be hashed is put in as a node that holds it."""
    for key, value in zip(_safe(keys, weights), values, strict=True):
        target[key] = value


def fill_set(target: set[Any], items: Sequence[Any], weights: Iterable[int]) -> None:
    """Put the items into a set."""
    target.update(_safe(items, weights))


def frozen(items: Sequence[Any], weights: Iterable[int]) -> frozenset[Any]:
    """A frozenset of the items."""
    return frozenset(_safe(items, weights))


def _safe(keys: Sequence[Any], weights: Iterable[int]) -> Iterator[Any]:
    """The keys, with a node in the place of each that would be no good one."""
    alike: dict[int, int] = {}
    for key, weight in zip(keys, weights, strict=True):
        if weight > HEAVIEST:
            yield Node("", "key", (key,), reason="It is made of too many values to be a key.")
            continue
        try:
            code = hash(key)
        except Exception:
            yield Node("", "key", (key,), reason="It cannot be a key, for it can be changed.")
            continue
        alike[code] = alike.get(code, 0) + 1
        if alike[code] > COLLIDING:
            yield Node("", "key", (key,), reason="Too many keys have the same hash.")
        else:
            yield key
