"""Fit the columns of a table to a width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class ColumnNeed(NamedTuple):
    """The widths that a column needs, in cells."""

    natural: int
    """The width of the whole column."""
    least: int
    """The width below which it is not cut."""
    preferred: int
    """The width that is reserved for it before optional columns get any."""
    rank: int = 0
    """0 for a column that is always kept; the others are left out from the highest rank on."""


def fit_columns(needs: Sequence[ColumnNeed], cells: int, gap: int) -> list[int | None]:
    """Return the width of every column, None for one that is left out.

    Optional columns are kept as long as all have their preferred widths; then the widest are cut to the same width.
    """
    chosen = {index for index, need in enumerate(needs) if not need.rank}
    used = sum(needs[index].preferred + gap for index in chosen) - gap
    for index in sorted(range(len(needs)), key=lambda index: needs[index].rank):
        claim = needs[index].preferred + gap
        if index not in chosen and used + claim <= cells:
            chosen.add(index)
            used += claim
    indices = sorted(chosen)
    widths = dict(zip(indices, _cut([needs[index] for index in indices], cells, gap), strict=True))
    return [widths.get(index) for index in range(len(needs))]


def _cut(needs: Sequence[ColumnNeed], cells: int, gap: int) -> list[int]:
    """Return widths that fit: the widest columns are cut to the same width, with spare cells for the first of them."""
    available = cells - gap * (len(needs) - 1)

    def widths(level: int) -> list[int]:
        return [max(need.least, min(need.natural, level)) for need in needs]

    low, high = 0, max((need.natural for need in needs), default=0)
    if sum(widths(high)) <= available:
        return widths(high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if sum(widths(middle)) <= available else (low, middle)
    level, spare = widths(low), available - sum(widths(low))
    for index, wider in enumerate(widths(low + 1)):
        if spare > 0 and wider > level[index]:
            level[index], spare = wider, spare - 1
    return level
