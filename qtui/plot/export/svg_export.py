"""Export a chart as SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from qtui.plot.axes.axis import Ruler, horizontal_ruler, vertical_ruler
from qtui.plot.axes.limits import AxisLimits, x_limits
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.downsampling import downsample
from qtui.plot.curves.drawing import value_limits
from qtui.plot.pieces import DIM_SUFFIX, RUN_COLOURS_ON_LIGHT
from qtui.text import display

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats, Ints
    from qtui.plot.curves.band import Band
    from qtui.plot.scale import Scale
    from qtui.plot.series import Curve

DASHES = ("", "7 4", "2 4", "9 4 2 4")
"""Dash patterns that tell lines of one colour apart, in turn."""
BASELINE_DASH = "12 6"
"""The dash pattern of a curve that is dashed in every chart."""
WIDTH_PX, HEIGHT_PX = 900, 480
CHARACTER_PX = 7
LINE_PX = 20
MARGIN_PX = 12
TEXT_STYLE = 'font-family="sans-serif" font-size="12" fill="#444"'


class _SvgArea(NamedTuple):
    """The plot area in pixels, and the x-axis."""

    left: float
    top: float
    width: float
    height: float
    window: AxisLimits
    x: Scale


def chart_svg(chart: Chart) -> str:
    """Return the chart as an SVG document."""
    return svg_document(_body(chart), WIDTH_PX, HEIGHT_PX)


def svg_document(elements: Iterable[str], width: int, height: int) -> str:
    """Return a document of these elements on white, `width` x `height` pixels."""
    body = "\n".join(elements)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _body(chart: Chart) -> Iterator[str]:
    """Yield the elements from back to front."""
    top = MARGIN_PX
    dashes = curve_dashes(chart.curves)
    raw_dashes = [""] * (len(chart.curves_with_raw) - len(dashes))
    if chart.title:
        yield f'<text x="{MARGIN_PX}" y="{top + 12}" {TEXT_STYLE} font-weight="bold">{svg_text(chart.title)}</text>'
        top += LINE_PX
    if chart.legend:
        for index, (curve, dash) in enumerate(zip(chart.curves, dashes, strict=True)):
            yield _legend_entry(curve, MARGIN_PX, top + index * LINE_PX, dash)
        top += LINE_PX * len(chart.curves)
    window = x_limits(chart.axis_curves, chart.x.scale)
    if window is None:
        return
    window = chart.x.limits_for(window)
    rows = max(2, (HEIGHT_PX - top - 2 * LINE_PX) // LINE_PX)
    rulers = [_ruler(chart, window, rows, right=side) for side in (False, True)]
    left, right = (MARGIN_PX + CHARACTER_PX * (ruler.label_width + 1) if ruler else MARGIN_PX for ruler in rulers)
    width, height = max(2, WIDTH_PX - left - right), max(2, HEIGHT_PX - top - 2 * LINE_PX)
    area = _SvgArea(left, top, width, height, window, chart.x.scale)
    yield from _axes(chart, area, rulers)
    yield f'<clipPath id="area"><rect {_box(area)}/></clipPath>\n<g clip-path="url(#area)" fill="none">'
    yield from (_band(band, area, ruler) for band in chart.bands if (ruler := rulers[band.low.is_right]))
    for curve, dash in zip(chart.curves_with_raw, [*raw_dashes, *dashes], strict=True):
        if ruler := rulers[curve.is_right]:
            yield _curve(curve, area, ruler, dash)
    yield "</g>"


def _ruler(chart: Chart, window: AxisLimits, rows: int, *, right: bool) -> Ruler | None:
    data = value_limits(chart, window, right=right)
    return vertical_ruler(chart.y_right if right else chart.y, data, rows, LINE_PX) if data else None


def curve_dashes(curves: Sequence[Curve]) -> list[str]:
    """Return the dash pattern of each curve, so that curves of one colour differ as long as patterns last."""
    used: Counter[str] = Counter()
    dashes = []
    for curve in curves:
        colour = svg_colour(curve.role)
        dashes.append(BASELINE_DASH if curve.is_dashed else DASHES[used[colour] % len(DASHES)])
        used[colour] += 1
    return dashes


def _dash_attribute(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def _legend_entry(curve: Curve, x: float, y: float, dash: str) -> str:
    """Return a line of the legend."""
    return (
        f'<path d="M{x} {y + 8}h20" stroke="{svg_colour(curve.role)}" stroke-width="2"'
        f"{_dash_attribute(dash)}/>"
        f'<text x="{x + 24}" y="{y + 12}" {TEXT_STYLE}>{svg_text(curve.name)}</text>'
    )


def _axes(chart: Chart, area: _SvgArea, rulers: Sequence[Ruler | None]) -> Iterator[str]:
    """Yield the border, and the ticks with their labels."""
    import numpy

    end, bottom = area.left + area.width, area.top + area.height
    for right, ruler in enumerate(rulers):
        if ruler:
            yield from _y_axis(ruler, area, right=bool(right))
    below = horizontal_ruler(chart.x, area.window, int(area.width) // CHARACTER_PX, CHARACTER_PX)
    for mark in below.marks:
        x = area.left + float(_x_pixels(area, numpy.array(mark.value)))
        yield f'<path d="M{x:.1f} {bottom}v4" stroke="#888"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle" {TEXT_STYLE}>{svg_text(mark.label)}</text>'
    title = " ".join(part for part in (chart.x.title, below.note) if part)
    yield f'<text x="{end}" y="{bottom + 32}" text-anchor="end" {TEXT_STYLE}>{svg_text(title)}</text>'
    yield f'<rect {_box(area)} fill="none" stroke="#888"/>'


def _y_axis(ruler: Ruler, area: _SvgArea, *, right: bool) -> Iterator[str]:
    """Yield the ticks of a y-axis, and guides for the left one."""
    import numpy

    end = area.left + area.width
    label_position = f'x="{end + 6}"' if right else f'x="{area.left - 6}" text-anchor="end"'
    for mark in ruler.marks:
        y = area.top + float(_y_pixels(ruler, area, numpy.array(mark.value)))
        if not right:
            yield f'<path d="M{area.left} {y:.1f}H{end}" stroke="#e4e4e4"/>'
        yield f'<text {label_position} y="{y + 4:.1f}" {TEXT_STYLE}>{svg_text(mark.label)}</text>'
    if ruler.note:
        note_position = f'x="{end - 4}" text-anchor="end"' if right else f'x="{area.left + 4}"'
        yield f'<text {note_position} y="{area.top + 12}" {TEXT_STYLE}>{svg_text(ruler.note)}</text>'


def _curve(curve: Curve, area: _SvgArea, ruler: Ruler, dash: str) -> str:
    """Return a curve as a path; isolated points become dots."""
    width = "1.5" if curve.is_connected else "4"
    faint = ' stroke-opacity="0.35"' if curve.role.endswith(DIM_SUFFIX) else ""
    attributes = faint + _dash_attribute(dash if curve.is_connected else "")
    style = f'stroke="{svg_colour(curve.role)}" stroke-width="{width}" stroke-linecap="round"{attributes}'
    return f'<path d="{" ".join(_path(curve, area, ruler))}" {style}/>'


def _path(curve: Curve, area: _SvgArea, ruler: Ruler) -> Iterator[str]:
    """Yield the commands of a path through the first, lowest, highest and last value of every segment."""
    segments = downsample(curve, area.window, int(area.width), area.x, ruler.scale)
    columns = (segments.column + area.left).tolist()
    values = (segments.first, segments.low, segments.high, segments.last)
    heights = zip(*((area.top + _y_pixels(ruler, area, row_values)).tolist() for row_values in values), strict=True)
    for x, (first, low, high, last), joined in zip(columns, heights, segments.joined.tolist(), strict=True):
        yield f"{'L' if joined else 'M'}{x:.1f} {first:.1f}" + ("" if joined else "h0")
        if low != high:
            yield f"V{low:.1f}V{high:.1f}V{last:.1f}"


def _band(band: Band, area: _SvgArea, ruler: Ruler) -> str:
    """Return a band as an area, interrupted at gaps."""
    import numpy

    is_drawable = numpy.isfinite(band.low.y) & numpy.isfinite(band.high.y) & numpy.isfinite(_x_pixels(area, band.low.x))
    pieces = numpy.split(numpy.arange(len(is_drawable)), numpy.flatnonzero(numpy.diff(is_drawable)) + 1)
    paths = [_band_outline(band, piece, area, ruler) for piece in pieces if len(piece) and is_drawable[piece[0]]]
    return f'<path d="{" ".join(paths)}" fill="{svg_colour(band.role)}" fill-opacity="0.18"/>'


def _band_outline(band: Band, piece: Ints, area: _SvgArea, ruler: Ruler) -> str:
    """Return the outline of a band: along its upper edge and back along the lower one."""
    xs = (area.left + _x_pixels(area, band.low.x[piece])).tolist()
    ends = (end.y[piece].clip(*ruler.limits) for end in (band.high, band.low))
    upper, lower = ((area.top + _y_pixels(ruler, area, end)).tolist() for end in ends)
    points = [*zip(xs, upper, strict=True), *reversed([*zip(xs, lower, strict=True)])]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _x_pixels(area: _SvgArea, x_values: Floats) -> Floats:
    """Return the distance of x values from the left side of the area, in pixels."""
    return area.x.fraction(x_values, *area.window) * area.width


def _y_pixels(ruler: Ruler, area: _SvgArea, values: Floats) -> Floats:
    """Return the distance of y values from the top of the area, in pixels."""
    return (1 - ruler.scale.fraction(values, *ruler.limits)) * area.height


def _box(area: _SvgArea) -> str:
    return f'x="{area.left}" y="{area.top}" width="{area.width}" height="{area.height}"'


def svg_colour(role: str) -> str:
    """Return the colour of a role on a light background."""
    number = role.removeprefix("run-").partition("-")[0]
    return RUN_COLOURS_ON_LIGHT[int(number) % len(RUN_COLOURS_ON_LIGHT)] if number.isdigit() else "#444"


def svg_text(text: str) -> str:
    """Return a text escaped for SVG, without control characters."""
    return escape(display(text))
