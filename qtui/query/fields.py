"""The names of what can be compared, and the fields they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from qtui.errors import QuerySyntaxError
from qtui.query.ast import Aggregate, Field, Kind
from qtui.query.lexer import Lexeme, Token

PREFIXES: Mapping[str, Kind] = {
    "metric": Kind.METRIC,
    "metrics": Kind.METRIC,
    "param": Kind.PARAM,
    "params": Kind.PARAM,
    "parameter": Kind.PARAM,
    "parameters": Kind.PARAM,
    "tag": Kind.TAG,
    "tags": Kind.TAG,
    "attribute": Kind.ATTRIBUTE,
    "attributes": Kind.ATTRIBUTE,
    "attr": Kind.ATTRIBUTE,
    "run": Kind.ATTRIBUTE,
    "dataset": Kind.DATASET,
    "datasets": Kind.DATASET,
}
"""What may stand before the dot: MLflow's words, in any case."""

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
"""An attribute's names, in any case, and the canonical one."""

DATASET_KEYS = ("name", "digest", "context")
AGGREGATES: Mapping[str, Aggregate] = {each.value: each for each in Aggregate}


def field_of(token: Token, text: str) -> Field:
    """The field that a name means; an unknown one is an error that offers the nearest."""
    if token.prefix is None:
        return Field(Kind.ATTRIBUTE, _attribute(token, text))
    kind = PREFIXES.get(token.prefix.lower())
    if kind is None:
        raise _unknown_prefix(token, text)
    if kind is Kind.ATTRIBUTE:
        return Field(kind, _attribute(token, text))
    if kind is Kind.DATASET:
        return Field(kind, _dataset_key(token, text))
    return Field(kind, token.value)


def metric_of(token: Token, aggregate: Aggregate, text: str) -> Field:
    """The metric inside `best(...)`, where the prefix may be left out."""
    if token.prefix is not None and token.prefix.lower() in PREFIXES:
        if PREFIXES[token.prefix.lower()] is not Kind.METRIC:
            reason = f"{aggregate}() looks at a metric's history; {token.source} has none."
            raise QuerySyntaxError(reason, text, token.start, token.length)
        return Field(Kind.METRIC, token.value, aggregate)
    return Field(Kind.METRIC, token.value if token.prefix is None else token.source, aggregate)


def prefix_kind(token: Token) -> Kind | None:
    """Return the kind that the prefix of a name says, None without one of the known prefixes."""
    return None if token.prefix is None else PREFIXES.get(token.prefix.lower())


def joined(words: Sequence[Token], text: str) -> Token:
    """Return the words of a name as one token, the spaces between them included."""
    first, last = words[0], words[-1]
    if first.kind is Lexeme.QUOTED or (len(words) == 1 and prefix_kind(first)):
        return first
    source = text[first.start : last.end]
    if prefix_kind(first):
        return replace(first, value=first.value + text[first.end : last.end], source=source, end=last.end)
    return replace(first, value=source, source=source, end=last.end, prefix=None)


def _attribute(token: Token, text: str) -> str:
    canonical = ATTRIBUTES.get(token.value.lower())
    if canonical is not None:
        return canonical
    reason = f"A run has no attribute {token.value!r}"
    if near := nearest(token.value, ATTRIBUTES):
        reason += f"; did you mean {near}?"
    elif token.source[0] in "+-0123456789":
        reason += "; the name stands before the comparison, the value behind it."
    elif token.prefix is None:
        name = token.source
        reason += f"; write metrics.{name}, params.{name} or tags.{name} for what was logged."
    else:
        reason += "; it has " + ", ".join(sorted(set(ATTRIBUTES.values()))) + "."
    raise QuerySyntaxError(reason, text, token.start, token.length)


def _dataset_key(token: Token, text: str) -> str:
    if token.value in DATASET_KEYS:
        return token.value
    reason = f"A dataset has no {token.value!r}; it has {', '.join(DATASET_KEYS)}."
    raise QuerySyntaxError(reason, text, token.start, token.length)


def _unknown_prefix(token: Token, text: str) -> QuerySyntaxError:
    if near := nearest(token.prefix or "", PREFIXES):
        key = token.source[token.source.index(".") :]
        reason = f"There is no {token.prefix!r} to look into; did you mean {PREFIXES[near]}s{key}?"
    else:
        reason = f"What kind is {token.source}? Write metrics., params. or tags. before it."
    return QuerySyntaxError(reason, text, token.start, token.length)


def nearest(name: str, names: Mapping[str, object]) -> str | None:
    """Return the name that is most like a mistyped one."""
    from difflib import get_close_matches  # only a mistake pays for this import

    found = get_close_matches(name.lower(), names, n=1, cutoff=0.7)
    return found[0] if found else None
