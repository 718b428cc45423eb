"""The results as an aligned table."""

from __future__ import annotations

from collections.abc import Iterable

from qtui import formatting
from tests.bench.registry import Comparison, Measurement

HEADINGS = ("bench", "qtui", "beside", "", "ratio", "budget", "")


def format_results(results: Iterable[Comparison | Measurement]) -> list[str]:
    """Return a line for each result, below the headings."""
    rows = [HEADINGS, *(_cells(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cells(result: Comparison | Measurement) -> tuple[str, ...]:
    if isinstance(result, Measurement):
        value, limit = result.format_value(result.value), result.format_value(result.limit)
        return (result.label, value, "", "", "", f"<= {limit}", "holds" if result.holds else "MISSED")
    seconds, other_seconds, budget = result.seconds, result.other_seconds, result.budget
    times = (result.label, format_seconds(seconds), result.other, format_seconds(other_seconds))
    if seconds is None or other_seconds is None:
        return (*times, "", "", "")
    ratio = _format_ratio(seconds, other_seconds)
    if budget is None:
        return (*times, ratio, "", "")
    return (*times, ratio, str(budget), "holds" if budget.holds(seconds, other_seconds) else "MISSED")


def _format_ratio(seconds: float, other_seconds: float) -> str:
    if other_seconds >= seconds:
        return f"{other_seconds / seconds:.1f}x faster"
    return f"{seconds / other_seconds:.2f}x as long"


def format_seconds(seconds: float | None) -> str:
    """Return a time in milliseconds or seconds, an empty text for None."""
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def format_bytes(count: float) -> str:
    """Return a size in a suitable unit."""
    return formatting.format_size(round(count))
