"""The syntax tree of a filter or a sort order."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

from qtui.value_classes import dataclass


class FieldKind(StrEnum):
    """The part of a run that a field belongs to."""

    ATTRIBUTE = "attribute"
    PARAM = "param"
    METRIC = "metric"
    TAG = "tag"
    DATASET = "dataset"


LOGGED_KINDS = (FieldKind.METRIC, FieldKind.PARAM, FieldKind.TAG)
"""The kinds whose keys users choose when they log."""


class Aggregate(StrEnum):
    """The value of a metric's history that a field refers to."""

    LAST = "last"
    FIRST = "first"
    MIN = "min"
    MAX = "max"
    BEST = "best"


STALE = "STALE"
"""The pseudo status of a running run that has stopped writing; `with_stale_runs` replaces it in a filter."""


class Operator(StrEnum):
    """A comparison operator."""

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


COMPARE: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a run. The key of an attribute is run_id, run_name, status, user_id, artifact_uri, start_time,
    end_time, experiment_id, lifecycle_stage, or duration (ms; until now for a running run)."""

    kind: FieldKind
    key: str
    aggregate: Aggregate = Aggregate.LAST


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of a field with a value; a missing field never matches. A param or tag is compared with a number
    as a number, and does not match if it is not one. NaN differs from every number, and is not less or greater."""

    field: Field
    operator: Operator
    value: str | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IsNull:
    """A test whether a field is missing."""

    field: Field
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A case-insensitive search in the run's name and ID, and in the keys and values of its params and tags."""

    text: str


@dataclass(frozen=True, slots=True)
class And:
    """A conjunction."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """A disjunction."""

    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A negation."""

    part: Expr


Expr: TypeAlias = Comparison | IsNull | Word | And | Or | Not


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter, with the time (Unix ms) that relative times refer to."""

    expr: Expr
    now: int


@dataclass(frozen=True, slots=True)
class OrderBy:
    """One sort key; as in MLflow, NaN and then missing values come last in both directions."""

    field: Field
    ascending: bool = True
