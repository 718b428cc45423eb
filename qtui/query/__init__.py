"""The filter language: MLflow's syntax and semantics, with extensions."""

from __future__ import annotations

from qtui.query.metric_direction import higher_is_better
from qtui.query.order import parse_order, sort_runs
from qtui.query.parser import parse_filter
from qtui.query.predicates import parse_number, predicate
from qtui.query.projection import logged_fields, required_values
from qtui.query.render import render
from qtui.query.unprefixed_keys import KeyLookup

__all__ = [
    "KeyLookup",
    "higher_is_better",
    "logged_fields",
    "parse_filter",
    "parse_number",
    "parse_order",
    "predicate",
    "render",
    "required_values",
    "sort_runs",
]
