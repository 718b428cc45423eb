"""Apply changes to many runs or experiments by set-based statements, in a write transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from qtui.cancellation import check_cancelled
from qtui.entities import ExperimentInfo
from qtui.errors import ChangedSince, QtuiError
from qtui.store.apply_changes import create_experiment
from qtui.store.changes import (
    ALL_RUNS,
    LIFECYCLE,
    TAG_PREFIX,
    Applied,
    Change,
    Failure,
    Record,
    Target,
    Value,
    Values,
    inverse_of,
    merge,
    pending_values,
    split_tags,
    tag_field,
    without_fields,
)
from qtui.store.sql.reading.run_infos import parse_experiment_id
from qtui.store.sql.schema.writable_tables import WritableTable
from qtui.store.sql.writing.rows import check_name_is_free
from qtui.store.sql.writing.transactions import Transaction
from qtui.store.writer import slices

MAX_IDS_PER_STATEMENT = 500

RowId = str | int
ValuesById = Mapping[RowId, Values]


def apply_changes(
    transaction: Transaction, changes: Sequence[Change], record: Record, create: Callable[..., ExperimentInfo]
) -> Applied:
    """Apply changes one after another; `create` creates an experiment in the transaction.

    Raises Cancelled, which rolls the transaction back, if the work is cancelled between two statements.
    """
    applied = Applied()
    for change in changes:
        if change.targets and not change.targets[0].experiment_id:
            result = Applied((create_experiment(create, change, record),))
        else:
            result = _apply_change(transaction, change, record)
        applied = applied.followed_by(result)
    return applied


def _apply_change(transaction: Transaction, change: Change, record: Record) -> Applied:
    is_run = change.targets[0].is_run if change.targets else True
    rows = RunRows(transaction) if is_run else ExperimentRows(transaction)
    change = rows.supported(change)
    targets = rows.expand(change.targets)
    present = rows.read(targets, change)
    pending: dict[Target, Values] = {}
    inverses: list[Change] = []
    failures: list[Failure] = []
    for target in targets:
        try:
            values = rows.present_values(target, present, change)
            pending[target] = pending_values(change, target, values)
        except QtuiError as error:
            failures.append(Failure(target, error))
            continue
        if pending[target]:
            inverses.append(inverse_of(change, target, pending[target], values))
    merged = merge(inverses)
    if merged:
        record(merged)
        rows.write({target: values for target, values in pending.items() if values}, present)
    return Applied(merged, tuple(failures))


class TargetRows:
    """The rows of runs or experiments and of their tags; subclasses name the tables."""

    def __init__(self, transaction: Transaction, table: WritableTable, tags: WritableTable, id_column: str) -> None:
        self._transaction = transaction
        self._table = table
        self._tags = tags
        self._id_column = id_column

    def row_id(self, target: Target) -> RowId:
        """Return the value of the ID column."""
        return target.run_id

    def supported(self, change: Change) -> Change:
        """Return a change without fields that are no columns of the table; an old MLflow lacks some."""
        names = (field for field in change.values if not field.startswith(TAG_PREFIX))
        return without_fields(change, [field for field in names if field not in self._table.table.c])

    def expand(self, targets: Sequence[Target]) -> Sequence[Target]:
        """Return the targets, with the runs of an experiment instead of all its runs."""
        return targets

    def read(self, targets: Sequence[Target], change: Change) -> ValuesById:
        """Lock the rows against other writers until the transaction ends, and return the present values by ID."""
        fields, tags = split_tags(change.values)
        table = self._table.table
        c = table.c
        names = [LIFECYCLE, *(field for field in fields if field != LIFECYCLE)]
        values: dict[RowId, dict[str, Value]] = {}
        for ids in self._id_slices(targets):
            check_cancelled()
            statement = sa.select(c[self._id_column], *(c[name] for name in names)).where(c[self._id_column].in_(ids))
            if self._transaction.kind != "sqlite":
                statement = statement.with_for_update(key_share=self._transaction.kind == "postgresql")
            for row_id, *cells in self._transaction.snapshot.rows(statement.order_by(c[self._id_column])):
                values[row_id] = {**dict(zip(names, cells, strict=True)), **dict.fromkeys(map(tag_field, tags))}
            for row_id, key, value in self._read_tags(ids, list(tags)):
                if row_id in values and key in tags:
                    values[row_id][tag_field(key)] = value
        return values

    def present_values(self, target: Target, present: ValuesById, change: Change) -> Values:
        """Return the present values of a target; raise an error if it cannot be changed."""
        if (values := present.get(self.row_id(target))) is None:
            raise target.missing_from("the database")
        return values

    def write(self, pending: Mapping[Target, Values], present: ValuesById) -> None:
        """Write the new values: one statement for all rows that get the same ones."""
        groups: dict[tuple[tuple[str, Value], ...], list[RowId]] = {}
        inserts: list[dict[str, object]] = []
        for target, values in pending.items():
            row_id = self.row_id(target)
            fields, tags = split_tags(values)
            for key, text in tags.items():
                if text is not None and present[row_id][tag_field(key)] is None:
                    inserts.append({self._id_column: row_id, "key": key, "value": text})
                else:
                    groups.setdefault(((tag_field(key), text),), []).append(row_id)
            if fields:
                groups.setdefault(tuple(fields.items()), []).append(row_id)
        for cells, row_ids in groups.items():
            for ids in slices(row_ids, MAX_IDS_PER_STATEMENT):
                check_cancelled()
                self._write_group(ids, dict(cells))
        self._tags.insert(self._transaction.connection, inserts)
        check_cancelled()

    def _write_group(self, ids: Sequence[RowId], values: Values) -> None:
        fields, tags = split_tags(values)
        connection = self._transaction.connection
        if fields:
            self._table.update(connection, self._table.table.c[self._id_column].in_(ids), **fields)
        c = self._tags.table.c
        for key, text in tags.items():
            of_key = sa.and_(c[self._id_column].in_(ids), c.key == key)
            if text is None:
                connection.execute(self._tags.table.delete().where(of_key))
            else:
                self._tags.update(connection, of_key, value=text)

    def _id_slices(self, targets: Iterable[Target]) -> Sequence[Sequence[RowId]]:
        return slices([self.row_id(target) for target in targets], MAX_IDS_PER_STATEMENT)

    def _read_tags(self, ids: Sequence[RowId], keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        c = self._tags.table.c
        columns = sa.select(c[self._id_column], c.key, c.value).where(c[self._id_column].in_(ids))
        for some_keys in slices(keys, MAX_IDS_PER_STATEMENT):
            yield from self._transaction.snapshot.rows(columns.where(c.key.in_(some_keys)))


class RunRows(TargetRows):
    """The rows of runs."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction, transaction.tables["runs"], transaction.tables["tags"], "run_uuid")

    def expand(self, targets: Sequence[Target]) -> Sequence[Target]:
        c = self._table.table.c
        expanded: list[Target] = []
        for target in targets:
            if target.run_id != ALL_RUNS:
                expanded.append(target)
                continue
            statement = sa.select(c.run_uuid).where(c.experiment_id == parse_experiment_id(target.experiment_id))
            rows = self._transaction.connection.execute(statement)
            expanded += [Target(target.experiment_id, run_id) for (run_id,) in rows]
        return expanded


