"""Box plots, drawn by plotext: one horizontal box for each sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qtui.formatting import format_number
from qtui.plot.axes.axis import DEFAULT_AXIS, Axis, Ruler, horizontal_ruler
from qtui.plot.axes.axis_frame import bottom_row, title_rows
from qtui.plot.axes.limits import AxisLimits
from qtui.plot.charts.bar_chart import CURSOR, NAME_WIDTH_DIVISOR
from qtui.plot.charts.plotext_canvas import PlotextCanvas
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row, fit_rows, visible_range
from qtui.plot.scale import MAX_FLOAT
from qtui.text import display, fit_text, width
from qtui.value_classes import dataclass

OUTLIER_DISTANCE = 1.5
"""The distance from the box, in interquartile ranges, beyond which a value is an outlier."""
MIN_AREA_CELLS = 8


class BoxGlyphs(NamedTuple):
    """The characters of a box."""

    whisker: str
    low_end: str
    high_end: str
    box: str
    median: str
    outlier: str


GLYPHS = (BoxGlyphs("─", "├", "┤", "▒", "┃", "∘"), BoxGlyphs("-", "|", "|", "=", "#", "o"))
"""The characters of a box, and their ASCII forms."""


class BoxSummary(NamedTuple):
    """The quartiles of a sample, the ends of its whiskers and the values beyond them."""

    name: str
    size: int = 0
    low: float = 0.0
    first_quartile: float = 0.0
    median: float = 0.0
    third_quartile: float = 0.0
    high: float = 0.0
    outliers: tuple[float, ...] = ()
    left_out: int = 0
    """The number of values that are not finite."""
    role: str = "run-0"

    @property
    def label(self) -> str:
        """The median and the count."""
        return f"{format_number(self.median)}  n={self.size:,}" if self.size else "no value"


@dataclass(frozen=True, slots=True)
class BoxPlot:
    """Boxes on one axis, in the order in which they are drawn."""

    boxes: tuple[BoxSummary, ...]
    axis: Axis = DEFAULT_AXIS
    title: str = ""
    footnote: str = ""
    ascii_only: bool = False
    current: int | None = None
    """The index of the box under the cursor, which stays visible; None draws no cursor."""


def summarise_box(name: str, values: Sequence[float], role: str = "run-0") -> BoxSummary:
    """Return the box of the finite values of a sample."""
    import numpy

    numbers = numpy.asarray(values, float)
    finite = numpy.sort(numbers[numpy.abs(numbers) <= MAX_FLOAT / 4])
    left_out = len(numbers) - len(finite)
    if not len(finite):
        return BoxSummary(name, left_out=left_out, role=role)
    first, median, third = numpy.quantile(finite, [0.25, 0.5, 0.75]).tolist()
    distance = OUTLIER_DISTANCE * (third - first)
    is_inside = (finite >= first - distance) & (finite <= third + distance)
    inside = finite[is_inside]
    # Interpolated quartiles of few values can lie outside of all values.
    low, high = min(float(inside[0]), first), max(float(inside[-1]), third)
    return BoxSummary(
        name, len(finite), low, first, median, third, high, tuple(finite[~is_inside].tolist()), left_out, role
    )


def draw_box_plot(plot: BoxPlot, cells: int, rows: int) -> Picture:
    """Return the boxes in exactly this many cells and rows; those that do not fit are counted."""
    cells, rows = max(0, cells), max(0, rows)
    head = title_rows(cells, plot.title)
    notes = [plot.footnote] if plot.footnote else []
    height = rows - len(head) - len(notes) - 1
    window = visible_range(len(plot.boxes), height, plot.current)
    start, visible = window.start, plot.boxes[window.start : window.stop]
    if len(visible) < len(plot.boxes):
        notes.insert(0, f"{start:,} above, {len(plot.boxes) - start - len(visible):,} below")
    name_cells = min(max((width(display(box.name)) for box in plot.boxes), default=0), cells // NAME_WIDTH_DIVISOR)
    gutter = 0 if plot.current is None else width(CURSOR[0])
    left = gutter + name_cells + 1
    area = cells - left - 1 - max((len(box.label) for box in plot.boxes), default=0)
    ruler = _ruler(plot, area)
    pictures = _box_rows(plot, visible, ruler, area) if ruler else [()] * len(visible)
    body: list[Row] = []
    is_wide = 2 * len(visible) <= height
    for number, (box, picture) in enumerate(zip(visible, pictures, strict=True), start):
        body.append(_line(plot, number, box, picture, name_cells, cells))
        body += [fit_row(cells)] * is_wide
    if not plot.boxes:
        body.append(fit_row(cells, Piece("no values", "muted")))
    below = [bottom_row(ruler.marks, left, cells)] if ruler and body and height >= 1 else []
    lines = (*head, *body, *below, *(fit_row(cells, Piece(note, "muted")) for note in notes))
    return Picture(fit_rows(lines, cells, rows))


def _ruler(plot: BoxPlot, cells: int) -> Ruler | None:
    """Return the axis of all boxes, or None without values or room."""
    ends = [end for box in plot.boxes if box.size for end in (box.low, box.high, *box.outliers)]
    if plot.axis.scale.positive_only:
        ends = [end for end in ends if end > 0]
    if not ends or cells < MIN_AREA_CELLS:
        return None
    return horizontal_ruler(plot.axis, plot.axis.limits_for(AxisLimits(min(ends), max(ends))), cells, 1)


def _line(plot: BoxPlot, number: int, box: BoxSummary, picture: Row, name_cells: int, cells: int) -> Row:
    is_current = number == plot.current
    cursor = CURSOR[plot.ascii_only]
    gutter = "" if plot.current is None else cursor if is_current else " " * width(cursor)
    name = Piece(gutter + fit_text(display(box.name), name_cells) + " ", "focus" if is_current else "text")
    return fit_row(cells, name, *picture, Piece(f" {box.label}", "text" if is_current else "muted"))


def _box_rows(plot: BoxPlot, boxes: Sequence[BoxSummary], ruler: Ruler, cells: int) -> list[Row]:
    """Draw the boxes, one in a row."""
    import numpy

    height = len(boxes)
    canvas = PlotextCanvas(cells, height, AxisLimits(0, cells - 1), AxisLimits(0, max(1, height - 1)))
    glyphs = GLYPHS[plot.ascii_only]
    symbols: dict[tuple[str, str], tuple[list[int], list[int]]] = {}

    def add(symbol: str, role: str, row: int, columns: Sequence[int]) -> None:
        xs, ys = symbols.setdefault((symbol, role), ([], []))
        visible = [column for column in columns if 0 <= column < cells]
        xs += visible
        ys += [height - 1 - row] * len(visible)

    for symbol in ("whisker", "low_end", "high_end", "box", "outlier", "median"):
        for row, box in enumerate(boxes):
            if not box.size:
                continue
            values = (box.low, box.first_quartile, box.median, box.third_quartile, box.high, *box.outliers)
            fractions = numpy.nan_to_num(ruler.scale.fraction(numpy.array(values), *ruler.limits), nan=-1.0)
            columns = numpy.rint(fractions * (cells - 1)).astype(int).tolist()
            add(getattr(glyphs, symbol), box.role, row, _columns(symbol, columns, cells))
    for (symbol, role), (xs, ys) in symbols.items():
        if xs:
            canvas.add_symbols(xs, ys, symbol, role)
    return canvas.rows() if height else []


def _columns(symbol: str, columns: Sequence[int], cells: int) -> Sequence[int]:
    """Return the columns of a part of a box, from those of its ends, quartiles and outliers."""
    low, first, median, third, high, *outliers = columns
    match symbol:
        case "whisker":
            return range(max(0, low), min(cells, high + 1))
        case "low_end":
            return (low,)
        case "high_end":
            return (high,)
        case "box":
            return range(max(0, first), min(cells, third + 1))
        case "outlier":
            return outliers
    return (median,)
