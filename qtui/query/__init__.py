"""The filter language: MLflow's grammar and meaning, and beyond it."""

from __future__ import annotations

from qtui.query.direction import higher_is_better
from qtui.query.keys import KeyLookup
from qtui.query.match import number, predicate
from qtui.query.needs import logged_fields, needed, union
from qtui.query.order import parse_order, sorted_runs
from qtui.query.parser import parse_filter
from qtui.query.render import render

__all__ = [
    "KeyLookup",
    "higher_is_better",
    "logged_fields",
    "needed",
    "number",
    "parse_filter",
    "parse_order",
    "predicate",
    "render",
    "sorted_runs",
    "union",
]
