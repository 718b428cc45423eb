"""The contents of table cells: display-safe text and its tone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from qtui import formatting
from qtui.entities import NOTE_TAG, STAR_TAG, RunInfo, Status
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.runs.baseline import delta
from qtui.runs.column_data import NumberColumn, ValueColumn
from qtui.runs.column_specs import ColumnFormat, ColumnSpec
from qtui.runs.run_infos import ACTIVE, ENTITY_ATTRIBUTES
from qtui.runs.sparkline import sparkline
from qtui.runs.table_view import TableGroup, TableLine, TableView
from qtui.text import display, display_within, width

STAR = "✶"
"""The sign of a run with a star; unlike other stars it is one cell wide in every terminal."""
STAR_FIELD = Field(FieldKind.TAG, STAR_TAG)
NOTE_FIELD = Field(FieldKind.TAG, NOTE_TAG)
NO_STAR = frozenset({"", "0", "false"})
"""The values of the tag that are no star."""

BEST_HIGH, BEST_LOW = "↑", "↓"
"""The signs before the best value of a group: higher is better, lower is better."""


class Tone(StrEnum):
    """The role of a cell, which colours it."""

    PLAIN = "text"
    FAINT = "muted"
    BEST = "best"
    CURVE = "curve"
    RUNNING = "accent"
    FINISHED = "good"
    FAILED = "error"
    KILLED = "warning"
    SCHEDULED = FAINT
    STALE = "stale"
    BETTER = "better"
    """A value that is better than that of the baseline."""
    WORSE = "worse"

    __hash__ = str.__hash__
    """A role is looked up for every cell: the hash of an enum is a function in Python."""


class TableCell(NamedTuple):
    """The text of a cell, which may be longer than the cell, and its tone."""

    text: str
    tone: Tone = Tone.PLAIN


CellFormat: TypeAlias = Callable[[int], tuple[str, Tone]]
"""Returns the text and the tone of a row in one column: a plain tuple, which costs far less than a TableCell."""

PLAIN, BEST = Tone.PLAIN, Tone.BEST
"""As module constants: reading a member of an enum takes as long as formatting half a number."""

EMPTY_CELL = TableCell("")
"""A cell whose value is not loaded yet, or that has none by design."""
ABSENT_CELL = TableCell(formatting.ABSENT, Tone.FAINT)
"""A cell of a run that has no such value."""
_STATUS_TONES = {status: Tone[status] for status in (*Status, formatting.STALE)}


def table_cell(view: TableView, line: TableLine, column: ColumnSpec, cells: int) -> TableCell:
    """Return the content of a line in a column that is `cells` wide."""
    if isinstance(line.head, TableGroup):
        return group_cell(view, line.head, column, cells)
    return EMPTY_CELL if line.row is None else TableCell(*cell_format(view, column, cells)(line.row))


def cell_format(view: TableView, column: ColumnSpec, cells: int) -> CellFormat:
    """Return the function from a row of the frame to its text and tone in a column that is `cells` wide."""
    return _CELL_FORMATS[column.format](view, column, cells)


def line_name(view: TableView, line: TableLine) -> str:
    """Return the name of a run or its ID, the title of a group, or the ID of a missing parent."""
    if isinstance(line.head, TableGroup):
        return group_title(view.layout.group_by, line.head)
    if line.row is None:
        return display(line.key[:8]) + " (missing)"
    info = view.frame.infos[line.row]
    return display(info.name or info.run_id[:8])


def deleted_status(info: RunInfo) -> str:
    """Return the sign of the status of a deleted run, and that it is deleted."""
    return f"{formatting.STATUS_SIGNS.get(info.status, '?')} deleted"


def is_star(value: object) -> bool:
    """Return whether a value of the tag is a star."""
    return isinstance(value, str) and value.lower() not in NO_STAR


def group_name(group: TableGroup, *, counted: bool = True) -> str:
    """Return the values of a group, with its size if `counted`."""
    return " · ".join(_group_values(group)) + (f" ({len(group.rows):,})" if counted else "")


def group_title(fields: Sequence[Field], group: TableGroup) -> str:
    """Return keys and values of a group and its size: "num_leaves 210 · lr 0.1 (8)"."""
    keys = [display(field.key) for field in fields]
    tails = [key.rpartition(".")[2] or key for key in keys]
    names = tails if len(set(tails)) == len(tails) else keys
    pairs = " · ".join(f"{name} {value}" for name, value in zip(names, _group_values(group), strict=True))
    return f"{pairs} ({len(group.rows):,})"


def _group_values(group: TableGroup) -> list[str]:
    return [formatting.ABSENT if value is None else display(value) or "''" for value in group.values]


def _text_cells(view: TableView, column: ColumnSpec, cells: int) -> CellFormat:
    is_note = column.field == NOTE_FIELD

    def cell(row: int) -> tuple[str, Tone]:
        text = raw_text(view, row, column.field)
        if text is None:
            return ABSENT_CELL if view.frame.loaded[row] or column.field.kind is FieldKind.ATTRIBUTE else EMPTY_CELL
        return display_within(first_line(text) if is_note else text, cells), PLAIN

    return cell


def first_line(note: str) -> str:
    """Return the first line of a note that is not blank, without the sign of a heading."""
    return next((line.strip() for line in note.splitlines() if line.strip()), "").lstrip("# ")


def raw_text(view: TableView, row: int, field: Field) -> str | None:
    """Return a value as it was logged, not safe for display; None if the run has none."""
    if field.kind is FieldKind.ATTRIBUTE:
        value = getattr(view.frame.infos[row], ENTITY_ATTRIBUTES.get(field.key, field.key), None)
    elif field.kind is FieldKind.DATASET:
        inputs = view.frame.inputs[row]
        value = ", ".join(dataset.name for dataset in inputs) if inputs else None
    else:
        column = view.frame.column(view.layout.resolve_best(field))
        value = None if column is None else column[row]
    return None if value is None or (value == "" and field.kind is FieldKind.ATTRIBUTE) else str(value)


def _number_cells(view: TableView, column: ColumnSpec, cells: int) -> CellFormat:
    values = view.frame.column(view.layout.resolve_best(column.field))
    best, decimals = view.best(column.field), view.decimals(column.field)
    write = fitted_number_format(cells, decimals)
    numbers, present = (
        (values.values, values.present) if isinstance(values, NumberColumn) else ((), bytes(len(view.frame)))
    )

    def cell(row: int) -> tuple[str, Tone]:
        if not present[row]:
            return ABSENT_CELL if is_loaded(view, row, column.field) else EMPTY_CELL
        value = numbers[row]
        return write(value), BEST if value == best else PLAIN

    return cell


def is_loaded(view: TableView, row: int, field: Field) -> bool:
    """True if an absent metric value is final; its history may still be loading."""
    if field.aggregate is Aggregate.LAST:
        return bool(view.frame.loaded[row])
    column = view.frame.column(replace(field, aggregate=Aggregate.LAST))
    value = None if column is None else column[row]
    return bool(view.frame.loaded[row]) and (value is None or value != value)


def fitted_number_format(cells: int, decimals: int | None = None) -> Callable[[float], str]:
    """Return the function that writes numbers with these decimals, or with as many digits as fit into `cells`."""
    write = formatting.number_format(decimals)

    def write_fitted(value: float) -> str:
        text = write(value)
        if len(text) <= cells:
            return text
        digits = formatting.SIGNIFICANT_DIGITS
        while len(text) > cells and digits > 1:
            digits -= 1
            text = f"{value:.{digits}g}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
        return text

    return write_fitted


def _status_cells(view: TableView, column: ColumnSpec, cells: int) -> CellFormat:
    infos = view.frame.infos

    def cell(row: int) -> tuple[str, Tone]:
        info = infos[row]
        if info.lifecycle_stage != ACTIVE and infos.has_active:
            text = deleted_status(info)
            return text[0] if cells < 3 else text, Tone.FAINT
        status = formatting.STALE if info.status == Status.RUNNING and info.run_id in view.stale else info.status
        text = display(formatting.format_status(status))
        return text[0] if cells < 3 else text, _STATUS_TONES.get(status, PLAIN)

    return cell


def _time_cells(time_text: Callable[[RunInfo, str, int], str]) -> Callable[[TableView, ColumnSpec, int], CellFormat]:
    def time_cells(view: TableView, column: ColumnSpec, cells: int) -> CellFormat:
        def cell(row: int) -> tuple[str, Tone]:
            text = time_text(view.frame.infos[row], column.field.key, view.now)
            return ABSENT_CELL if text == formatting.ABSENT else (text, PLAIN)

        return cell

    return time_cells


def _age(info: RunInfo, key: str, now: int) -> str:
    return formatting.format_age(getattr(info, key), now)


def _moment(info: RunInfo, key: str, now: int) -> str:
    return formatting.format_time(getattr(info, key))


def _duration(info: RunInfo, key: str, now: int) -> str:
    return formatting.format_duration(info.duration(now))


def _experiment_cells(view: TableView, column: ColumnSpec, cells: int) -> CellFormat:
    def cell(row: int) -> TableCell:
        experiment_id = view.frame.infos[row].experiment_id
        return TableCell(display(view.experiments.get(experiment_id, experiment_id)))

    return cell


def _curve_cells(view: TableView, column: ColumnSpec, cells: int) -> CellFormat:
    curves = view.curves.get(column.field.key, {})

    def cell(row: int) -> TableCell:
        values = curves.get(view.frame.infos[row].run_id)
        return EMPTY_CELL if values is None else TableCell(sparkline(values, cells), Tone.CURVE)

    return cell


def _delta_cells(view: TableView, column: ColumnSpec, cells: int) -> CellFormat:
    values = view.frame.column(view.layout.resolve_best(column.field))
    baseline_row = view.frame.row(view.layout.baseline)
    baseline = _number_at(values, baseline_row)

    def cell(row: int) -> TableCell:
        if row == baseline_row:
            return TableCell("baseline", Tone.FAINT)
        return _delta_cell(view, column, _number_at(values, row), baseline, cells)

    return cell


def _number_at(values: ValueColumn | None, row: int | None) -> float | None:
    value = None if values is None or row is None else values[row]
    return value if isinstance(value, float) else None


def _delta_cell(
    view: TableView, column: ColumnSpec, value: float | None, baseline: float | None, cells: int
) -> TableCell:
    """Return the difference and the percentage, or the difference alone where both have no room."""
    change = delta(value, baseline)
    if change is None:
        return EMPTY_CELL
    better = change.is_better(higher=view.layout.is_higher_better(column.field.key))
    tone = Tone.FAINT if better is None else Tone.BETTER if better else Tone.WORSE
    texts = (f"{change.difference_text} {change.percent_text}".strip(), change.difference_text)
    text = "=" if not change.difference else next((text for text in texts if len(text) <= cells), texts[-1])
    return TableCell(text, tone)


_CELL_FORMATS: Mapping[ColumnFormat, Callable[[TableView, ColumnSpec, int], CellFormat]] = {
    ColumnFormat.TEXT: _text_cells,
    ColumnFormat.NUMBER: _number_cells,
    ColumnFormat.STATUS: _status_cells,
    ColumnFormat.AGE: _time_cells(_age),
    ColumnFormat.MOMENT: _time_cells(_moment),
    ColumnFormat.DURATION: _time_cells(_duration),
    ColumnFormat.EXPERIMENT: _experiment_cells,
    ColumnFormat.SPARKLINE: _curve_cells,
    ColumnFormat.DELTA: _delta_cells,
}


def group_cell(view: TableView, group: TableGroup, column: ColumnSpec, cells: int) -> TableCell:
    """Return mean, deviation and best value of a metric as far as they fit; the extreme for min, max and best.

    In a column of differences, return that of the mean from the baseline.
    """
    if column.format not in (ColumnFormat.NUMBER, ColumnFormat.DELTA) or column.field.kind is not FieldKind.METRIC:
        return EMPTY_CELL
    statistics = view.statistics(group, column.field)
    if statistics is None:
        return ABSENT_CELL
    field, write = view.layout.resolve_best(column.field), fitted_number_format(cells, view.decimals(column.field))
    if column.format is ColumnFormat.DELTA:
        baseline = _number_at(view.frame.column(field), view.frame.row(view.layout.baseline))
        extremes = {Aggregate.MIN: statistics.low, Aggregate.MAX: statistics.high}
        return _delta_cell(view, column, extremes.get(field.aggregate, statistics.mean), baseline, cells)
    if field.aggregate is Aggregate.MIN:
        return TableCell(write(statistics.low))
    if field.aggregate is Aggregate.MAX:
        return TableCell(write(statistics.high))
    mean = write(statistics.mean)
    if statistics.count == 1:
        return TableCell(mean)
    higher = view.layout.is_higher_better(field.key)
    extreme = write(statistics.high if higher else statistics.low)
    mean_and_deviation = f"{mean} ±{formatting.format_deviation(statistics.deviation)}"
    with_best = f"{mean_and_deviation} {BEST_HIGH if higher else BEST_LOW}{extreme}"
    return TableCell(next((text for text in (with_best, mean_and_deviation) if width(text) <= cells), mean))
