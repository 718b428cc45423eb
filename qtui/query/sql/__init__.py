"""Translation of filters and sort orders to SQL."""

from __future__ import annotations

from qtui.query.sql.dialects import SqlCondition
from qtui.query.sql.filter_conditions import translate_filter
from qtui.query.sql.metric_values import MAX_FLOAT
from qtui.query.sql.sort_order import translate_order
from qtui.query.sql.sqlite_functions import SQLITE_FUNCTIONS
from qtui.query.sql.tables import Tables, lifecycle_stage, run_name
from qtui.query.sql.text_conditions import equals, is_encodable, is_one_of, is_storable, likely

__all__ = [
    "MAX_FLOAT",
    "SQLITE_FUNCTIONS",
    "SqlCondition",
    "Tables",
    "equals",
    "is_encodable",
    "is_one_of",
    "is_storable",
    "lifecycle_stage",
    "likely",
    "run_name",
    "translate_filter",
    "translate_order",
]
