"""Names of fields, and their parsing into fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qtui.errors import QuerySyntaxError
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.query.lexer import Token, TokenKind

PREFIXES: Mapping[str, FieldKind] = {
    "metric": FieldKind.METRIC,
    "metrics": FieldKind.METRIC,
    "param": FieldKind.PARAM,
    "params": FieldKind.PARAM,
    "parameter": FieldKind.PARAM,
    "parameters": FieldKind.PARAM,
    "tag": FieldKind.TAG,
    "tags": FieldKind.TAG,
    "attribute": FieldKind.ATTRIBUTE,
    "attributes": FieldKind.ATTRIBUTE,
    "attr": FieldKind.ATTRIBUTE,
    "run": FieldKind.ATTRIBUTE,
    "dataset": FieldKind.DATASET,
    "datasets": FieldKind.DATASET,
}
"""The prefixes before the dot, as in MLflow, in any case."""

ATTRIBUTES: Mapping[str, str] = {
    "run_id": "run_id",
    "id": "run_id",
    "run_name": "run_name",
    "run name": "run_name",
    "name": "run_name",
    "status": "status",
    "user_id": "user_id",
    "user": "user_id",
    "artifact_uri": "artifact_uri",
    "start_time": "start_time",
    "created": "start_time",
    "started": "start_time",
    "end_time": "end_time",
    "ended": "end_time",
    "duration": "duration",
    "experiment_id": "experiment_id",
    "lifecycle_stage": "lifecycle_stage",
}
"""The names of attributes, in any case, and the canonical name of each."""

DATASET_KEYS = ("name", "digest", "context")
AGGREGATES: Mapping[str, Aggregate] = {aggregate.value: aggregate for aggregate in Aggregate}


def parse_field_name(token: Token, text: str) -> Field:
    """Return the field of a name.

    Raises:
        QuerySyntaxError: There is no such field; the message suggests a similar name.
    """
    if token.prefix is None:
        return Field(FieldKind.ATTRIBUTE, _parse_attribute(token, text))
    kind = PREFIXES.get(token.prefix.lower())
    if kind is None:
        raise _unknown_prefix(token, text)
    if kind is FieldKind.ATTRIBUTE:
        return Field(kind, _parse_attribute(token, text))
    if kind is FieldKind.DATASET:
        return Field(kind, _parse_dataset_key(token, text))
    return Field(kind, token.value)


def parse_aggregated_metric(token: Token, aggregate: Aggregate, text: str) -> Field:
    """Return the metric inside `best(...)`, whose prefix is optional."""
    if token.prefix is not None and token.prefix.lower() in PREFIXES:
        if PREFIXES[token.prefix.lower()] is not FieldKind.METRIC:
            reason = f"{aggregate}() needs a metric; {token.source} is not one."
            raise QuerySyntaxError(reason, text, token.start, token.length)
        return Field(FieldKind.METRIC, token.value, aggregate)
    return Field(FieldKind.METRIC, token.value if token.prefix is None else token.source, aggregate)


def prefix_kind(token: Token) -> FieldKind | None:
    """Return the kind that the prefix of a name stands for, None without a valid prefix."""
    return None if token.prefix is None else PREFIXES.get(token.prefix.lower())


def join_words(words: Sequence[Token], text: str) -> Token:
    """Return the words of a name as one token, including the spaces between them."""
    first, last = words[0], words[-1]
    if first.kind is TokenKind.QUOTED or (len(words) == 1 and prefix_kind(first)):
        return first
    source = text[first.start : last.end]
    if prefix_kind(first):
        return replace(first, value=first.value + text[first.end : last.end], source=source, end=last.end)
    return replace(first, value=source, source=source, end=last.end, prefix=None)


def _parse_attribute(token: Token, text: str) -> str:
    canonical = ATTRIBUTES.get(token.value.lower())
    if canonical is not None:
        return canonical
    reason = f"A run has no attribute {token.value!r}"
    if suggestion := nearest(token.value, ATTRIBUTES):
        reason += f"; did you mean {suggestion}?"
    elif token.source[0] in "+-0123456789":
        reason += "; write the name before the operator and the value after it."
    elif token.prefix is None:
        name = token.source
        reason += f"; write metrics.{name}, params.{name} or tags.{name} for a logged key."
    else:
        reason += "; it has " + ", ".join(sorted(set(ATTRIBUTES.values()))) + "."
    raise QuerySyntaxError(reason, text, token.start, token.length)


def _parse_dataset_key(token: Token, text: str) -> str:
    if token.value in DATASET_KEYS:
        return token.value
    reason = f"A dataset has no {token.value!r}; it has {', '.join(DATASET_KEYS)}."
    raise QuerySyntaxError(reason, text, token.start, token.length)


def _unknown_prefix(token: Token, text: str) -> QuerySyntaxError:
    if suggestion := nearest(token.prefix or "", PREFIXES):
        key = token.source[token.source.index(".") :]
        reason = f"Unknown prefix {token.prefix!r}; did you mean {PREFIXES[suggestion]}s{key}?"
    else:
        reason = f"{token.source} needs a prefix: metrics., params. or tags."
    return QuerySyntaxError(reason, text, token.start, token.length)


def nearest(name: str, names: Mapping[str, object]) -> str | None:
    """Return the name that is most similar to a mistyped one, None if none is similar."""
    from difflib import get_close_matches  # imported only for errors

    matches = get_close_matches(name.lower(), names, n=1, cutoff=0.7)
    return matches[0] if matches else None
