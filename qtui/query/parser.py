"""Text -> tree: OR binds loosest, then AND (or mere succession), then NOT."""

from __future__ import annotations

import time
from collections.abc import Callable

from qtui.errors import QuerySyntaxError
from qtui.query.ast import And, Expr, Field, Filter, Not, Or, Word
from qtui.query.comparison import begins_comparison, comparison
from qtui.query.cursor import Cursor, keyword
from qtui.query.fields import PREFIXES, field_of
from qtui.query.keys import KeyLookup, compared_field, name_words
from qtui.query.lexer import Lexeme, Token

MAX_DEPTH = 100
"""How deep parentheses and NOT may nest."""


def parse_filter(text: str, *, now: int | None = None, lookup: KeyLookup | None = None) -> Filter | None:
    """Return the filter that a text means, None for a blank one; ages, and running runs, count up to `now` (ms).

    With a `lookup` among the keys that runs have, a key may stand without its prefix where only one kind has it, and
    may have spaces: `Rank IC > 0.05`. It is asked about nothing that MLflow's grammar settles.
    """
    moment = time.time_ns() // 1_000_000 if now is None else now
    cursor = Cursor(text, moment)
    if cursor.at(Lexeme.END):
        return None
    return Filter(_Parser(cursor, lookup).whole(), moment)


class _Parser:
    """A recursive descent through the terms of one text."""

    def __init__(self, cursor: Cursor, lookup: KeyLookup | None) -> None:
        self._cursor = cursor
        self._lookup = lookup
        self._depth = 0

    def whole(self) -> Expr:
        """The expression that the text is; nothing may be left over."""
        expr = self._any()
        left = self._cursor.token
        if left.kind is Lexeme.CLOSE:
            raise self._cursor.error("This parenthesis closes one that was never opened.")
        if left.kind is not Lexeme.END:
            raise self._cursor.error(f"{left.source} makes no sense here.")
        return expr

    def _any(self) -> Expr:
        parts = [self._all()]
        while self._cursor.accept("OR"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Expr:
        parts = [self._one()]
        while self._cursor.accept("AND") or _begins_term(self._cursor.token):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Expr:
        token = self._cursor.token
        if not _begins_term(token):
            raise self._no_term()
        if self._cursor.accept("NOT"):
            return Not(self._nested(token, self._one))
        if token.kind is Lexeme.OPEN:
            return self._nested(token, self._group)
        if self._cursor.at_aggregate():
            return comparison(self._cursor, self._cursor.field(), token)
        if (named := self._named_by_key()) is not None:
            return comparison(self._cursor, *named)
        self._cursor.advance()
        if token.source.endswith(".") and token.source[:-1].lower() in PREFIXES:
            raise QuerySyntaxError("A key is missing behind the dot.", self._cursor.text, token.end)
        if begins_comparison(self._cursor):
            return comparison(self._cursor, field_of(token, self._cursor.text), token)
        return self._word(token)

    def _named_by_key(self) -> tuple[Field, Token] | None:
        words = name_words(self._cursor)
        if self._lookup is None or not words or not begins_comparison(self._cursor, len(words)):
            return None
        return compared_field(self._cursor, words, self._lookup)

    def _nested(self, opening: Token, inner: Callable[[], Expr]) -> Expr:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._cursor.error(f"This is nested more than {MAX_DEPTH} levels deep.", opening)
        expr = inner()
        self._depth -= 1
        return expr

    def _group(self) -> Expr:
        opening = self._cursor.advance()
        expr = self._any()
        if not self._cursor.at(Lexeme.CLOSE):
            raise self._cursor.error("This parenthesis is never closed.", opening)
        self._cursor.advance()
        return expr

    def _word(self, token: Token) -> Expr:
        if token.prefix is not None and (token.key_is_quoted or token.prefix.lower() in PREFIXES):
            raise self._lone_field(token)
        return Word(token.value if token.kind is Lexeme.QUOTED else token.source)

    def _lone_field(self, token: Token) -> QuerySyntaxError:
        """A field that nothing compares, most often because its key has a blank and no quotes."""
        cursor = self._cursor
        field_of(token, cursor.text)
        rest = cursor.advance()
        if rest.kind in (Lexeme.WORD, Lexeme.QUOTED) and (rest.start == token.end or begins_comparison(cursor)):
            reason = f"A key with blanks or quotes in it is quoted as a whole, like {token.prefix}.`rank ic`."
            return QuerySyntaxError(reason, cursor.text, token.start, rest.end - token.start)
        return cursor.missing("A comparison, such as = 1 or IS NOT NULL,", token)

    def _no_term(self) -> QuerySyntaxError:
        token, before = self._cursor.token, self._cursor.before
        if self._cursor.at_start:
            return self._cursor.error(f"A filter cannot begin with {token.source}.")
        if token.kind in (Lexeme.END, Lexeme.CLOSE):
            return self._cursor.missing("A condition")
        return self._cursor.error(f"A condition is missing between {before.source} and {token.source}.")


def _begins_term(token: Token) -> bool:
    if token.kind is Lexeme.WORD:
        return keyword(token) in (None, "NOT")
    return token.kind in (Lexeme.QUOTED, Lexeme.OPEN)
