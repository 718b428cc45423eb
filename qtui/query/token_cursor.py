"""A cursor over the tokens of a text, used by all parts of the parser."""

from __future__ import annotations

from qtui.errors import QuerySyntaxError
from qtui.query.ast import Field
from qtui.query.fields import AGGREGATES, join_words, parse_aggregated_metric, parse_field_name
from qtui.query.lexer import Token, TokenKind, tokenize

KEYWORDS = frozenset({"AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "ILIKE", "RLIKE", "BETWEEN"})


def keyword(token: Token) -> str | None:
    """Return the keyword of an unquoted token in capitals, None for other tokens."""
    word = token.source.upper()
    return word if token.kind is TokenKind.WORD and word in KEYWORDS else None


class TokenCursor:
    """A position in the tokens of one text; the last token is END."""

    def __init__(self, text: str, now: int) -> None:
        self.text = text
        self.now = now
        self._tokens = tokenize(text)
        self._position = 0

    @property
    def next_token(self) -> Token:
        """The next token."""
        return self._tokens[self._position]

    @property
    def previous(self) -> Token:
        """The previous token, or the first token at the start."""
        return self._tokens[max(self._position - 1, 0)]

    @property
    def at_start(self) -> bool:
        """Whether the cursor is at the first token."""
        return self._position == 0

    def at(self, *kinds: TokenKind) -> bool:
        """Return whether the next token is of one of these kinds."""
        return self.next_token.kind in kinds

    def peek(self, distance: int = 1) -> Token:
        """Return the token at a distance from the next one."""
        return self._tokens[min(self._position + distance, len(self._tokens) - 1)]

    def advance(self) -> Token:
        """Consume and return the next token."""
        token = self.next_token
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def accept(self, word: str) -> bool:
        """Consume the next token if it is this keyword, and return whether it is."""
        matches = keyword(self.next_token) == word
        if matches:
            self.advance()
        return matches

    def error(self, reason: str, token: Token | None = None) -> QuerySyntaxError:
        """Return an error at a token, by default the next one."""
        token = token or self.next_token
        return QuerySyntaxError(reason, self.text, token.start, max(token.length, 1))

    def expected(self, what: str, after: Token | None = None) -> QuerySyntaxError:
        """Return an error that something is missing after a token, by default the previous one."""
        after = after or self.previous
        return QuerySyntaxError(f"Expected {what} after {after.source}.", self.text, after.end)

    def at_aggregate(self) -> bool:
        """Return whether the next tokens are an aggregate and a parenthesis without a space, such as `best(`."""
        name, opening = self.next_token, self.peek()
        return name.source.lower() in AGGREGATES and opening.kind is TokenKind.OPEN and opening.start == name.end

    def parse_field(self) -> Field:
        """Consume and return a field, such as `status` or `best(metrics.ic)`."""
        if not self.at_aggregate():
            return parse_field_name(self.advance(), self.text)
        name, opening = self.advance(), self.advance()
        if not self.at(TokenKind.WORD, TokenKind.QUOTED):
            raise self.expected("a metric", opening)
        words = [self.advance()]
        while words[0].kind is TokenKind.WORD and self.at(TokenKind.WORD) and not keyword(self.next_token):
            words.append(self.advance())
        field = parse_aggregated_metric(join_words(words, self.text), AGGREGATES[name.source.lower()], self.text)
        if not self.at(TokenKind.CLOSE):
            raise self.expected("a closing parenthesis")
        self.advance()
        return field
