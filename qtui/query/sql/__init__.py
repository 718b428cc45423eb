"""The filter language as SQL: what a database can answer exactly as `qtui.query.predicate` would, it answers."""

from __future__ import annotations

from qtui.query.sql.dialects import Clause
from qtui.query.sql.filters import translate
from qtui.query.sql.functions import SQLITE_FUNCTIONS
from qtui.query.sql.metrics import LARGEST
from qtui.query.sql.orders import in_order
from qtui.query.sql.tables import Tables, run_name, stage
from qtui.query.sql.texts import is_encodable, is_one_of, is_storable, likely, same

__all__ = [
    "LARGEST",
    "SQLITE_FUNCTIONS",
    "Clause",
    "Tables",
    "in_order",
    "is_encodable",
    "is_one_of",
    "is_storable",
    "likely",
    "run_name",
    "same",
    "stage",
    "translate",
]
