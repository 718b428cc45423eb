"""Export bars as SVG and CSV."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from qtui.plot.charts.bar_chart import Bar, BarChart
from qtui.plot.export.svg_export import (
    CHARACTER_PX,
    LINE_PX,
    MARGIN_PX,
    TEXT_STYLE,
    WIDTH_PX,
    svg_colour,
    svg_document,
    svg_text,
)
from qtui.text import csv_text, display, width

NAME_WIDTH_DIVISOR = 3
"""Names take at most one third of the width."""

BAR_HEIGHT_PX = 12
GAP_PX = 6


def bars_csv(chart: BarChart) -> str:
    """Return the bars that have a value as CSV, with exact numbers."""
    bars = (bar for bar in chart.bars if bar.value is not None)
    rows = ((bar.name, bar.value, bar.low, bar.high, bar.runs) for bar in bars)
    return csv_text([("name", "value", "low", "high", "runs"), *rows])


def bars_svg(chart: BarChart) -> str:
    """Return the bars that have a value as an SVG document, as high as they need."""
    bars = [bar for bar in chart.bars if bar.value is not None]
    lines = bool(chart.title) + len(bars) + bool(chart.footnote)
    return svg_document(_elements(chart, bars), WIDTH_PX, 2 * MARGIN_PX + LINE_PX * lines)


def _elements(chart: BarChart, bars: list[Bar]) -> Iterator[str]:
    """Yield the lines from top to bottom."""
    y = MARGIN_PX
    if chart.title:
        yield _text(MARGIN_PX, y, chart.title, 'font-weight="bold"')
        y += LINE_PX
    names = max((CHARACTER_PX * width(display(bar.name)) for bar in bars), default=0)
    names = min(names, WIDTH_PX // NAME_WIDTH_DIVISOR)
    labels = max((CHARACTER_PX * width(bar.label) for bar in bars), default=0)
    left = MARGIN_PX + names + GAP_PX
    bars_width = max(1, WIDTH_PX - left - labels - GAP_PX - MARGIN_PX)
    low, high = chart.limits
    scale = max(abs(low), abs(high)) or 1.0

    def x_of(value: float) -> float:
        """Return the x position of a value in pixels."""
        return left + (value / scale - low / scale) / ((high / scale - low / scale) or 1.0) * bars_width

    yield f'<path d="M{x_of(0):.1f} {y}v{LINE_PX * len(bars)}" stroke="#888"/>'
    for bar in bars:
        yield _text(left - GAP_PX, y, bar.name, 'text-anchor="end"')
        yield from _bar(bar, x_of, y)
        yield _text(left + bars_width + GAP_PX, y, bar.label)
        y += LINE_PX
    if chart.footnote:
        yield _text(MARGIN_PX, y, chart.footnote)


def _bar(bar: Bar, x_of: Callable[[float], float], y: int) -> Iterator[str]:
    """Yield a rectangle from zero to the value, and the whisker over it."""
    if bar.value is not None and math.isfinite(bar.value):
        start, end = sorted((x_of(0), x_of(bar.value)))
        size = f'x="{start:.1f}" y="{y + 2}" width="{end - start:.1f}" height="{BAR_HEIGHT_PX}"'
        yield f'<rect {size} fill="{svg_colour(bar.role)}"/>'
    if bar.whisker:
        start, end = map(x_of, bar.whisker)
        middle = y + 2 + BAR_HEIGHT_PX // 2
        yield f'<path d="M{start:.1f} {middle - 4}v8m0 -4H{end:.1f}m0 -4v8" stroke="#222" fill="none"/>'


def _text(x: float, y: int, text: str, style: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y + 12}" {style} {TEXT_STYLE}>{svg_text(text)}</text>'
