"""Read the points of a metric on a server that are new since the last reading.

A cursor is the token of the last page that was read and the points on it; servers without pages send all points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from qtui.entities import History, Point, RunInfo
from qtui.errors import StoreUnreadable
from qtui.store.protocol import MetricUpdate
from qtui.store.remote.convert import point_of

if TYPE_CHECKING:
    from mlflow.entities import Metric
    from mlflow.store.entities import PagedList

PAGE_POINTS = 25_000
"""Points requested in one page, as MLflow's client does."""

ReadPage = Callable[[str | None, int], "PagedList[Metric] | None"]
"""Takes a page token and a page size in points. Returns None when there is no such metric."""


class PageCursor(NamedTuple):
    """The token of the last page that was read, and the points on it."""

    token: str | None
    points: tuple[Hashable, ...]


def read_new_points(read_page: ReadPage, info: RunInfo, key: str, cursor: Hashable) -> MetricUpdate | None:
    """Return the points since a cursor; all points when the last page has changed. None for an unknown metric."""
    if isinstance(cursor, PageCursor):
        # A page no larger than the points that are known comes with the token of the points after them.
        known = len(cursor.points)
        points, last = _read_pages(read_page, cursor.token, max(1, known))
        if tuple(map(_comparable, points[:known])) == cursor.points:
            return MetricUpdate(History.of(info.run_id, key, points[known:]), last)
    points, last = _read_pages(read_page, None, PAGE_POINTS)
    return MetricUpdate(History.of(info.run_id, key, points), last, is_full=True) if points else None


def _read_pages(read_page: ReadPage, token: str | None, size: int) -> tuple[list[Point], PageCursor]:
    """Return all points from a page on, and the cursor after them."""
    tokens = {token}
    page = read_page(token, size)
    page_points = list(map(point_of, page or ()))
    points = list(page_points)
    while page is not None and page.token:
        if page.token in tokens:
            raise StoreUnreadable("The server sends the same page of a metric again and again.")
        token = page.token
        tokens.add(token)
        page = read_page(token, PAGE_POINTS)
        page_points = list(map(point_of, page or ()))
        points += page_points
    return points, PageCursor(token, tuple(map(_comparable, page_points)))


def _comparable(point: Point) -> Sequence[object]:
    """Return a value for a point that equals itself even if the point is NaN."""
    return point.step, point.timestamp, None if math.isnan(point.value) else point.value
