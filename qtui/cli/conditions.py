"""Conditions on a run, and the comparison of its metrics with those of another one, for `qtui check`."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from qtui.entities import Run, ViewType
from qtui.errors import UsageError
from qtui.formatting import format_number, now_ms
from qtui.query import higher_is_better, logged_fields, predicate, required_values
from qtui.query.ast import Field, FieldKind, Filter, OrderBy
from qtui.query.column_names import is_bare_key, parse_column
from qtui.query.field_values import field_getter
from qtui.query.render import field_name
from qtui.recorder import Library
from qtui.recorder.reading.filters import read_filter
from qtui.runs.baseline import delta
from qtui.runs.display_names import run_name
from qtui.store.key_lookup import key_lookup
from qtui.text import display

_AMOUNT = re.compile(r"(\d+\.?\d*(?:e-?\d+)?|\.\d+)\s*(%?)", re.I)


class Tolerance(NamedTuple):
    """How much worse a metric may be: an amount, or percent of the value of the other run."""

    amount: float
    is_percent: bool

    def allows(self, value: float, base: float, *, higher: bool) -> bool:
        """Return whether a value is not worse than that of the other run by more than this; NaN is worse."""
        loss = base - value if higher else value - base
        if value == base:
            return True
        return loss <= (abs(base) * self.amount / 100 if self.is_percent else self.amount)

    def __str__(self) -> str:
        return f"{format_number(self.amount)}{'%' if self.is_percent else ''}"


class CheckedRun(NamedTuple):
    """A run with the values of a condition."""

    run: Run
    text: str
    filter: Filter | None
    """The condition; None if only metrics are named, to be compared with another run."""
    fields: tuple[Field, ...]

    def failure(self) -> str | None:
        """Return why the condition does not hold; None if it does."""
        if self.filter is None or predicate(self.filter)(self.run):
            return None
        values = ", ".join(self._value_text(field) for field in self.fields)
        return f"{run_title(self.run)}: {self.text} does not hold{f': {values}' if values else ''}."

    def _value_text(self, field: Field) -> str:
        value = value_of(self.run, field)
        name = display(field_name(field))
        if value is None:
            return f"there is no {name}"
        return f"{name} is {format_number(value) if isinstance(value, float) else display(str(value))}"


def read_condition(library: Library, run: str, text: str, *, needs_metric: bool) -> CheckedRun:
    """Read the values of a run that a condition needs; with `needs_metric` the name of a metric is a condition too."""
    info = library.find_run(run)
    lookup = key_lookup(library.store, [info.experiment_id], ViewType.ALL)
    filter: Filter | None = None
    if not needs_metric or not (is_bare_key(text) and FieldKind.METRIC in lookup([text])[text]):
        try:
            filter = read_filter(library.store, text, lookup)
        except UsageError:
            if not needs_metric:
                raise
    fields = logged_fields(filter) if filter is not None else (parse_column(text, lookup),)
    if needs_metric and not any(field.kind is FieldKind.METRIC for field in fields):
        raise UsageError("--against compares metrics, but the condition names none.")
    projection = required_values(filter, map(OrderBy, fields))
    return CheckedRun(library.run(info, projection), text, filter, tuple(fields))


def compare_with_base(library: Library, checked: CheckedRun, base: str, tolerance: Tolerance) -> str | None:
    """Return why a metric of the condition is worse than in the run `base`; None if none is."""
    metrics = [field for field in checked.fields if field.kind is FieldKind.METRIC]
    other = library.run(library.find_run(base), required_values(None, map(OrderBy, metrics)))
    for field in metrics:
        value, base_value = value_of(checked.run, field), value_of(other, field)
        name = display(field_name(field))
        if value is None or base_value is None:
            return f"{run_title(checked.run if value is None else other)}: there is no {name}."
        if not tolerance.allows(value, base_value, higher=higher_is_better(field.key)):
            change = delta(value, base_value)
            amounts = f"{format_number(value)} against {format_number(base_value)}"
            by = f", {change}" if change is not None and math.isfinite(change.difference) else ""
            limit = f"; {tolerance} is allowed" if tolerance.amount else ""
            return f"{run_title(checked.run)}: {name} is worse than in {run_title(other)}: {amounts}{by}{limit}."
    return None


def parse_tolerance(text: str) -> Tolerance:
    """Return the tolerance of a text such as `2%` or `0.01`."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"--within takes an amount such as 2% or 0.01, not {text!r}.")
    return Tolerance(float(match[1]), bool(match[2]))


def value_of(run: Run, field: Field) -> Any:
    """Return the value of a field of a run; None if it has none."""
    return field_getter(field, now_ms())(run)


def run_title(run: Run) -> str:
    """Return the name of a run with the start of its ID."""
    return f"{display(run_name(run))} ({run.info.run_id[:8]})" if run_name(run) else run.info.run_id[:8]
