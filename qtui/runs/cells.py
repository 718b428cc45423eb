"""What stands in the cells of a table: text that is safe to show, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from qtui import figures
from qtui.entities import RunInfo, Status
from qtui.query.ast import Aggregate, Field, Kind
from qtui.runs.column_specs import ColumnFormat, ColumnSpec
from qtui.runs.run_infos import ENTITY_ATTRIBUTES
from qtui.runs.sparkline import sparkline
from qtui.runs.table_view import TableGroup, TableLine, TableView
from qtui.text import display, display_within, width

NOTHING = ""
BEST_HIGH, BEST_LOW = "↑", "↓"
"""The signs before the best value of a group, where more and where less is better."""


class Tone(StrEnum):
    """What a cell wants to say by its colour."""

    PLAIN = "plain"
    FAINT = "faint"
    BEST = "best"
    CURVE = "curve"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    KILLED = "killed"
    SCHEDULED = "scheduled"
    STALE = "stale"


class TableCell(NamedTuple):
    """One cell, not yet cut to its width."""

    text: str
    tone: Tone = Tone.PLAIN


EMPTY_CELL = TableCell(NOTHING)
ABSENT_CELL = TableCell(figures.ABSENT, Tone.FAINT)
_TONES: Mapping[str, Tone] = {tone.value.upper(): tone for tone in Tone}


def table_cell(view: TableView, line: TableLine, column: ColumnSpec, cells: int) -> TableCell:
    """What a line shows in a column of so many cells."""
    if isinstance(line.head, TableGroup):
        return group_cell(view, line.head, column, cells)
    return EMPTY_CELL if line.row is None else run_cell(view, line.row, column, cells)


def run_cell(view: TableView, row: int, column: ColumnSpec, cells: int) -> TableCell:
    """What a run shows in a column of so many cells."""
    return _DRAWN[column.look](view, row, column, cells)


def line_name(view: TableView, line: TableLine) -> str:
    """What a line is called: its run's name, or else its id; what a group has in common; a missing parent's id."""
    if isinstance(line.head, TableGroup):
        return group_title(view.layout.group_by, line.head)
    if line.row is None:
        return display(line.key[:8]) + " (not here)"
    info = view.frame.infos[line.row]
    return display(info.name or info.run_id[:8])


def group_name(group: TableGroup, *, counted: bool = True) -> str:
    """The values that a group has in common, and how many runs it holds."""
    values = (figures.ABSENT if value is None else display(value) or "''" for value in group.values)
    return " · ".join(values) + (f" ({len(group.rows):,})" if counted else "")


def group_title(fields: Sequence[Field], group: TableGroup) -> str:
    """Return what a group has in common and its size: "num_leaves 210 · lr 0.1 (8)"."""
    keys = [display(field.key) for field in fields]
    tails = [key.rpartition(".")[2] or key for key in keys]
    names = tails if len(set(tails)) == len(tails) else keys
    values = (figures.ABSENT if value is None else display(value) or "''" for value in group.values)
    pairs = " · ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    return f"{pairs} ({len(group.rows):,})"


def _text(view: TableView, row: int, column: ColumnSpec, cells: int) -> TableCell:
    text = raw_text(view, row, column.field)
    if text is None:
        return ABSENT_CELL if view.frame.loaded[row] or column.field.kind is Kind.ATTRIBUTE else EMPTY_CELL
    return TableCell(display_within(text, cells))


def raw_text(view: TableView, row: int, field: Field) -> str | None:
    """A value as it was logged, for copying and for drawing; it may hold anything."""
    if field.kind is Kind.ATTRIBUTE:
        value = getattr(view.frame.infos[row], ENTITY_ATTRIBUTES.get(field.key, field.key), None)
    elif field.kind is Kind.DATASET:
        inputs = view.frame.inputs[row]
        value = ", ".join(each.name for each in inputs) if inputs else None
    else:
        column = view.frame.column(view.layout.resolved(field))
        value = None if column is None else column[row]
    return None if value is None or (value == "" and field.kind is Kind.ATTRIBUTE) else str(value)


def _number(view: TableView, row: int, column: ColumnSpec, cells: int) -> TableCell:
    values = view.frame.column(view.layout.resolved(column.field))
    value = None if values is None else values[row]
    if not isinstance(value, float):
        return ABSENT_CELL if is_loaded(view, row, column.field) else EMPTY_CELL
    is_best = value == view.best(column.field)
    return TableCell(format_number(value, cells, view.decimals(column.field)), Tone.BEST if is_best else Tone.PLAIN)


def is_loaded(view: TableView, row: int, field: Field) -> bool:
    """Whether it is known that a run has no such value; its history may not have been read yet."""
    if field.aggregate is Aggregate.LAST:
        return bool(view.frame.loaded[row])
    last = view.frame.column(replace(field, aggregate=Aggregate.LAST))
    value = None if last is None else last[row]
    return bool(view.frame.loaded[row]) and (value is None or value != value)


def format_number(value: float, cells: int, decimals: int | None = None) -> str:
    """A number with as many digits as fit; with the decimals of its column if that says what it is."""
    text = figures.number(value) if decimals is None else figures.fixed(value, decimals)
    digits = figures.SIGNIFICANT
    while width(text) > cells and digits > 1:
        digits -= 1
        text = f"{value:.{digits}g}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    return text


def _status(view: TableView, row: int, column: ColumnSpec, cells: int) -> TableCell:
    info = view.frame.infos[row]
    word = figures.STALE if info.status == Status.RUNNING and info.run_id in view.stale else info.status
    text = display(figures.status(word))
    return TableCell(text[0] if cells < 3 else text, _TONES.get(word, Tone.PLAIN))


def _timed(draw: Callable[[RunInfo, str, int], str]) -> Callable[[TableView, int, ColumnSpec, int], TableCell]:
    def drawn(view: TableView, row: int, column: ColumnSpec, cells: int) -> TableCell:
        text = draw(view.frame.infos[row], column.field.key, view.now)
        return ABSENT_CELL if text == figures.ABSENT else TableCell(text)

    return drawn


def _age(info: RunInfo, key: str, now: int) -> str:
    return figures.age(getattr(info, key), now)


def _moment(info: RunInfo, key: str, now: int) -> str:
    return figures.moment(getattr(info, key))


def _duration(info: RunInfo, key: str, now: int) -> str:
    return figures.duration(info.duration(now))


def _experiment(view: TableView, row: int, column: ColumnSpec, cells: int) -> TableCell:
    experiment_id = view.frame.infos[row].experiment_id
    return TableCell(display(view.experiments.get(experiment_id, experiment_id)))


def _curve(view: TableView, row: int, column: ColumnSpec, cells: int) -> TableCell:
    values = view.curves.get(column.field.key, {}).get(view.frame.infos[row].run_id)
    return EMPTY_CELL if values is None else TableCell(sparkline(values, cells), Tone.CURVE)


_DRAWN: Mapping[ColumnFormat, Callable[[TableView, int, ColumnSpec, int], TableCell]] = {
    ColumnFormat.TEXT: _text,
    ColumnFormat.NUMBER: _number,
    ColumnFormat.STATUS: _status,
    ColumnFormat.AGE: _timed(_age),
    ColumnFormat.MOMENT: _timed(_moment),
    ColumnFormat.DURATION: _timed(_duration),
    ColumnFormat.EXPERIMENT: _experiment,
    ColumnFormat.CURVE: _curve,
}


def group_cell(view: TableView, group: TableGroup, column: ColumnSpec, cells: int) -> TableCell:
    """Return mean, deviation and best value of a metric as far as they fit; the end for a column of min, max, best."""
    if column.look is not ColumnFormat.NUMBER or column.field.kind is not Kind.METRIC:
        return EMPTY_CELL
    spread = view.spread(group, column.field)
    if spread is None:
        return ABSENT_CELL
    of, decimals = view.layout.resolved(column.field), view.decimals(column.field)
    if of.aggregate is Aggregate.MIN:
        return TableCell(format_number(spread.low, cells, decimals))
    if of.aggregate is Aggregate.MAX:
        return TableCell(format_number(spread.high, cells, decimals))
    mean = format_number(spread.mean, cells, decimals)
    if spread.count == 1:
        return TableCell(mean)
    higher = view.layout.is_higher_better(of.key)
    best = f"{BEST_HIGH if higher else BEST_LOW}{format_number(spread.high if higher else spread.low, cells, decimals)}"
    both = f"{mean} ±{spread.deviation:.2g}"
    return TableCell(next((text for text in (f"{both} {best}", both) if width(text) <= cells), mean))
