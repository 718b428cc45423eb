"""Splitting of a text into tokens. As in MLflow, there are no escapes inside quotes."""

from __future__ import annotations

import ast
import re
import warnings
from enum import Enum, auto

from qtui.errors import QuerySyntaxError
from qtui.lazy_pattern import lazy_pattern
from qtui.value_classes import dataclass

MAX_FILTER_CHARS = 100_000


class TokenKind(Enum):
    """The kind of a token."""

    WORD = auto()
    """Unquoted characters, or `prefix.key` with an optionally quoted key."""
    QUOTED = auto()
    OPERATOR = auto()
    OPEN = auto()
    CLOSE = auto()
    COMMA = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `value` is its text without quotes and prefix."""

    kind: TokenKind
    value: str
    start: int
    end: int
    source: str
    """The text of the token, including quotes and prefix."""
    prefix: str | None = None
    """The text before the first dot, if there is one."""

    @property
    def length(self) -> int:
        """The number of characters in the text."""
        return self.end - self.start

    @property
    def is_escaped(self) -> bool:
        """Whether this is `e'...'`, in which the positions of characters differ from those in the value."""
        return self.kind is TokenKind.QUOTED and self.source[0] in "eE"

    @property
    def key_is_quoted(self) -> bool:
        """Whether this is `prefix."key"`, which is always a field."""
        return self.prefix is not None and self.source[-1] in "'\"`"


_QUOTED = r"""'(?:''|\\'|[^'])*' | "(?:""|\\"|[^"])*" | `(?:``|[^`])*` | """
_ESCAPED = r"""(?<!\w)[eE](?: '(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*" )"""
_QUOTE = f"(?: {_QUOTED} {_ESCAPED} )"
_WORD = r"""(?: (?! (?<!\w)[eE]['"] ) [^\s'"`(),<>=!~] )+"""

_TOKEN = lazy_pattern(
    rf"""
    (?P<space> \s+ )
  | (?P<prefix> \w+ | `\w+` ) \. (?P<key> {_QUOTE} | {_WORD} )
  | (?P<QUOTED> {_QUOTE} )
  | (?P<OPERATOR> [<>=!~]+ )
  | (?P<OPEN> \( )
  | (?P<CLOSE> \) )
  | (?P<COMMA> , )
  | (?P<WORD> {_WORD} )
    """,
    re.VERBOSE | re.DOTALL,
)


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text, followed by an END token.

    Raises:
        QuerySyntaxError: The text is too long or has an unclosed quote.
    """
    if len(text) > MAX_FILTER_CHARS:
        reason = f"The filter is too long: {len(text):,} of at most {MAX_FILTER_CHARS:,} characters."
        raise QuerySyntaxError(reason, text, MAX_FILTER_CHARS, len(text) - MAX_FILTER_CHARS)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unterminated_error(text, position)
        if match.lastgroup != "space":
            tokens.append(_token(match, text))
        position = match.end()
    tokens.append(Token(TokenKind.END, "", len(text), len(text), ""))
    return tokens


def unescape(token: Token, text: str) -> str:
    """Return a quoted token parsed as a Python string, as for `e'...'`, and as MLflow does inside a list."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return str(ast.literal_eval(token.source.lstrip("eE")))
    except (SyntaxError, ValueError):
        reason = "Invalid escape in this string; write a backslash as \\\\."
        raise QuerySyntaxError(reason, text, token.start, token.length) from None


def _token(match: re.Match[str], text: str) -> Token:
    start, end = match.span()
    if (prefix := match["prefix"]) is not None:
        key = _remove_quotes(match["key"], match.start("key"), text)
        return Token(TokenKind.WORD, key, start, end, match[0], prefix.strip("`"))
    kind = TokenKind[match.lastgroup or "WORD"]
    value = _remove_quotes(match[0], start, text) if kind is TokenKind.QUOTED else match[0]
    return Token(kind, value, start, end, match[0])


def _remove_quotes(source: str, start: int, text: str) -> str:
    if source[0] in "'\"`":
        return source[1:-1]
    if source[0] in "eE" and source[-1] in "'\"":
        return unescape(Token(TokenKind.QUOTED, "", start, start + len(source), source), text)
    return source


def _unterminated_error(text: str, position: int) -> QuerySyntaxError:
    """Return the error for text that is not a token: an unclosed quote, perhaps after `prefix.` or `e`."""
    opening = next(index for index in range(position, len(text)) if text[index] in "'\"`")
    return QuerySyntaxError(f"The quote {text[opening]} is never closed.", text, opening)