class ExperimentRows(TargetRows):
    """The rows of experiments."""

    def __init__(self, transaction: Transaction) -> None:
        tables = transaction.tables
        super().__init__(transaction, tables["experiments"], tables["experiment_tags"], "experiment_id")

    def row_id(self, target: Target) -> RowId:
        number = parse_experiment_id(target.experiment_id)
        return -1 if number is None else number

    def present_values(self, target: Target, present: ValuesById, change: Change) -> Values:
        """Return the present values of an experiment, None for each if the change creates it again."""
        values = present.get(self.row_id(target))
        name = change.values.get("name")
        if name is not None and (values is None or values["name"] != name):
            check_name_is_free(self._transaction, str(name))
        if values is None:
            if change.expected is None or change.expected.get(LIFECYCLE, "") is not None:
                raise target.missing_from("the database")
            return dict.fromkeys(change.values)
        if change.values.get(LIFECYCLE, "") is None:
            self._check_removable(target, change)
        return values

    def write(self, pending: Mapping[Target, Values], present: ValuesById) -> None:
        """Write new values, and create and remove experiments."""
        changed: dict[Target, Values] = {}
        for target, values in pending.items():
            if values.get(LIFECYCLE, "") is None:
                self._remove(self.row_id(target))
            elif self.row_id(target) not in present:
                self._insert(self.row_id(target), values)
            else:
                changed[target] = values
        super().write(changed, present)

    def _check_removable(self, target: Target, change: Change) -> None:
        """Raise ChangedSince if the experiment has more than the rows that its creation wrote."""
        _, tags = split_tags(change.values)
        runs, row_id = self._transaction.tables["runs"].table, self.row_id(target)
        run_count = sa.select(sa.func.count()).select_from(runs).where(runs.c.experiment_id == row_id)
        keys = sa.select(self._tags.table.c.key).where(self._tags.table.c.experiment_id == row_id)
        connection = self._transaction.connection
        if connection.execute(run_count).scalar_one() or set(connection.execute(keys).scalars()) - tags.keys():
            raise ChangedSince(f"The experiment {target.experiment_id} has runs or other tags now. Delete it instead.")

    def _remove(self, row_id: RowId) -> None:
        for table in (self._tags.table, self._table.table):
            self._transaction.connection.execute(table.delete().where(table.c.experiment_id == row_id))

    def _insert(self, row_id: RowId, values: Values) -> None:
        fields, tags = split_tags(values)
        connection = self._transaction.connection
        self._table.insert(connection, [{"experiment_id": row_id, **fields}])
        self._tags.insert(
            connection, ({"experiment_id": row_id, "key": key, "value": value} for key, value in tags.items())
        )
