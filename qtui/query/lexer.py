"""Text -> tokens, each with its place. Quotes mean what they mean to MLflow: nothing inside them is escaped."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass
from enum import Enum, auto

from qtui.errors import QuerySyntaxError

MAX_LENGTH = 100_000
"""A longer text is no filter that a person or a script means; it is refused before any work is done."""


class Lexeme(Enum):
    """What a token is."""

    WORD = auto()
    """A run of characters without quotes; or `prefix.key`, whose key may be quoted."""
    QUOTED = auto()
    OPERATOR = auto()
    OPEN = auto()
    CLOSE = auto()
    COMMA = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `value` is the text without its quotes, of a qualified word the key alone."""

    kind: Lexeme
    value: str
    start: int
    end: int
    source: str
    """The token as it was written."""
    prefix: str | None = None
    """What stood before the first dot, if anything did."""

    @property
    def length(self) -> int:
        """How many characters it was written with."""
        return self.end - self.start

    @property
    def is_escaped(self) -> bool:
        """Whether this is `e'...'`, whose characters do not stand where they are read."""
        return self.kind is Lexeme.QUOTED and self.source[0] in "eE"

    @property
    def key_is_quoted(self) -> bool:
        """Whether this is `prefix."key"`, which can only be a field."""
        return self.prefix is not None and self.source[-1] in "'\"`"


_QUOTED = r"""'(?:''|\\'|[^'])*' | "(?:""|\\"|[^"])*" | `(?:``|[^`])*` | """
_ESCAPED = r"""(?<!\w)[eE](?: '(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*" )"""
_QUOTE = f"(?: {_QUOTED} {_ESCAPED} )"
_WORD = r"""(?: (?! (?<!\w)[eE]['"] ) [^\s'"`(),<>=!~] )+"""

_TOKEN = re.compile(
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


def tokens_of(text: str) -> list[Token]:
    """Every token of a text, and an END token behind the last."""
    if len(text) > MAX_LENGTH:
        reason = f"This is too long: {len(text):,} characters, where {MAX_LENGTH:,} are allowed."
        raise QuerySyntaxError(reason, text, MAX_LENGTH, len(text) - MAX_LENGTH)
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unterminated(text, position)
        if match.lastgroup != "space":
            found.append(_token(match, text))
        position = match.end()
    found.append(Token(Lexeme.END, "", len(text), len(text), ""))
    return found


def unescaped(token: Token, text: str) -> str:
    """A quoted token read as a Python string: so `e'...'` is read everywhere, and so MLflow reads inside a list."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return str(ast.literal_eval(token.source.lstrip("eE")))
    except (SyntaxError, ValueError):
        reason = "This string has an escape that cannot be read; a backslash is written \\\\."
        raise QuerySyntaxError(reason, text, token.start, token.length) from None


def _token(match: re.Match[str], text: str) -> Token:
    start, end = match.span()
    if (prefix := match["prefix"]) is not None:
        key = _unquoted(match["key"], match.start("key"), text)
        return Token(Lexeme.WORD, key, start, end, match[0], prefix.strip("`"))
    kind = Lexeme[match.lastgroup or "WORD"]
    value = _unquoted(match[0], start, text) if kind is Lexeme.QUOTED else match[0]
    return Token(kind, value, start, end, match[0])


def _unquoted(source: str, start: int, text: str) -> str:
    if source[0] in "'\"`":
        return source[1:-1]
    if source[0] in "eE" and source[-1] in "'\"":
        return unescaped(Token(Lexeme.QUOTED, "", start, start + len(source), source), text)
    return source


def _unterminated(text: str, position: int) -> QuerySyntaxError:
    """The only text that is no token is a quote that opens and never closes, perhaps behind `prefix.` or `e`."""
    opening = next(place for place in range(position, len(text)) if text[place] in "'\"`")
    return QuerySyntaxError(f"The quote {text[opening]} is opened here and never closed.", text, opening)
