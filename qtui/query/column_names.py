"""Column names, as in `--columns` and the setting `columns`."""

from __future__ import annotations

from qtui.errors import UsageError
from qtui.query.ast import LOGGED_KINDS, Field, FieldKind
from qtui.query.fields import ATTRIBUTES, PREFIXES
from qtui.query.order import parse_order
from qtui.query.unprefixed_keys import KeyLookup, ambiguous_key_message

EXPERIMENT = "experiment"
ATTRIBUTE_NAMES = ("id", "name", EXPERIMENT, "status", "started", "ended", "duration", "user", "artifact_uri")


def is_bare_key(name: str) -> bool:
    """Return whether a column name is a key without a prefix: no attribute, no prefixed key, no aggregate."""
    text = name.strip().lower()
    prefix, dot, _ = text.partition(".")
    return not (text.endswith(")") or text in ATTRIBUTES or text == EXPERIMENT or (dot and prefix in PREFIXES))


def parse_column(name: str, lookup: KeyLookup | None = None) -> Field:
    """Return the field of a column name; keys may contain spaces and need no quotes.

    With `lookup`, keys need no prefix if only one kind has the key.

    Raises:
        UsageError: There is no such column, or several kinds have the key.
    """
    text = name.strip()
    if lookup is not None and is_bare_key(text):
        return _looked_up(text, lookup)
    prefix, dot, key = text.partition(".")
    kind = PREFIXES.get(prefix.lower()) if dot else None
    if text.lower() == EXPERIMENT:
        return Field(FieldKind.ATTRIBUTE, "experiment_id")
    if kind in (FieldKind.METRIC, FieldKind.PARAM, FieldKind.TAG):
        return Field(kind, key.strip('"`'))
    if text.endswith(")") or kind is FieldKind.ATTRIBUTE or text.lower() in ATTRIBUTES:
        return parse_order(text).field
    raise _unknown_column_error(text)


def _looked_up(key: str, lookup: KeyLookup) -> Field:
    kinds = lookup([key])[key]
    matching = [kind for kind in LOGGED_KINDS if kind in kinds]
    if not matching:
        raise _unknown_column_error(key)
    if len(matching) > 1:
        raise UsageError(ambiguous_key_message(key, matching))
    return Field(matching[0], key)


def _unknown_column_error(name: str) -> UsageError:
    return UsageError(
        f"There is no column {name!r}, and no run has a metric, param or tag of that name. "
        f"The attributes are {', '.join(ATTRIBUTE_NAMES)}."
    )
