"""How a table is laid out, as a value that can be kept and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from qtui.query import higher_is_better
from qtui.query.ast import Aggregate, Field, Kind, OrderBy
from qtui.runs.column_specs import Align, ColumnFormat, ColumnSpec

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Which columns, in which order, how sorted, how grouped."""

    columns: tuple[ColumnSpec, ...] = ()
    columns_before: tuple[ColumnSpec, ...] | None = None
    """The columns to return to while only the params that differ are shown; None otherwise."""
    order_by: tuple[OrderBy, ...] = ()
    group_by: tuple[Field, ...] = ()
    nested: bool = True
    """Whether child runs stand below their parents."""
    pins: tuple[str, ...] = ()
    """Runs that stand above all others, whatever the filter."""
    closed: frozenset[str] = frozenset()
    """Parents and groups whose lines are hidden, by the key of their line."""
    higher: Mapping[str, bool] = field(default_factory=dict)
    """Metrics for which somebody has said whether more of them is better."""

    def is_higher_better(self, key: str) -> bool:
        """Whether more of a metric is better: as it was said, or as its name tells."""
        said = self.higher.get(key)
        return higher_is_better(key) if said is None else said

    def resolved(self, of: Field) -> Field:
        """The field itself, or for the best value of a metric the greatest or the least."""
        if of.aggregate is not Aggregate.BEST:
            return of
        return replace(of, aggregate=Aggregate.MAX if self.is_higher_better(of.key) else Aggregate.MIN)

    def sorted_by(self, wanted: Field, *, add: bool = False) -> TableLayout:
        """Sorted by this field first; asked again, in the other direction, and then no more.

        A metric begins with its best, a time with the newest, everything else with the least. With `add` it comes
        after the fields that it is sorted by already.
        """
        first = self._starts_ascending(wanted)
        known = next((each for each in self.order_by if each.field == wanted), None)
        if known is None:
            ordered: tuple[OrderBy, ...] = (OrderBy(wanted, first),)
            return replace(self, order_by=self.order_by + ordered if add else ordered)
        turned = (OrderBy(wanted, not first),) if known.ascending is first else ()
        if not add:
            return replace(self, order_by=turned)
        return replace(self, order_by=_with(self.order_by, known, turned))

    def _starts_ascending(self, wanted: Field) -> bool:
        if wanted.kind is Kind.METRIC:
            return not self.is_higher_better(wanted.key)
        return wanted.key not in ("start_time", "end_time", "duration") or wanted.kind is not Kind.ATTRIBUTE

    def reversed(self) -> TableLayout:
        """Sorted the other way round."""
        return replace(self, order_by=tuple(OrderBy(each.field, not each.ascending) for each in self.order_by))

    def with_column(self, column: ColumnSpec) -> TableLayout:
        """With this column in the place of the one with the same key, or at the end."""
        if all(each.key != column.key for each in self.columns):
            return replace(self, columns=(*self.columns, column))
        return replace(self, columns=tuple(column if each.key == column.key else each for each in self.columns))

    def moved(self, column: ColumnSpec, to: ColumnSpec) -> TableLayout:
        """With a column moved to the place of another; what is pinned stays with what is pinned."""
        columns = list(self.columns)
        if column.pinned is not to.pinned or column not in columns or to not in columns:
            return self
        place = columns.index(to)
        columns.remove(column)
        columns.insert(place, column)
        return replace(self, columns=tuple(columns))

    def to_dict(self) -> dict[str, Any]:
        """Plain data that says all that is worth keeping."""
        return {
            "columns": [_column_to_dict(each) for each in self.columns],
            "columns_before": None
            if self.columns_before is None
            else [_column_to_dict(column) for column in self.columns_before],
            "order_by": [{**_field_to_dict(each.field), "ascending": each.ascending} for each in self.order_by],
            "group_by": [_field_to_dict(each) for each in self.group_by],
            "nested": self.nested,
            "pins": list(self.pins),
            "higher": dict(self.higher),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TableLayout:
        """What plain data say; what they say wrongly, an older program or a hand may have, is left out."""
        higher = data.get("higher")
        return cls(
            columns=_distinct(_read_all(data.get("columns"), _column_from)),
            columns_before=_distinct(_read_all(data["columns_before"], _column_from))
            if isinstance(data.get("columns_before"), list)
            else None,
            order_by=tuple(_read_all(data.get("order_by"), _order_from)),
            group_by=tuple(_read_all(data.get("group_by"), _field_from)),
            nested=data.get("nested") is not False,
            pins=tuple(each for each in _listed(data.get("pins")) if isinstance(each, str)),
            higher={key: said for key, said in higher.items() if isinstance(said, bool)}
            if isinstance(higher, Mapping)
            else {},
        )


def place_added_items(chosen: Sequence[T], before: Sequence[T], anchor: T | None) -> tuple[T, ...]:
    """Return `chosen` with the items added at its end moved behind the anchor, or to the front without one."""
    count = next((index for index, item in enumerate(reversed(chosen)) if item in before), len(chosen))
    kept, added = list(chosen[: len(chosen) - count]), chosen[len(chosen) - count :]
    not_after = set(before[: before.index(anchor) + 1]) if anchor in before else set()
    place = max((index + 1 for index, item in enumerate(kept) if item in not_after), default=0)
    return (*kept[:place], *added, *kept[place:])


def _with(ordered: Iterable[OrderBy], old: OrderBy, new: tuple[OrderBy, ...]) -> tuple[OrderBy, ...]:
    return tuple(key for each in ordered for key in (new if each is old else (each,)))


def _field_to_dict(of: Field) -> dict[str, Any]:
    known = {"kind": of.kind.value, "key": of.key}
    return known if of.aggregate is Aggregate.LAST else {**known, "aggregate": of.aggregate.value}


def _column_to_dict(column: ColumnSpec) -> dict[str, Any]:
    return {
        **_field_to_dict(column.field),
        "look": column.look.value,
        "title": column.title,
        "width": column.width,
        "align": column.align.value,
        "pinned": column.pinned,
    }


def _field_from(data: Mapping[str, Any]) -> Field:
    return Field(Kind(data["kind"]), str(data["key"]), Aggregate(data.get("aggregate", Aggregate.LAST)))


def _order_from(data: Mapping[str, Any]) -> OrderBy:
    return OrderBy(_field_from(data), data.get("ascending") is not False)


def _column_from(data: Mapping[str, Any]) -> ColumnSpec:
    width = data.get("width")
    return ColumnSpec(
        _field_from(data),
        ColumnFormat(data.get("look", ColumnFormat.TEXT)),
        str(data.get("title", "")),
        width if type(width) is int and width > 0 else None,
        Align(data.get("align", Align.LEFT)),
        data.get("pinned") is True,
    )


def _listed(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _read_all(data: Any, read: Callable[[Mapping[str, Any]], T]) -> list[T]:
    found = []
    for each in _listed(data):
        try:
            found.append(read(each))
        except (KeyError, ValueError, TypeError, AttributeError):
            continue
    return found


def _distinct(columns: Iterable[ColumnSpec]) -> tuple[ColumnSpec, ...]:
    return tuple({each.key: each for each in columns}.values())
