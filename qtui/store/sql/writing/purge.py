"""Remove the rows of deleted runs and experiments, and those that `mlflow gc` leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from qtui.entities import ViewType
from qtui.errors import QtuiError, StoreError
from qtui.store.changes import Failure, Target
from qtui.store.sql.reading.run_infos import parse_experiment_id
from qtui.store.sql.writing.transactions import Transaction
from qtui.store.writer import slices

MAX_IDS_PER_STATEMENT = 500

RUN_TABLES: Mapping[str, tuple[str, ...]] = {
    "metrics": ("run_uuid",),
    "latest_metrics": ("run_uuid",),
    "params": ("run_uuid",),
    "tags": ("run_uuid",),
    "inputs": ("source_id", "destination_id"),
    "entity_associations": ("source_id", "destination_id"),
}
"""The tables with rows of runs, and their columns with the ID. Foreign keys remove the rows of other tables."""

EXPERIMENT_TABLES = (
    "experiment_tags",
    "sql_trace_metric_daily_rollups",
    "sql_span_cost_daily_rollups",
    "sql_assessment_daily_rollups",
    "sql_trace_rollup_rebuild_queue",
)
"""The tables with rows of experiments that no foreign key removes."""

ORPHANS: Mapping[str, str] = {
    "inputs": "destination_type = 'RUN' AND destination_id NOT IN (SELECT run_uuid FROM runs)",
    "input_tags": "input_uuid NOT IN (SELECT input_uuid FROM inputs)",
    "datasets": "dataset_uuid NOT IN (SELECT source_id FROM inputs WHERE source_type = 'DATASET')",
}
"""The conditions for rows of runs that do not exist any more, and for datasets that no run uses, in this order.

`mlflow gc` leaves these behind.
"""


def purge(transaction: Transaction, targets: Sequence[Target]) -> tuple[Failure, ...]:
    """Remove deleted runs, then deleted experiments without runs; return those that are not deleted, or not empty."""
    present = set(sa.inspect(transaction.connection).get_table_names())
    failures: list[Failure] = []
    run_ids = list(_deleted_runs(transaction, [target for target in targets if target.is_run], failures))
    for ids in slices(run_ids, MAX_IDS_PER_STATEMENT):
        _remove_runs(transaction.connection, present, ids)
    for target in targets:
        if not target.is_run:
            _purge_experiment(transaction, present, target, failures)
    return tuple(failures)


def remove_leftovers(transaction: Transaction, *, dry_run: bool) -> int:
    """Remove the rows that belong to no run any more, and return their number."""
    connection = transaction.connection
    present = set(sa.inspect(connection).get_table_names())
    total = 0
    for table, condition in ORPHANS.items():
        if not {table, "inputs"} <= present:
            continue
        if dry_run:
            total += connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {condition}").scalar_one()
            continue
        if table == "inputs" and "input_tags" in present:
            # A foreign key keeps inputs that have tags.
            of_inputs = f"input_uuid IN (SELECT input_uuid FROM inputs WHERE {condition})"
            total += connection.exec_driver_sql(f"DELETE FROM input_tags WHERE {of_inputs}").rowcount
        total += connection.exec_driver_sql(f"DELETE FROM {table} WHERE {condition}").rowcount
    return total


def _deleted_runs(transaction: Transaction, targets: Sequence[Target], failures: list[Failure]) -> Iterator[str]:
    """Yield the IDs of those runs that are deleted, locked until the transaction ends."""
    c = transaction.tables["runs"].table.c
    for some in slices(targets, MAX_IDS_PER_STATEMENT):
        statement = sa.select(c.run_uuid, c.lifecycle_stage).where(c.run_uuid.in_([target.run_id for target in some]))
        if transaction.kind != "sqlite":
            statement = statement.with_for_update()
        stages: dict[str, str] = dict(transaction.snapshot.rows(statement))
        for target in some:
            try:
                if target.run_id not in stages:
                    raise target.missing_from("the database")
                target.check_stage(stages[target.run_id], ViewType.DELETED)
            except QtuiError as error:
                failures.append(Failure(target, error))
            else:
                yield target.run_id


def _remove_runs(connection: sa.Connection, present: set[str], ids: Sequence[str]) -> None:
    if {"inputs", "input_tags"} <= present:
        inputs, tags = _table("inputs", "input_uuid", "source_id", "destination_id"), _table("input_tags", "input_uuid")
        of_runs = inputs.c.source_id.in_(ids) | inputs.c.destination_id.in_(ids)
        input_ids = connection.execute(sa.select(inputs.c.input_uuid).where(of_runs)).scalars().all()
        for some in slices(input_ids, MAX_IDS_PER_STATEMENT):
            connection.execute(tags.delete().where(tags.c.input_uuid.in_(some)))
    for name, columns in RUN_TABLES.items():
        if name in present:
            table = _table(name, *columns)
            for column in columns:
                connection.execute(table.delete().where(table.c[column].in_(ids)))
    runs = _table("runs", "run_uuid")
    connection.execute(runs.delete().where(runs.c.run_uuid.in_(ids)))


def _purge_experiment(transaction: Transaction, present: set[str], target: Target, failures: list[Failure]) -> None:
    connection = transaction.connection
    experiment_id = parse_experiment_id(target.experiment_id)
    c = transaction.tables["experiments"].table.c
    rows = transaction.snapshot.rows(sa.select(c.lifecycle_stage).where(c.experiment_id == experiment_id))
    runs = _table("runs", "experiment_id")
    count = connection.execute(
        sa.select(sa.func.count()).select_from(runs).where(runs.c.experiment_id == experiment_id)
    ).scalar_one()
    try:
        if not rows:
            raise target.missing_from("the database")
        target.check_stage(rows[0][0], ViewType.DELETED)
        if count:
            raise StoreError(f"Experiment {target.experiment_id} still has {count} runs.")
    except QtuiError as error:
        failures.append(Failure(target, error))
        return
    for name in (*EXPERIMENT_TABLES, "experiments"):
        if name in present:
            table = _table(name, "experiment_id")
            connection.execute(table.delete().where(table.c.experiment_id == experiment_id))


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))
