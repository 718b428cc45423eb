"""Searches that are filtered, sorted and paged by the database, as far as it can express the filter."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from qtui.entities import Listing, Run
from qtui.formatting import now_ms
from qtui.query import predicate, required_values
from qtui.query.ast import Filter
from qtui.query.projection import NO_VALUES
from qtui.query.sql import SqlCondition, translate_filter, translate_order
from qtui.store.protocol import Page, RunQuery
from qtui.store.sql.connections.database import Row, Snapshot
from qtui.store.sql.reading.run_infos import in_scope, info_columns, parse_infos
from qtui.store.sql.reading.run_values import read_runs


def search_runs(snapshot: Snapshot, query: RunQuery) -> Page:
    """Return the page of runs that a query asks for."""
    condition = SqlCondition(sa.true()) if query.filter is None else translate_filter(query.filter, snapshot.tables)
    if condition.is_exact or query.filter is None:
        rows, total = page_in_database(snapshot, query, condition)
    else:
        rows, total = page_by_predicate(snapshot, query, condition, query.filter)
    infos = parse_infos(rows)
    if query.projection == NO_VALUES:
        return Page.of(query, tuple(map(Run, infos.items)), total, infos.problems)
    runs: Listing[Run] = read_runs(snapshot, infos.items, query.projection)
    return Page.of(query, runs.items, total, infos.problems + runs.problems)


def page_in_database(snapshot: Snapshot, query: RunQuery, condition: SqlCondition) -> tuple[list[Row], int]:
    """Return the rows of the page and the number of matches, for a filter that the database evaluates exactly."""
    statement = select_matches(snapshot, query, condition)
    if query.limit is None and not query.start:
        rows = snapshot.rows(statement)
        return rows, len(rows)
    scope = in_scope(snapshot.tables, query.experiment_ids, query.view)
    count = sa.select(sa.func.count()).select_from(snapshot.tables.runs).where(scope, condition.where)
    ((total,),) = snapshot.rows(count)
    limit = total if query.limit is None else query.limit
    return snapshot.rows(statement.limit(limit).offset(query.start)), total


def page_by_predicate(
    snapshot: Snapshot, query: RunQuery, condition: SqlCondition, run_filter: Filter
) -> tuple[list[Row], int]:
    """Return the rows of the page and the number of matches, by testing the candidates that the database returns."""
    rows = snapshot.rows(select_matches(snapshot, query, condition))
    matches = predicate(run_filter)
    infos = parse_infos(rows).items
    candidates = read_runs(snapshot, infos, required_values(run_filter, ())).items
    matching_ids = {run.info.run_id for run in candidates if matches(run)}
    matching_rows = [row for row, info in zip(rows, infos, strict=True) if info.run_id in matching_ids]
    end = None if query.limit is None else query.start + query.limit
    return matching_rows[query.start : end], len(matching_rows)


def select_matches(snapshot: Snapshot, query: RunQuery, condition: SqlCondition) -> sa.Select[Any]:
    """Return a query for all matching rows in order."""
    now = now_ms() if query.filter is None else query.filter.now
    order = translate_order(query.order_by, snapshot.tables, now)
    scope = in_scope(snapshot.tables, query.experiment_ids, query.view)
    statement = sa.select(*info_columns(snapshot.tables)).select_from(order.source)
    return statement.where(scope, condition.where).order_by(*order.keys)
