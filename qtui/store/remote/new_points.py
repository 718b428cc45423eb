"""What a metric on a server has grown by: from the page on that was the last one, if the server gives pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from qtui.entities import Point, RunInfo
from qtui.errors import StoreUnreadable
from qtui.store.points import history_of
from qtui.store.protocol import Growth
from qtui.store.remote.convert import point_of

if TYPE_CHECKING:
    from mlflow.entities import Metric
    from mlflow.store.entities import PagedList

POINTS = 25_000
"""Points asked for at once; MLflow's client asks for as many."""

Page = Callable[[str | None, int], "PagedList[Metric] | None"]
"""Gives the page of a token with at most so many points; a server that knows no pages gives all of them."""


class Mark(NamedTuple):
    """The token of the page that was read last, and the points that were on it."""

    token: str | None
    points: tuple[Hashable, ...]


def grown(page: Page, info: RunInfo, key: str, mark: Hashable) -> Growth | None:
    """The points since a mark; everything, when the last page does not begin any more with what was on it.

    None when there is no such metric.
    """
    if isinstance(mark, Mark):
        # Asked for no more than is known, a server answers with the token of what comes behind it.
        read, last = _pages(page, mark.token, max(1, len(mark.points)))
        known = len(mark.points)
        if tuple(map(_comparable, read[:known])) == mark.points:
            return Growth(history_of(info.run_id, key, read[known:]), last)
    read, last = _pages(page, None, POINTS)
    return Growth(history_of(info.run_id, key, read), last, anew=True) if read else None


def _pages(page: Page, token: str | None, size: int) -> tuple[list[Point], Mark]:
    """All points from a page on, and the mark behind them."""
    tokens = {token}
    answer = page(token, size)
    on_page = list(map(point_of, answer or ()))
    read = list(on_page)
    while answer is not None and answer.token:
        if answer.token in tokens:
            raise StoreUnreadable("The server gives the same page of a metric again and again.")
        token = answer.token
        tokens.add(token)
        answer = page(token, POINTS)
        on_page = list(map(point_of, answer or ()))
        read += on_page
    return read, Mark(token, tuple(map(_comparable, on_page)))


def _comparable(point: Point) -> Sequence[object]:
    """A point as something that equals itself."""
    return point.step, point.timestamp, None if math.isnan(point.value) else point.value
