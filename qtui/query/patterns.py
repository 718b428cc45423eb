"""The two kinds of pattern: LIKE as MLflow reads it, and regular expressions."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable

from qtui.query.ast import Operator

Matcher = Callable[[str], object]


def like(pattern: str, *, ignore_case: bool = False) -> Matcher:
    """A matcher for LIKE as MLflow's file store has it: `%` is any text and `_` any character, both but newlines."""
    body = re.escape(pattern).replace("%", ".*").replace("_", ".")
    end = "" if pattern.endswith("%") else "$"
    return re.compile(body + end, re.IGNORECASE if ignore_case else 0).match


def regex(pattern: str) -> Matcher:
    """A matcher for a regular expression anywhere in the text; `re.error` when it is none."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return re.compile(pattern).search
    except (RecursionError, OverflowError) as error:
        raise re.error("it is too deeply nested or repeats too often", pattern) from error


def matcher(operator: Operator, pattern: str) -> Matcher:
    """The matcher that an operator makes of its pattern."""
    if operator in (Operator.MATCH, Operator.NOT_MATCH):
        return regex(pattern)
    return like(pattern, ignore_case=operator is Operator.ILIKE)
