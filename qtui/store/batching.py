"""Split batches for stores that accept a limited number of values in one request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TypeVar

from qtui.store.writer import Batch, Limits

T = TypeVar("T")


def request_batches(batch: Batch, limits: Limits) -> Iterator[Batch]:
    """Yield the parts of a batch that fit into one request each, and are therefore written atomically.

    Params come first, because only they can conflict with stored values.
    """
    if limits.request_metrics is None or limits.request_texts is None:
        yield batch
        return
    metrics = slices(batch.metrics, limits.request_metrics)
    params = slices(list(batch.params.items()), limits.request_texts)
    tags = slices(list(batch.tags.items()), limits.request_texts)
    for some_metrics, some_params, some_tags in zip_longest(metrics, params, tags, fillvalue=()):
        yield Batch(some_metrics, dict(some_params), dict(some_tags))


def slices(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Return the items in slices of at most this size."""
    return [items[start : start + size] for start in range(0, len(items), size)]
