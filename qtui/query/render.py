"""Rendering of filters as canonical text, which parses into the same tree."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from qtui.lazy_pattern import lazy_pattern
from qtui.query.ast import Aggregate, And, Comparison, Expr, Field, FieldKind, Filter, IsNull, Not, Or, Word
from qtui.query.token_cursor import KEYWORDS

_PLAIN_PART = r"(?!(as|case|from|in|using|values)\b)[A-Z_]\w*"
_PLAIN_KEY = lazy_pattern(rf"{_PLAIN_PART}(\.{_PLAIN_PART})*", re.ASCII | re.IGNORECASE)
"""A key that needs no quotes, also in MLflow."""

KEY_QUOTES = "`\"'"
"""The quotes around keys, the best one first."""

_PLAIN_WORD = lazy_pattern(r"\w+(-\w+)*")


def render(run_filter: Filter) -> str:
    """Return the filter as text, with absolute instead of relative times."""
    return _render(run_filter.expr)


def _render(expr: Expr) -> str:
    return _RENDERERS[type(expr)](expr)


def _render_part(expr: Expr) -> str:
    return f"({_render(expr)})" if isinstance(expr, And | Or) else _render(expr)


def field_name(field: Field) -> str:
    """Return the name of a field without quotes, such as `best(metrics.Rank IC)`."""
    if field.kind is FieldKind.ATTRIBUTE:
        return field.key
    name = f"{KIND_PREFIXES[field.kind]}.{field.key}"
    return name if field.aggregate is Aggregate.LAST else f"{field.aggregate}({name})"


def _render_field(field: Field) -> str:
    is_plain = field.kind is FieldKind.ATTRIBUTE or _PLAIN_KEY.fullmatch(field.key)
    return field_name(field if is_plain else replace(field, key=quote_text(field.key, KEY_QUOTES)))


def _render_comparison(expr: Comparison) -> str:
    return f"{_render_field(expr.field)} {expr.operator} {_render_value(expr)}"


def _render_value(expr: Comparison) -> str:
    value = expr.value
    if isinstance(value, tuple):
        return "(" + ", ".join(map(quote_text, value)) + ")"
    if isinstance(value, str):
        return quote_text(value)
    if expr.field.kind is FieldKind.ATTRIBUTE and expr.field.key == "duration":
        return f"{value}ms"
    if math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return repr(value).removesuffix(".0").replace("e+", "e")


def quote_text(text: str, quotes: str = "'\"") -> str:
    """Return a text in the first of the quotes that it does not contain, escaped if that is impossible."""
    for quote in quotes:
        if quote not in text and "\\" not in text and text.isprintable():
            return f"{quote}{text}{quote}"
    return f"e{text!r}"


def _render_is_null(expr: IsNull) -> str:
    return f"{_render_field(expr.field)} IS {'NOT ' if expr.negated else ''}NULL"


def _render_word(expr: Word) -> str:
    is_plain = _PLAIN_WORD.fullmatch(expr.text) and expr.text.upper() not in KEYWORDS
    return expr.text if is_plain else quote_text(expr.text)


KIND_PREFIXES: Mapping[FieldKind, str] = {
    FieldKind.PARAM: "params",
    FieldKind.METRIC: "metrics",
    FieldKind.TAG: "tags",
    FieldKind.DATASET: "dataset",
}
_RENDERERS: Mapping[type, Callable[[Any], str]] = {
    Comparison: _render_comparison,
    IsNull: _render_is_null,
    Word: _render_word,
    And: lambda expr: " AND ".join(map(_render_part, expr.parts)),
    Or: lambda expr: " OR ".join(map(_render_part, expr.parts)),
    Not: lambda expr: f"NOT {_render_part(expr.part)}",
}
