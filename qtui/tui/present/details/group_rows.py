"""A group of runs as rows for the details: its runs, and statistics of its metrics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import isfinite

from qtui import formatting
from qtui.query.ast import Field, FieldKind
from qtui.runs.cells import group_title
from qtui.runs.column_data import NumberColumn
from qtui.runs.column_specs import ColumnFormat, field_title
from qtui.runs.run_overview import STATUS_ROLES
from qtui.runs.table_view import TableGroup, TableView
from qtui.tui.present.details.detail_rows import DetailColumn, DetailRow, text_row
from qtui.value_classes import dataclass

STATISTICS_COLUMNS = (
    DetailColumn("n", rank=3),
    DetailColumn("mean"),
    DetailColumn("std", rank=1),
    DetailColumn("q1", rank=5),
    DetailColumn("median", rank=4),
    DetailColumn("q3", rank=5),
    DetailColumn("min", rank=6),
    DetailColumn("max", rank=6),
    DetailColumn("best run", is_right=False, rank=2),
)


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """A group in the table that shows it."""

    view: TableView
    group: TableGroup

    @property
    def title(self) -> str:
        """The values that the runs have in common, and the number of runs."""
        return group_title(self.view.layout.group_by, self.group)

    def overview(self) -> tuple[DetailRow, ...]:
        """Return the values that the runs have in common, their statuses, the metric that sorts, and the runs."""
        infos = [self.view.frame.infos[row] for row in self.group.rows]
        statuses = Counter(formatting.status_word(info.status) for info in infos)
        counts = ", ".join(f"{count:,} {status}" for status, count in statuses.most_common())
        fields = zip(self.view.layout.group_by, self.group.values, strict=True)
        common = [
            text_row(field_title(field), formatting.ABSENT if value is None else value) for field, value in fields
        ]
        return (*common, text_row("runs", counts), *self._leading_metric(), *self._runs())

    def _leading_metric(self) -> Iterator[DetailRow]:
        field = self._metric()
        row = None if field is None else self._statistics(field)
        if field is not None and row is not None:
            count, mean, _, first, median, third, low, high, best = row.cells
            deviation = formatting.format_deviation(float(row.sort[2]))
            text = f"mean {mean} ±{deviation}  median {median} ({first} to {third})  min {low}  max {high}  n {count}"
            yield DetailRow(field_title(field), (text,), row.value, target=row.target)
            yield DetailRow("best run", (best,), row.value, target=row.target)

    def _runs(self) -> Iterator[DetailRow]:
        field = self._metric()
        values = None if field is None else self.view.frame.column(self.view.layout.resolve_best(field))
        numbers = {row: values[row] for row in self.group.rows} if values is not None else {}
        texts = {row: formatting.format_number(value) for row, value in numbers.items() if isinstance(value, float)}
        cells = max(map(len, texts.values()), default=0)
        for row in self.group.rows:
            info = self.view.frame.infos[row]
            text = f"{texts.get(row, ''):<{cells}}  " if texts else ""
            role = STATUS_ROLES.get(info.status, "text")
            yield DetailRow(
                info.name or info.run_id,
                (f"{text}{formatting.format_status(info.status)}",),
                info.run_id,
                role=role,
                target=info,
            )

    def params(self) -> tuple[DetailRow, ...]:
        """Return every param with its value, or with the number of its values where the runs differ."""
        return tuple(self._params())

    def _params(self) -> Iterator[DetailRow]:
        for key in self.view.frame.keys(FieldKind.PARAM):
            column = self.view.frame.column(Field(FieldKind.PARAM, key))
            values = {None if column is None else column[row] for row in self.group.rows}
            if values != {None}:
                [value, *others] = values
                yield text_row(key, f"{len(values):,} values" if others else str(value), "muted" if others else "text")

    def metrics(self) -> tuple[DetailRow, ...]:
        """Return the statistics of every metric, the one that sorts first."""
        first = self._metric()
        fields = [Field(FieldKind.METRIC, key) for key in self.view.frame.keys(FieldKind.METRIC)]
        ordered = [*([first] if first else []), *(field for field in fields if field != first)]
        return tuple(row for field in ordered if (row := self._statistics(field)) is not None)

    def _metric(self) -> Field | None:
        """Return the metric that sorts, or else the first one that has a column."""
        columns = [column.field for column in self.view.columns if column.format is ColumnFormat.NUMBER]
        fields = [*(order.field for order in self.view.layout.order_by), *columns]
        return next((field for field in fields if field.kind is FieldKind.METRIC), None)

    def _statistics(self, field: Field) -> DetailRow | None:
        statistics = self.view.statistics(self.group, field)
        column = self.view.frame.column(self.view.layout.resolve_best(field))
        if statistics is None or not isinstance(column, NumberColumn):
            return None
        higher = self.view.layout.is_higher_better(field.key)
        rows = [row for row in self.group.rows if column.present[row] and isfinite(column.values[row])]
        best = (max if higher else min)(rows, key=column.values.__getitem__)
        info = self.view.frame.infos[best]
        numbers = (
            *(statistics.mean, statistics.deviation),
            *(statistics.first_quartile, statistics.median, statistics.third_quartile),
            *(statistics.low, statistics.high),
        )
        cells = (f"{statistics.count:,}", *map(formatting.format_number, numbers), info.name or info.run_id)
        return DetailRow(field_title(field), cells, info.run_id, (statistics.count, *numbers, cells[-1]), target=info)
