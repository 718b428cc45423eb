"""The answer to a query: filtered, sorted and cut by the database, as far as it can say what the filter says."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa

from qtui.entities import Listing, Run
from qtui.query import needed, predicate
from qtui.query.ast import Filter
from qtui.query.sql import Clause, in_order, translate
from qtui.query.wanted import NOTHING
from qtui.store.protocol import Page, RunQuery
from qtui.store.sql.connections.database import Look, Row
from qtui.store.sql.reading.run_infos import in_scope, info_columns, listing_of
from qtui.store.sql.reading.run_values import runs_of


def search(look: Look, query: RunQuery) -> Page:
    """The runs that answer a query."""
    clause = Clause(sa.true()) if query.filter is None else translate(query.filter, look.tables)
    if clause.exact or query.filter is None:
        rows, total = cut_by_database(look, query, clause)
    else:
        rows, total = cut_by_predicate(look, query, clause, query.filter)
    found = listing_of(rows)
    if query.wanted == NOTHING:
        return Page(tuple(map(Run, found.items)), total, found.problems)
    runs: Listing[Run] = runs_of(look, found.items, query.wanted)
    return Page(runs.items, total, found.problems + runs.problems)


def cut_by_database(look: Look, query: RunQuery, clause: Clause) -> tuple[list[Row], int]:
    """The rows of the page, and how many match."""
    chosen = statement(look, query, clause)
    if query.limit is None and not query.offset:
        rows = look.rows(chosen)
        return rows, len(rows)
    scope = in_scope(look.tables, query.experiment_ids, query.view)
    counted = sa.select(sa.func.count()).select_from(look.tables.runs).where(scope, clause.where)
    ((total,),) = look.rows(counted)
    size = total if query.limit is None else query.limit
    return look.rows(chosen.limit(size).offset(query.offset)), total


def cut_by_predicate(look: Look, query: RunQuery, clause: Clause, wanted: Filter) -> tuple[list[Row], int]:
    """The same, where the database lets through more than match."""
    rows = look.rows(statement(look, query, clause))
    matches = predicate(wanted)
    infos = listing_of(rows).items
    matching = {run.info.run_id for run in runs_of(look, infos, needed(wanted, ())).items if matches(run)}
    kept = [row for row, info in zip(rows, infos, strict=True) if info.run_id in matching]
    end = None if query.limit is None else query.offset + query.limit
    return kept[query.offset : end], len(kept)


def statement(look: Look, query: RunQuery, clause: Clause) -> sa.Select[Any]:
    """All rows that match, in order."""
    now = time.time_ns() // 1_000_000 if query.filter is None else query.filter.now
    order = in_order(query.order_by, look.tables, now)
    scope = in_scope(look.tables, query.experiment_ids, query.view)
    chosen = sa.select(*info_columns(look.tables)).select_from(order.source)
    return chosen.where(scope, clause.where).order_by(*order.keys)
