"""What sqlite lacks, in Python: the very functions that the predicate is made of, so that both give one answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from qtui.query.ast import Operator
from qtui.query.match import number
from qtui.query.patterns import Matcher, matcher

_matcher: Callable[[Operator, str], Matcher] = lru_cache(maxsize=64)(matcher)


def matches(cell: Any, operator: str, pattern: bytes) -> bool | None:
    """Whether a cell matches a pattern; what is not there neither does nor does not."""
    if cell is None:
        return None
    found = _matcher(Operator(operator), said(pattern))(text(cell)) is not None
    return found is not (operator == Operator.NOT_MATCH)


def number_in(cell: Any) -> float | None:
    """The number that a cell holds as text."""
    return None if cell is None else number(text(cell))


def contains(cell: Any, word: bytes) -> bool:
    """Whether a word, case folded, is a part of a cell."""
    return cell is not None and said(word) in text(cell).casefold()


def sent(text: str) -> bytes:
    """A text as an argument: as bytes, since it may hold what is no character."""
    return text.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=64)
def said(argument: bytes) -> str:
    """The text that was sent."""
    return argument.decode("utf-8", "surrogatepass")


def text(cell: Any) -> str:
    """A cell as text; it comes as bytes, since sqlite would not hand over texts that are no UTF-8."""
    return cell.decode("utf-8", "surrogateescape") if isinstance(cell, bytes) else str(cell)


SQLITE_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "qtui_matches": (3, matches),
    "qtui_number": (1, number_in),
    "qtui_contains": (2, contains),
}
"""What an sqlite connection must know: functions by name, with how many arguments they take."""
