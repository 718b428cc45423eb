"""Column names, as in `--columns` and the setting `columns`."""

from __future__ import annotations

from qtui.errors import UsageError
from qtui.query.ast import Field, Kind
from qtui.query.fields import ATTRIBUTES, PREFIXES
from qtui.query.order import parse_order

EXPERIMENT = "experiment"
ATTRIBUTE_NAMES = ("id", "name", EXPERIMENT, "status", "started", "ended", "duration", "user", "artifact_uri")


def parse_column(name: str) -> Field:
    """Return the field of a column name; keys may contain spaces and need no quotes.

    Raises:
        UsageError: There is no such column.
    """
    text = name.strip()
    prefix, dot, key = text.partition(".")
    kind = PREFIXES.get(prefix.lower()) if dot else None
    if text.lower() == EXPERIMENT:
        return Field(Kind.ATTRIBUTE, "experiment_id")
    if kind in (Kind.METRIC, Kind.PARAM, Kind.TAG):
        return Field(kind, key.strip('"`'))
    if text.endswith(")") or kind is Kind.ATTRIBUTE or text.lower() in ATTRIBUTES:
        return parse_order(text).field
    raise UsageError(
        f"There is no column {text!r}. Name an attribute ({', '.join(ATTRIBUTE_NAMES)}), "
        "or metrics.KEY, params.KEY or tags.KEY."
    )
