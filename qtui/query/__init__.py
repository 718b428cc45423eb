"""The filter language: MLflow's grammar and meaning, and beyond it."""

from __future__ import annotations

from qtui.query.direction import higher_is_better
from qtui.query.match import number, predicate
from qtui.query.needs import needed, union
from qtui.query.order import parse_order, sorted_runs
from qtui.query.parser import parse_filter
from qtui.query.render import render

__all__ = [
    "higher_is_better",
    "needed",
    "number",
    "parse_filter",
    "parse_order",
    "predicate",
    "render",
    "sorted_runs",
    "union",
]
