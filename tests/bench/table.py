"""Prints rows as an aligned table."""

from __future__ import annotations

from collections.abc import Iterable

from tests.bench.registry import Row

HEADINGS = ("what", "qtui", "beside", "", "ratio", "budget", "")


def lines_of(rows: Iterable[Row]) -> list[str]:
    """One line for each row, under headings."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _cells(row: Row) -> tuple[str, ...]:
    if row.ours is None or row.other is None:
        return (row.what, _time(row.ours), row.beside, _time(row.other), "", "", "")
    verdict = "" if row.goal is None else "holds" if row.goal.holds(row.ours, row.other) else "MISSED"
    budget = "" if row.goal is None else str(row.goal)
    return (row.what, _time(row.ours), row.beside, _time(row.other), _ratio(row.ours, row.other), budget, verdict)


def _ratio(ours: float, other: float) -> str:
    return f"{other / ours:.1f}x faster" if other >= ours else f"{ours / other:.2f}x as long"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"
