"""Matching of LIKE patterns, as in MLflow, and of regular expressions."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

from qtui.query.ast import Operator

Matcher = Callable[[str], object]


def like(pattern: str, *, ignore_case: bool = False) -> Matcher:
    """Return a matcher for LIKE as in MLflow's file store; `%` and `_` do not match newlines."""
    body = re.escape(pattern).replace("%", ".*").replace("_", ".")
    end = "" if pattern.endswith("%") else "$"
    return re.compile(body + end, re.IGNORECASE if ignore_case else 0).match


def regex(pattern: str) -> Matcher:
    """Return a matcher for a regular expression anywhere in a text.

    Raises:
        re.error: The pattern is not a regular expression.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            return re.compile(pattern).search
    except (RecursionError, OverflowError) as error:
        raise re.error("too deeply nested or too many repetitions", pattern) from error


def matcher(operator: Operator, pattern: str) -> Matcher:
    if operator in (Operator.MATCH, Operator.NOT_MATCH):
        return regex(pattern)
    return like(pattern, ignore_case=operator is Operator.ILIKE)
