"""A place among the tokens of a text, with what every part of the grammar asks of it."""

from __future__ import annotations

from qtui.errors import QuerySyntaxError
from qtui.query.ast import Field
from qtui.query.fields import AGGREGATES, field_of, joined, metric_of
from qtui.query.lexer import Lexeme, Token, tokens_of

KEYWORDS = frozenset({"AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "ILIKE", "RLIKE", "BETWEEN"})


def keyword(token: Token) -> str | None:
    """The keyword that a token is, in capitals; a quoted one is none."""
    word = token.source.upper()
    return word if token.kind is Lexeme.WORD and word in KEYWORDS else None


class Cursor:
    """Steps through the tokens of one text; beyond the last stands END for ever."""

    def __init__(self, text: str, now: int) -> None:
        self.text = text
        self.now = now
        self._tokens = tokens_of(text)
        self._place = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._place]

    @property
    def before(self) -> Token:
        """The token stepped over last; at the beginning the first."""
        return self._tokens[max(self._place - 1, 0)]

    @property
    def at_start(self) -> bool:
        """Whether nothing was stepped over yet."""
        return self._place == 0

    def at(self, *kinds: Lexeme) -> bool:
        """Whether a token of one of these kinds comes next."""
        return self.token.kind in kinds

    def ahead(self, distance: int = 1) -> Token:
        """A token further on."""
        return self._tokens[min(self._place + distance, len(self._tokens) - 1)]

    def advance(self) -> Token:
        """Step over the next token."""
        token = self.token
        self._place = min(self._place + 1, len(self._tokens) - 1)
        return token

    def accept(self, word: str) -> bool:
        """Step over this keyword if it comes next."""
        found = keyword(self.token) == word
        if found:
            self.advance()
        return found

    def error(self, reason: str, token: Token | None = None) -> QuerySyntaxError:
        """A mistake at a token, the next one if none is named."""
        token = token or self.token
        return QuerySyntaxError(reason, self.text, token.start, max(token.length, 1))

    def missing(self, what: str, behind: Token | None = None) -> QuerySyntaxError:
        """Something that should have followed a token, the one before if none is named."""
        behind = behind or self.before
        return QuerySyntaxError(f"{what} is missing behind {behind.source}.", self.text, behind.end)

    def at_aggregate(self) -> bool:
        """Whether something like `best(` comes next, in one piece."""
        name, opening = self.token, self.ahead()
        return name.source.lower() in AGGREGATES and opening.kind is Lexeme.OPEN and opening.start == name.end

    def field(self) -> Field:
        """Step over a field's name, or over `best(metrics.ic)`."""
        if not self.at_aggregate():
            return field_of(self.advance(), self.text)
        name, opening = self.advance(), self.advance()
        if not self.at(Lexeme.WORD, Lexeme.QUOTED):
            raise self.missing("A metric", opening)
        words = [self.advance()]
        while words[0].kind is Lexeme.WORD and self.at(Lexeme.WORD) and not keyword(self.token):
            words.append(self.advance())
        field = metric_of(joined(words, self.text), AGGREGATES[name.source.lower()], self.text)
        if not self.at(Lexeme.CLOSE):
            raise self.missing("A closing parenthesis")
        self.advance()
        return field
