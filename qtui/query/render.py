"""Tree -> canonical text, which parses into the same tree."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from qtui.query.ast import Aggregate, And, Comparison, Expr, Field, Filter, IsNull, Kind, Not, Or, Word
from qtui.query.cursor import KEYWORDS

_PLAIN_PART = r"(?!(as|case|from|in|using|values)\b)[A-Z_]\w*"
_PLAIN_KEY = re.compile(rf"{_PLAIN_PART}(\.{_PLAIN_PART})*", re.ASCII | re.IGNORECASE)
"""A key that MLflow's parser, too, takes without quotes."""

_PLAIN_WORD = re.compile(r"\w+(-\w+)*")


def render(query: Filter) -> str:
    """The filter as text; relative times have become what they meant when it was parsed."""
    return _whole(query.expr)


def _whole(expr: Expr) -> str:
    return _RENDERERS[type(expr)](expr)


def _part(expr: Expr) -> str:
    return f"({_whole(expr)})" if isinstance(expr, And | Or) else _whole(expr)


def _field(field: Field) -> str:
    if field.kind is Kind.ATTRIBUTE:
        return field.key
    key = field.key if _PLAIN_KEY.fullmatch(field.key) else _quoted(field.key, "`\"'")
    name = f"{_PREFIXES[field.kind]}.{key}"
    return name if field.aggregate is Aggregate.LAST else f"{field.aggregate}({name})"


def _comparison(expr: Comparison) -> str:
    return f"{_field(expr.field)} {expr.operator} {_value(expr)}"


def _value(expr: Comparison) -> str:
    value = expr.value
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_quoted, value)) + ")"
    if isinstance(value, str):
        return _quoted(value)
    if expr.field.kind is Kind.ATTRIBUTE and expr.field.key == "duration":
        return f"{value}ms"
    if math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return repr(value).removesuffix(".0").replace("e+", "e")


def _quoted(text: str, quotes: str = "'\"") -> str:
    """Text in the first quote that leaves it as it is, escaped if none does or a character cannot be seen."""
    for quote in quotes:
        if quote not in text and "\\" not in text and text.isprintable():
            return f"{quote}{text}{quote}"
    return f"e{text!r}"


def _is_null(expr: IsNull) -> str:
    return f"{_field(expr.field)} IS {'NOT ' if expr.negated else ''}NULL"


def _word(expr: Word) -> str:
    plain = _PLAIN_WORD.fullmatch(expr.text) and expr.text.upper() not in KEYWORDS
    return expr.text if plain else _quoted(expr.text)


_PREFIXES: Mapping[Kind, str] = {
    Kind.PARAM: "params",
    Kind.METRIC: "metrics",
    Kind.TAG: "tags",
    Kind.DATASET: "dataset",
}
_RENDERERS: Mapping[type, Callable[[Any], str]] = {
    Comparison: _comparison,
    IsNull: _is_null,
    Word: _word,
    And: lambda expr: " AND ".join(map(_part, expr.parts)),
    Or: lambda expr: " OR ".join(map(_part, expr.parts)),
    Not: lambda expr: f"NOT {_part(expr.part)}",
}
