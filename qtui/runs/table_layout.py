"""The layout of a table as an immutable value that can be stored as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, TypeVar

from qtui.query import higher_is_better
from qtui.query.ast import Aggregate, Field, FieldKind, OrderBy
from qtui.runs.column_specs import Align, ColumnFormat, ColumnSpec
from qtui.value_classes import dataclass

T = TypeVar("T")

ASCENDING, DESCENDING = "▲", "▼"
"""The signs of the sort directions."""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Columns, sort order, grouping, pins and folded lines of a table."""

    columns: tuple[ColumnSpec, ...] = ()
    previous_columns: tuple[ColumnSpec, ...] | None = None
    """The columns to return to while only differing params are visible; None otherwise."""
    order_by: tuple[OrderBy, ...] = ()
    group_by: tuple[Field, ...] = ()
    group_all_but: tuple[Field, ...] | None = None
    """The params left out of groups by all other differing params, such as the seed; None for groups by `group_by`."""
    nested: bool = True
    """Whether child runs are below their parents."""
    pins: tuple[str, ...] = ()
    """The IDs of runs at the top of the table, whatever the filter."""
    folded: frozenset[str] = frozenset()
    """The keys of parents and groups with hidden children."""
    baseline: str = ""
    """The ID of the run that the others are compared with; empty without one."""
    higher_is_better: Mapping[str, bool] = field(default_factory=dict)
    """The direction of metrics for which the user chose it."""

    def is_higher_better(self, key: str) -> bool:
        """Return the direction of a metric that the user chose, or else the one its name suggests."""
        choice = self.higher_is_better.get(key)
        return higher_is_better(key) if choice is None else choice

    def resolve_best(self, field: Field) -> Field:
        """Return the field, with the maximum or the minimum in place of the best value."""
        if field.aggregate is not Aggregate.BEST:
            return field
        return replace(field, aggregate=Aggregate.MAX if self.is_higher_better(field.key) else Aggregate.MIN)

    def sort_by(self, field: Field, *, add: bool = False) -> TableLayout:
        """Return the layout sorted by a field; repeated calls reverse the order, then remove the field.

        A metric starts with its best value, a time with the newest, other fields with the lowest. With `add` the
        field comes after those that sort already.
        """
        ascending = self._starts_ascending(field)
        current = next((order for order in self.order_by if order.field == field), None)
        if current is None:
            new_order: tuple[OrderBy, ...] = (OrderBy(field, ascending),)
            return replace(self, order_by=self.order_by + new_order if add else new_order)
        next_order = (OrderBy(field, not ascending),) if current.ascending is ascending else ()
        if not add:
            return replace(self, order_by=next_order)
        replaced = tuple(item for order in self.order_by for item in (next_order if order is current else (order,)))
        return replace(self, order_by=replaced)

    def _starts_ascending(self, field: Field) -> bool:
        if field.kind is FieldKind.METRIC:
            return not self.is_higher_better(field.key)
        return field.key not in ("start_time", "end_time", "duration") or field.kind is not FieldKind.ATTRIBUTE

    def reverse_sort(self) -> TableLayout:
        """Return the layout with all sort directions reversed."""
        return replace(self, order_by=tuple(OrderBy(order.field, not order.ascending) for order in self.order_by))

    def with_column(self, column: ColumnSpec) -> TableLayout:
        """Return the layout with the column of the same key replaced, or this column appended."""
        if all(other.key != column.key for other in self.columns):
            return replace(self, columns=(*self.columns, column))
        return replace(self, columns=tuple(column if other.key == column.key else other for other in self.columns))

    def move_column(self, column: ColumnSpec, to: ColumnSpec) -> TableLayout:
        """Return the layout with a column moved to the place of another; pinned and other columns do not mix."""
        columns = list(self.columns)
        if column.pinned is not to.pinned or column not in columns or to not in columns:
            return self
        index = columns.index(to)
        columns.remove(column)
        columns.insert(index, column)
        return replace(self, columns=tuple(columns))

    def to_dict(self) -> dict[str, Any]:
        """Return the layout as JSON data, without what is folded."""
        return {
            "columns": [_column_to_dict(column) for column in self.columns],
            "columns_before": None
            if self.previous_columns is None
            else [_column_to_dict(column) for column in self.previous_columns],
            "order_by": [{**_field_to_dict(order.field), "ascending": order.ascending} for order in self.order_by],
            "group_by": [_field_to_dict(field) for field in self.group_by],
            "group_all_but": None
            if self.group_all_but is None
            else [_field_to_dict(field) for field in self.group_all_but],
            "nested": self.nested,
            "pins": list(self.pins),
            "baseline": self.baseline,
            "higher": dict(self.higher_is_better),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TableLayout:
        """Return the layout from JSON data; ignore invalid parts, from other versions or manual edits."""
        higher = data.get("higher")
        return cls(
            columns=_parse_columns(data.get("columns")) or (),
            previous_columns=_parse_columns(data.get("columns_before")),
            order_by=_parse_items(data.get("order_by"), _parse_order) or (),
            group_by=_parse_items(data.get("group_by"), _parse_field) or (),
            group_all_but=_parse_items(data.get("group_all_but"), _parse_field),
            nested=data.get("nested") is not False,
            pins=tuple(run_id for run_id in _list(data.get("pins")) if isinstance(run_id, str)),
            baseline=baseline if isinstance(baseline := data.get("baseline"), str) else "",
            higher_is_better={key: value for key, value in higher.items() if isinstance(value, bool)}
            if isinstance(higher, Mapping)
            else {},
        )


def insert_added_items(chosen: Sequence[T], before: Sequence[T], anchor: T | None) -> tuple[T, ...]:
    """Return `chosen` with the items added at its end moved behind the anchor, or to the front without one.

    For example, the columns `a b x`, of which `x` is added, become `a x b` with the anchor `a`.
    """
    count = next((index for index, item in enumerate(reversed(chosen)) if item in before), len(chosen))
    remaining, added = list(chosen[: len(chosen) - count]), chosen[len(chosen) - count :]
    up_to_anchor = set(before[: before.index(anchor) + 1]) if anchor in before else set()
    index = max((index + 1 for index, item in enumerate(remaining) if item in up_to_anchor), default=0)
    return (*remaining[:index], *added, *remaining[index:])


def _field_to_dict(field: Field) -> dict[str, Any]:
    data = {"kind": field.kind.value, "key": field.key}
    return data if field.aggregate is Aggregate.LAST else {**data, "aggregate": field.aggregate.value}


def _column_to_dict(column: ColumnSpec) -> dict[str, Any]:
    return {
        **_field_to_dict(column.field),
        "look": column.format.value,
        "title": column.title,
        "width": column.width,
        "align": column.align.value,
        "pinned": column.pinned,
    }


def _parse_field(data: Mapping[str, Any]) -> Field:
    return Field(FieldKind(data["kind"]), str(data["key"]), Aggregate(data.get("aggregate", Aggregate.LAST)))


def _parse_order(data: Mapping[str, Any]) -> OrderBy:
    return OrderBy(_parse_field(data), data.get("ascending") is not False)


def _parse_column(data: Mapping[str, Any]) -> ColumnSpec:
    width = data.get("width")
    return ColumnSpec(
        _parse_field(data),
        ColumnFormat(data.get("look", ColumnFormat.TEXT)),
        str(data.get("title", "")),
        width if type(width) is int and width > 0 else None,
        Align(data.get("align", Align.LEFT)),
        data.get("pinned") is True,
    )


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _parse_items(data: Any, parse: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...] | None:
    """Parse the items of a list, and skip invalid ones; return None for anything but a list."""
    if not isinstance(data, list):
        return None
    items = []
    for item in data:
        try:
            items.append(parse(item))
        except (KeyError, ValueError, TypeError, AttributeError):
            continue
    return tuple(items)


def _parse_columns(data: Any) -> tuple[ColumnSpec, ...] | None:
    """Parse a list of columns, of which each key is kept once; return None for anything but a list."""
    columns = _parse_items(data, _parse_column)
    return None if columns is None else tuple({column.key: column for column in columns}.values())
