"""Qlib's results as the first rows of the overview of a run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from qtui.entities import Point
from qtui.formatting import ABSENT, format_number
from qtui.lazy_pattern import lazy_pattern
from qtui.runs.metric_ranks import signal_name
from qtui.runs.text_row import TextRow
from qtui.text import pad, width

COSTS = {"with": "with cost", "without": "without cost"}
MEASURES = {"annualized_return": "ann. return", "information_ratio": "IR", "max_drawdown": "max drawdown"}
SIGNALS = (("IC", "ICIR"), ("Rank IC", "Rank ICIR"))
NO_MEASURES = "No run has a measure of Qlib, such as IC."
_PORTFOLIO = lazy_pattern(rf"(?:(.+)\.)?excess_return_({'|'.join(COSTS)})_cost\.({'|'.join(MEASURES)})")
GAP_CELLS = 2
REPORT_FOLDERS = ("sig_analysis", "portfolio_analysis")
"""The folders with the artifacts of a signal analysis and of a backtest."""


def has_report(metrics: Iterable[str], folders: Iterable[str] = ()) -> bool:
    """Return whether a run has the metrics of a signal analysis or a backtest, or a folder with their artifacts.

    An IC alone is no signal analysis: many training scripts log one.
    """
    keys = tuple(metrics)
    signals = {name for key in keys if (name := signal_name(key)) is not None}
    has_results = len(signals) > 1 or any(map(_portfolio_match, keys))
    return has_results or any(folder in REPORT_FOLDERS for folder in folders)


def measure_titles(metrics: Iterable[str]) -> dict[str, str]:
    """Return the metrics that are Qlib's measures with a title, in the order of a report.

    These are the metrics of the signal, then return, information ratio and drawdown with and without cost. Titles name
    the frequency, such as `1day`, if there are several.
    """
    keys = tuple(metrics)
    signals = {name: key for key in keys if (name := signal_name(key)) is not None}
    titles = {signals[name]: name for pair in SIGNALS for name in pair if name in signals}
    matches = [match for key in keys if (match := _PORTFOLIO.fullmatch(key)) is not None]
    has_several = len({match[1] for match in matches}) > 1

    def order(match: re.Match[str]) -> tuple[str, int, int]:
        return match[1] or "", list(COSTS).index(match[2]), list(MEASURES).index(match[3])

    for match in sorted(matches, key=order):
        frequency = f" {match[1]}" if has_several and match[1] else ""
        titles[match[0]] = f"{MEASURES[match[3]]} {COSTS[match[2]]}{frequency}"
    return titles


def _portfolio_match(key: str) -> re.Match[str] | None:
    return _PORTFOLIO.fullmatch(key) if "excess_return_" in key else None  # a run may have thousands of metrics


def result_rows(metrics: Mapping[str, Point]) -> Iterator[TextRow]:
    """Yield the results of a run: measures by cost for each frequency, then the signal's metrics in pairs."""
    tables: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    signals: dict[str, float] = {}
    for key, point in metrics.items():
        if match := _portfolio_match(key):
            tables[match[1] or "portfolio"][match[3], match[2]] = point.value
        elif name := signal_name(key):
            signals[name] = point.value
    for frequency, table in sorted(tables.items()):
        yield from _portfolio(frequency, table)
    for pair in SIGNALS:
        present = [name for name in pair if name in signals]
        if present:
            texts = [f"{name} {format_number(signals[name])}" for name in present]
            cell = (" " * GAP_CELLS).join(texts).removeprefix(f"{present[0]} ")
            yield TextRow(present[0], cell, ", ".join(f"{name} {signals[name]!r}" for name in present))


def _portfolio(frequency: str, table: Mapping[tuple[str, str], float]) -> Iterator[TextRow]:
    """Yield a heading, then a row for each measure with a value in each cost column."""
    costs = [cost for cost in COSTS if any(column == cost for _, column in table)]
    rows = [measure for measure in MEASURES if any(row == measure for row, _ in table)]
    texts = {measure_and_cost: format_number(value) for measure_and_cost, value in table.items()}
    widths = {cost: max(width(COSTS[cost]), *(width(texts.get((row, cost), ABSENT)) for row in rows)) for cost in costs}
    yield TextRow(frequency, _line(widths, {cost: COSTS[cost] for cost in costs}), role="heading")
    for row in rows:
        cells = {cost: texts.get((row, cost), ABSENT) for cost in costs}
        full_value = ", ".join(f"{COSTS[cost]} {table[row, cost]!r}" for cost in costs if (row, cost) in table)
        yield TextRow(MEASURES[row], _line(widths, cells), full_value)


def _line(widths: Mapping[str, int], cells: Mapping[str, str]) -> str:
    return (" " * GAP_CELLS).join(pad(cells[cost], cell_width, ">") for cost, cell_width in widths.items())
