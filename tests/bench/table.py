"""Prints rows as an aligned table."""

from __future__ import annotations

from collections.abc import Iterable

from qtui import formatting
from tests.bench.registry import Amount, Row

HEADINGS = ("what", "qtui", "beside", "", "ratio", "budget", "")


def lines_of(rows: Iterable[Row | Amount]) -> list[str]:
    """One line for each row, under headings."""
    cells = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _cells(row: Row | Amount) -> tuple[str, ...]:
    if isinstance(row, Amount):
        budget, verdict = f"<= {row.written(row.limit)}", "holds" if row.holds else "MISSED"
        return (row.what, row.written(row.ours), "", "", "", budget, verdict)
    if row.ours is None or row.other is None:
        return (row.what, time_of(row.ours), row.beside, time_of(row.other), "", "", "")
    verdict = "" if row.goal is None else "holds" if row.goal.holds(row.ours, row.other) else "MISSED"
    budget = "" if row.goal is None else str(row.goal)
    return (row.what, time_of(row.ours), row.beside, time_of(row.other), _ratio(row.ours, row.other), budget, verdict)


def _ratio(ours: float, other: float) -> str:
    return f"{other / ours:.1f}x faster" if other >= ours else f"{ours / other:.2f}x as long"


def time_of(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def bytes_of(amount: float) -> str:
    return formatting.format_size(round(amount))
