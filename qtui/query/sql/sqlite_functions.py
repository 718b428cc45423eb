"""SQL functions for sqlite, which share their code with the predicate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from qtui.query.ast import Operator
from qtui.query.patterns import Matcher, matcher
from qtui.query.predicates import parse_number

_matcher: Callable[[Operator, str], Matcher] = lru_cache(maxsize=64)(matcher)


def matches(cell: Any, operator: str, pattern: bytes) -> bool | None:
    """Return whether a cell matches a pattern, None for NULL."""
    if cell is None:
        return None
    is_match = _matcher(Operator(operator), decode_argument(pattern))(as_text(cell)) is not None
    return is_match is not (operator == Operator.NOT_MATCH)


def parse_number_cell(cell: Any) -> float | None:
    """Return the number in a text cell, None if there is none."""
    return None if cell is None else parse_number(as_text(cell))


def contains(cell: Any, word: bytes) -> bool:
    """Return whether a cell contains a case-folded word."""
    return cell is not None and decode_argument(word) in as_text(cell).casefold()


def encode_argument(text: str) -> bytes:
    """Return a text as an SQL argument; bytes, because it may contain surrogates."""
    return text.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=64)
def decode_argument(argument: bytes) -> str:
    """Return the text of an encoded argument."""
    return argument.decode("utf-8", "surrogatepass")


def as_text(cell: Any) -> str:
    """Return a cell as text; texts are passed as bytes, because sqlite rejects texts that are not UTF-8."""
    return cell.decode("utf-8", "surrogateescape") if isinstance(cell, bytes) else str(cell)


SQLITE_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Any]]] = {
    "qtui_matches": (3, matches),
    "qtui_number": (1, parse_number_cell),
    "qtui_contains": (2, contains),
}
"""The functions that an sqlite connection needs: name -> (number of arguments, function)."""
