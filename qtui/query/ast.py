"""The frozen tree that a filter or an order is parsed into."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Kind(StrEnum):
    """What a field is taken from."""

    ATTRIBUTE = "attribute"
    PARAM = "param"
    METRIC = "metric"
    TAG = "tag"
    DATASET = "dataset"


LOGGED = (Kind.METRIC, Kind.PARAM, Kind.TAG)
"""The kinds whose keys are those that were logged."""


class Aggregate(StrEnum):
    """Which value of a metric's history is meant."""

    LAST = "last"
    FIRST = "first"
    MIN = "min"
    MAX = "max"
    BEST = "best"


STALE = "STALE"
"""The status, in a filter, of a running run that writes nothing any more; `with_stale_runs` says which these are."""


class Operator(StrEnum):
    """How a field is held against a value."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    LIKE = "LIKE"
    ILIKE = "ILIKE"
    IN = "IN"
    NOT_IN = "NOT IN"
    MATCH = "~"
    NOT_MATCH = "!~"


@dataclass(frozen=True, slots=True)
class Field:
    """What is compared. An attribute's key is canonical: run_id, run_name, status, user_id, artifact_uri,
    start_time, end_time, experiment_id, lifecycle_stage, or duration (ms; up to now while it runs)."""

    kind: Kind
    key: str
    aggregate: Aggregate = Aggregate.LAST


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field against a value; an absent field never matches. A number against a param or tag compares as numbers,
    and what is no number does not match. NaN is unequal to every number and neither less nor greater."""

    field: Field
    operator: Operator
    value: str | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """Whether a field is absent."""

    field: Field
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word: part of the run's name or id, of a param's or tag's key or value, in any case."""

    text: str


@dataclass(frozen=True, slots=True)
class And:
    """All of them hold."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them holds."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    part: Expr


Expr: TypeAlias = Comparison | IsNull | Word | And | Or | Not


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter, with the moment (ms) that its relative times were taken from."""

    expr: Expr
    now: int


@dataclass(frozen=True, slots=True)
class OrderBy:
    """One key to sort by; absent values come last, NaN before them, in both directions, as in MLflow."""

    field: Field
    ascending: bool = True
