"""Sorting as MLflow sorts: absent values last and NaN before them, whichever way; ties by start time, then id."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from qtui.entities import Run
from qtui.query.ast import Kind, OrderBy
from qtui.query.cursor import Cursor
from qtui.query.lexer import Lexeme
from qtui.query.values import Getter, getter

_DIRECTIONS: Mapping[str, bool] = {"": True, "ASC": True, "DESC": False}


def parse_order(text: str) -> OrderBy:
    """What a text like `metrics.ic DESC` sorts by; ascending unless it says otherwise."""
    cursor = Cursor(text, now=0)
    name = cursor.token
    if not cursor.at(Lexeme.WORD, Lexeme.QUOTED):
        raise cursor.error("A sort begins with what to sort by, such as metrics.ic or start_time.")
    field = cursor.field()
    if field.kind is Kind.DATASET:
        raise cursor.error("Runs cannot be sorted by their datasets.", name)
    ascending = _DIRECTIONS.get(cursor.token.source.upper())
    if ascending is None:
        raise cursor.error(f"Behind {cursor.before.source} stands ASC, DESC or nothing, not {cursor.token.source}.")
    cursor.advance()
    if not cursor.at(Lexeme.END):
        raise cursor.error(f"Nothing may stand behind {cursor.before.source}; give further keys one by one.")
    return OrderBy(field, ascending)


def sorted_runs(runs: Iterable[Run], order_by: Sequence[OrderBy] = (), *, now: int | None = None) -> list[Run]:
    """The runs in this order; `now` (ms) is what a running run's duration is counted to."""
    moment = time.time_ns() // 1_000_000 if now is None else now
    found = sorted(runs, key=_naturally)
    for each in reversed(order_by):
        found.sort(key=_key(getter(each.field, moment), each.ascending), reverse=not each.ascending)
    return found


def _naturally(run: Run) -> tuple[bool, int, str]:
    started = run.info.start_time
    return started is None, -(started or 0), run.info.run_id


def _key(get: Getter, ascending: bool) -> Callable[[Run], tuple[int, Any]]:
    """A key whose first part puts numbers before NaN before nothing, also when the sort is reversed."""
    value_first, nan_second, absent_last = (0, 1, 2) if ascending else (2, 1, 0)

    def key(run: Run) -> tuple[int, Any]:
        value = get(run)
        if value is None:
            return absent_last, 0
        if isinstance(value, float) and math.isnan(value):
            return nan_second, 0
        return value_first, value

    return key
