"""Scatter plots, drawn by plotext."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from qtui.formatting import ABSENT, format_count, format_number
from qtui.plot.axes.axis import DEFAULT_AXIS, Axis, Ruler, TickMark, horizontal_ruler, vertical_ruler
from qtui.plot.axes.axis_frame import bottom_row, framed_rows, glyphs_for, labels_of, title_rows
from qtui.plot.axes.limits import AxisLimits, drawable_limits
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.charts.plotext_canvas import PlotextCanvas
from qtui.plot.glyphs import CURVE_MARKS
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row, fit_rows
from qtui.plot.scale import LINEAR
from qtui.text import display
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.plot.array_types import Bools, Floats

POINT = "•"
CURRENT = ("◉", "O")
"""The point under the cursor, and its ASCII form."""
FRONT = ("◆", "^")
"""A point of the front, and its ASCII form."""
MAX_MARKED_SHARE = 0.25
"""The points per cell above which points are drawn as dots that share cells."""
MIN_AREA_CELLS = 8
MIN_AREA_ROWS = 3
MAX_GROUPS = 7
"""Values that have a colour of their own; the others share one."""
RANGES = 4
"""Ranges of numbers that have a colour of their own."""


class PointGroup(NamedTuple):
    """Points of one colour."""

    name: str
    role: str
    xs: Sequence[float]
    ys: Sequence[float]


@dataclass(frozen=True, slots=True)
class Scatter:
    """Points in groups; those that cannot be drawn are left out, and counted in the title."""

    groups: tuple[PointGroup, ...]
    x: Axis = DEFAULT_AXIS
    y: Axis = DEFAULT_AXIS
    title: str = ""
    ascii_only: bool = False
    x_names: Sequence[str] = ()
    """Names of the whole numbers from zero on the x-axis, for values that are not numbers."""
    front: Sequence[tuple[float, float]] = ()
    """Points with a mark of their own, such as those of a Pareto front."""
    current: tuple[float, float] | None = None
    """The point under the cursor."""


class _Frame(NamedTuple):
    """The axes of a scatter plot, and the size of the area between them in cells."""

    x: Ruler
    y: Ruler
    cells: int
    rows: int
    dots_across: int
    dots_down: int

    def dots(self, xs: Floats, ys: Floats) -> tuple[Floats, Floats]:
        """Return the dots from the left and from below that show points."""
        import numpy

        across = self.x.scale.fraction(xs, *self.x.limits) * (self.cells * self.dots_across - 1)
        up = self.y.scale.fraction(ys, *self.y.limits) * (self.rows * self.dots_down - 1)
        return numpy.rint(across), numpy.rint(up)

    def positions(self, xs: Floats, ys: Floats, *, is_dotted: bool) -> tuple[list[float], list[float]]:
        """Return the distinct places of points inside the area, in cells: those of their dots, or of whole cells."""
        import numpy

        across, up = self.dots(xs, ys)
        inside = (across >= 0) & (up >= 0)
        inside &= (across < self.cells * self.dots_across) & (up < self.rows * self.dots_down)
        across, up = across[inside], up[inside]
        if not is_dotted:
            across, up = across // self.dots_across, up // self.dots_down
        places = numpy.unique(numpy.stack([across, up], axis=1), axis=0)
        if is_dotted:
            places = (places + 0.5) / [self.dots_across, self.dots_down] - 0.5
        return places[:, 0].tolist(), places[:, 1].tolist()


def draw_scatter(scatter: Scatter, cells: int, rows: int) -> Picture:
    """Return the points in exactly this many cells and rows."""
    import numpy

    cells, rows = max(0, cells), max(0, rows)
    points = [(numpy.asarray(group.xs, float), numpy.asarray(group.ys, float)) for group in scatter.groups]
    drawable = [_is_drawable(x, scatter.x) & _is_drawable(y, scatter.y) for x, y in points]
    left_out = sum(len(mask) - int(mask.sum()) for mask in drawable)
    points = [(x[mask], y[mask]) for (x, y), mask in zip(points, drawable, strict=True)]
    head = title_rows(cells, scatter.title, f"{format_count(left_out, 'point')} left out" if left_out else "")
    if len(scatter.groups) > 1:
        head.append(_legend(scatter, cells))
    frame = _frame(scatter, points, cells, rows - len(head))
    if frame is None:
        has_points = any(len(x) for x, _ in points)
        text = "too little room" if has_points else "no finite point"
        return Picture(fit_rows((*head, fit_row(cells, Piece(text, "muted"))), cells, rows))
    label_cells = cells - frame.cells - 1
    glyphs = glyphs_for(ascii_only=scatter.ascii_only)
    body = framed_rows(_points(scatter, points, frame), labels_of(frame.y), label_cells, glyphs)
    below = bottom_row(frame.x.marks, label_cells + 1, cells)
    area = PlotArea(
        label_cells + 1,
        len(head),
        frame.cells,
        frame.rows,
        frame.x.limits,
        frame.y.limits,
        frame.x.scale,
        frame.y.scale,
        frame.dots_across,
        frame.dots_down,
        None,
        LINEAR,
    )
    return Picture(fit_rows((*head, *body, below), cells, rows), area)


def _is_drawable(values: Floats, axis: Axis) -> Bools:
    import numpy

    drawable: Bools = numpy.isfinite(values)
    return drawable & (values > 0) if axis.scale.positive_only else drawable


def _legend(scatter: Scatter, cells: int) -> Row:
    pieces: list[Piece] = []
    for number, group in enumerate(scatter.groups):
        pieces += [Piece(f"{_symbol(scatter, number)} ", group.role), Piece(f"{display(group.name)}   ", "muted")]
    return fit_row(cells, *pieces)


def _symbol(scatter: Scatter, group: int) -> str:
    return CURVE_MARKS[group % len(CURVE_MARKS)] if scatter.ascii_only else POINT


def _frame(scatter: Scatter, points: Sequence[tuple[Floats, Floats]], cells: int, rows: int) -> _Frame | None:
    """Return the axes of points, or None without points or without room."""
    import numpy

    if not any(len(x) for x, _ in points) or rows - 1 < MIN_AREA_ROWS:
        return None
    xs, ys = (numpy.concatenate(values) for values in zip(*points, strict=True))
    glyphs = glyphs_for(ascii_only=scatter.ascii_only)
    across, down = (1, 1) if scatter.ascii_only else (glyphs.dots_across, glyphs.dots_down)
    y_data = drawable_limits(ys, scatter.y.scale)
    x_data = drawable_limits(xs, scatter.x.scale)
    if x_data is None or y_data is None:
        return None
    y = vertical_ruler(scatter.y, y_data, rows - 1, down)
    area_cells = cells - y.label_width - 1
    if area_cells < MIN_AREA_CELLS:
        return None
    if scatter.x_names:
        x = _name_ruler(scatter.x_names, area_cells)
    else:
        x = horizontal_ruler(scatter.x, scatter.x.limits_for(x_data), area_cells, across)
    return _Frame(x, y, area_cells, rows - 1, across, down)


def _name_ruler(names: Sequence[str], cells: int) -> Ruler:
    """Return an axis with a name at every whole number from zero."""
    part = cells / len(names)
    marks = [
        TickMark(int((number + 0.5) * part), text, number)
        for number, name in enumerate(names)
        if (text := display(name)[: max(1, int(part) - 1)]).strip()
    ]
    return Ruler(LINEAR, AxisLimits(-0.5, len(names) - 0.5), tuple(marks))


def _points(scatter: Scatter, points: Sequence[tuple[Floats, Floats]], frame: _Frame) -> list[Row]:
    """Draw the groups in their order, then the front and the cursor."""
    import numpy

    x_limits, y_limits = AxisLimits(0, max(1, frame.cells - 1)), AxisLimits(0, max(1, frame.rows - 1))
    canvas = PlotextCanvas(frame.cells, frame.rows, x_limits, y_limits)
    is_dotted = sum(len(x) for x, _ in points) > MAX_MARKED_SHARE * frame.cells * frame.rows and not scatter.ascii_only
    for number, (group, (xs, ys)) in enumerate(zip(scatter.groups, points, strict=True)):
        places = frame.positions(xs, ys, is_dotted=is_dotted)
        if places[0]:
            canvas.add_symbols(*places, "braille" if is_dotted else _symbol(scatter, number), group.role)
    current = () if scatter.current is None else (scatter.current,)
    for marked, symbols, role in ((scatter.front, FRONT, "accent"), (current, CURRENT, "focus")):
        xy = numpy.array([point for point in marked if all(map(math.isfinite, point))], float).reshape(-1, 2)
        xy = xy[_is_drawable(xy[:, 0], scatter.x) & _is_drawable(xy[:, 1], scatter.y)]
        places = frame.positions(xy[:, 0], xy[:, 1], is_dotted=False)
        if places[0]:
            canvas.add_symbols(*places, symbols[scatter.ascii_only], role)
    return canvas.rows()


def group_by_value(
    xs: Sequence[float], ys: Sequence[float], values: Sequence[float | str | None]
) -> tuple[PointGroup, ...]:
    """Return points in groups by a third value: by few values, or by ranges with equal counts of many numbers."""
    numbers = [value for value in values if isinstance(value, int | float) and math.isfinite(value)]
    has_texts = any(isinstance(value, str) for value in values)
    if not has_texts and len(set(numbers)) > MAX_GROUPS:
        names = _range_names(values, numbers)
    else:
        names = [_value_name(value) for value in values]
    ordered = list(dict.fromkeys(names)) if has_texts else _in_order(names, values)
    ordered = [name for name in ordered if name != ABSENT]
    own = ordered if len(ordered) <= MAX_GROUPS else ordered[: MAX_GROUPS - 1]
    groups = [
        _group(name, f"run-{number}", xs, ys, [other == name for other in names]) for number, name in enumerate(own)
    ]
    rest = [name not in own for name in names]
    if any(rest):
        is_missing = all(name == ABSENT for name, is_rest in zip(names, rest, strict=True) if is_rest)
        groups.append(_group(ABSENT if is_missing else "others", "muted", xs, ys, rest))
    return tuple(groups)


def _value_name(value: float | str | None) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ABSENT
    return value if isinstance(value, str) else format_number(value)


def _range_names(values: Sequence[float | str | None], numbers: Sequence[float]) -> list[str]:
    """Return the name of the range of each value; ranges have about equal counts of numbers."""
    ordered = sorted(numbers)
    count = len(ordered)
    ends = [ordered[-(-count * number // RANGES) - 1] for number in range(1, RANGES + 1)]
    texts: dict[int, str] = {}
    for number, end in enumerate(ends):
        start = next((value for value in ordered if number == 0 or value > ends[number - 1]), end)
        texts[number] = f"{format_number(start)} to {format_number(end)}"
    return [
        ABSENT
        if not isinstance(value, int | float) or not math.isfinite(value)
        else texts[next(number for number, end in enumerate(ends) if value <= end)]
        for value in values
    ]


def _in_order(names: Sequence[str], values: Sequence[float | str | None]) -> list[str]:
    """Return the distinct names in the order of their numbers."""
    pairs = sorted(
        (value, name)
        for value, name in zip(values, names, strict=True)
        if isinstance(value, int | float) and not math.isnan(value)
    )
    return list(dict.fromkeys(name for _, name in pairs))


def _group(name: str, role: str, xs: Sequence[float], ys: Sequence[float], is_member: Sequence[bool]) -> PointGroup:
    members = [number for number, member in enumerate(is_member) if member]
    return PointGroup(name, role, [xs[number] for number in members], [ys[number] for number in members])
