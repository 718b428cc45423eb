"""Parser of filters: OR binds weakest, then AND (also implied between terms), then NOT."""

from __future__ import annotations

from collections.abc import Callable

from qtui.errors import QuerySyntaxError
from qtui.formatting import now_ms
from qtui.query.ast import And, Expr, Field, Filter, Not, Or, Word
from qtui.query.comparison import begins_comparison, parse_comparison
from qtui.query.fields import PREFIXES, parse_field_name
from qtui.query.lexer import Token, TokenKind
from qtui.query.token_cursor import TokenCursor, keyword
from qtui.query.unprefixed_keys import KeyLookup, key_tokens, parse_compared_field

MAX_NESTING_LEVELS = 100


def parse_filter(text: str, *, now: int | None = None, lookup: KeyLookup | None = None) -> Filter | None:
    """Return the filter of a text, None for a blank text; relative times refer to `now` (Unix ms).

    With `lookup`, a key needs no prefix if only one kind has it, and may contain spaces: `Rank IC > 0.05`. The
    function is not called for texts that are valid in MLflow's grammar.

    Raises:
        QuerySyntaxError: The text is not a filter; the error has the position of the mistake.
    """
    now = now_ms() if now is None else now
    cursor = TokenCursor(text, now)
    if cursor.at(TokenKind.END):
        return None
    return Filter(_Parser(cursor, lookup).parse(), now)


class _Parser:
    """A recursive descent parser of one text."""

    def __init__(self, cursor: TokenCursor, lookup: KeyLookup | None) -> None:
        self._cursor = cursor
        self._lookup = lookup
        self._depth = 0

    def parse(self) -> Expr:
        """Return the expression of the whole text."""
        expr = self._parse_or()
        rest = self._cursor.next_token
        if rest.kind is TokenKind.CLOSE:
            raise self._cursor.error("This parenthesis was never opened.")
        if rest.kind is not TokenKind.END:
            raise self._cursor.error(f"Unexpected {rest.source}.")
        return expr

    def _parse_or(self) -> Expr:
        parts = [self._parse_and()]
        while self._cursor.accept("OR"):
            parts.append(self._parse_and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _parse_and(self) -> Expr:
        parts = [self._parse_term()]
        while self._cursor.accept("AND") or _begins_term(self._cursor.next_token):
            parts.append(self._parse_term())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _parse_term(self) -> Expr:
        token = self._cursor.next_token
        if not _begins_term(token):
            raise self._missing_term_error()
        if self._cursor.accept("NOT"):
            return Not(self._parse_nested(token, self._parse_term))
        if token.kind is TokenKind.OPEN:
            return self._parse_nested(token, self._parse_group)
        if self._cursor.at_aggregate():
            return parse_comparison(self._cursor, self._cursor.parse_field(), token)
        if (key_field := self._parse_unprefixed_key()) is not None:
            return parse_comparison(self._cursor, *key_field)
        self._cursor.advance()
        if token.source.endswith(".") and token.source[:-1].lower() in PREFIXES:
            raise QuerySyntaxError("Expected a key after the dot.", self._cursor.text, token.end)
        if begins_comparison(self._cursor):
            return parse_comparison(self._cursor, parse_field_name(token, self._cursor.text), token)
        return self._parse_word(token)

    def _parse_unprefixed_key(self) -> tuple[Field, Token] | None:
        words = key_tokens(self._cursor)
        if self._lookup is None or not words or not begins_comparison(self._cursor, len(words)):
            return None
        return parse_compared_field(self._cursor, words, self._lookup)

    def _parse_nested(self, opening: Token, inner: Callable[[], Expr]) -> Expr:
        self._depth += 1
        if self._depth > MAX_NESTING_LEVELS:
            raise self._cursor.error(f"The filter is nested more than {MAX_NESTING_LEVELS} levels deep.", opening)
        expr = inner()
        self._depth -= 1
        return expr

    def _parse_group(self) -> Expr:
        opening = self._cursor.advance()
        expr = self._parse_or()
        if not self._cursor.at(TokenKind.CLOSE):
            raise self._cursor.error("This parenthesis is never closed.", opening)
        self._cursor.advance()
        return expr

    def _parse_word(self, token: Token) -> Expr:
        if token.prefix is not None and (token.key_is_quoted or token.prefix.lower() in PREFIXES):
            raise self._lone_field_error(token)
        return Word(token.value if token.kind is TokenKind.QUOTED else token.source)

    def _lone_field_error(self, token: Token) -> QuerySyntaxError:
        """Return the error for a field without a comparison, often one whose key needs quotes."""
        cursor = self._cursor
        parse_field_name(token, cursor.text)
        rest = cursor.advance()
        if rest.kind in (TokenKind.WORD, TokenKind.QUOTED) and (rest.start == token.end or begins_comparison(cursor)):
            reason = f"Quote a key that contains spaces or quotes, like {token.prefix}.`rank ic`."
            return QuerySyntaxError(reason, cursor.text, token.start, rest.end - token.start)
        return cursor.expected("a comparison such as = 1 or IS NOT NULL", token)

    def _missing_term_error(self) -> QuerySyntaxError:
        token, previous = self._cursor.next_token, self._cursor.previous
        if self._cursor.at_start:
            return self._cursor.error(f"A filter cannot begin with {token.source}.")
        if token.kind in (TokenKind.END, TokenKind.CLOSE):
            return self._cursor.expected("a condition")
        return self._cursor.error(f"Expected a condition between {previous.source} and {token.source}.")


def _begins_term(token: Token) -> bool:
    if token.kind is TokenKind.WORD:
        return keyword(token) in (None, "NOT")
    return token.kind in (TokenKind.QUOTED, TokenKind.OPEN)
