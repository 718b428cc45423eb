"""Parse keys without a prefix or with spaces: `Rank IC > 0.05`, `metrics.Rank IC DESC`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from qtui.errors import QuerySyntaxError
from qtui.query.ast import LOGGED_KINDS, Field, FieldKind
from qtui.query.fields import ATTRIBUTES, join_words, nearest, parse_field_name, prefix_kind
from qtui.query.lexer import Token, TokenKind
from qtui.query.token_cursor import TokenCursor, keyword

KeyLookup = Callable[[Collection[str]], Mapping[str, Collection[FieldKind]]]
"""A function from keys to the kinds (metric, param, tag) for which runs have them."""

MAX_KEY_WORDS = 8
"""Maximum number of words in an unquoted key."""


def key_tokens(cursor: TokenCursor) -> list[Token]:
    """Return the next tokens that may form one unquoted key, or the next quoted token."""
    first = cursor.next_token
    if first.kind is not TokenKind.WORD or first.key_is_quoted or keyword(first):
        return [first] if cursor.at(TokenKind.WORD, TokenKind.QUOTED) and not keyword(first) else []
    words = [first]
    while len(words) <= MAX_KEY_WORDS and _continues(cursor.peek(len(words))):
        words.append(cursor.peek(len(words)))
    return words


def parse_compared_field(cursor: TokenCursor, words: Sequence[Token], lookup: KeyLookup) -> tuple[Field, Token] | None:
    """Consume the words before a comparison if together they are one key, and return its field and its token.

    Return None if the first word is something else: an attribute, a prefixed field, a word to search for.

    Raises:
        QuerySyntaxError: No run has the key, or more than one kind has it.
    """
    first, kind = words[0], prefix_kind(words[0])
    if first.key_is_quoted or kind not in (None, *LOGGED_KINDS) or (kind and len(words) == 1):
        return None
    names = [join_words(words[start:], cursor.text) for start in range(len(words))]
    full_name, last = names[0], names[-1]
    ends_in_attribute = last.value.lower() in ATTRIBUTES
    if ends_in_attribute and len(words) == 1:
        return None
    kinds = lookup([name.value for name in names])
    matching = kinds.get(full_name.value, ())
    if kind:
        if kind not in matching:
            raise missing_key_error(kind, full_name, cursor.text)
        return _consume(cursor, words, Field(kind, full_name.value)), full_name
    if matching:
        return _consume(cursor, words, unique_field(full_name, kinds, cursor.text)), full_name
    if ends_in_attribute or any(kinds.get(name.value) for name in names):
        return None
    raise unknown_key_error(full_name, words[-1], cursor.text)


def parse_order_field(cursor: TokenCursor, words: Sequence[Token], lookup: KeyLookup) -> Field:
    """Consume and return a field to sort by: the longest sequence of the first words that is a field."""
    first = words[0]
    kind = prefix_kind(first)
    is_attribute = kind is None and first.value.lower() in ATTRIBUTES
    if first.key_is_quoted or kind not in (None, *LOGGED_KINDS) or (len(words) == 1 and (kind or is_attribute)):
        return parse_field_name(cursor.advance(), cursor.text)
    names = {count: join_words(words[:count], cursor.text) for count in range(len(words), 0, -1)}
    kinds = lookup([name.value for name in names.values()])
    for count, name in names.items():
        matching = kinds.get(name.value, ())
        if kind and kind in matching:
            return _consume(cursor, words[:count], Field(kind, name.value))
        if kind is None and matching and not (count == 1 and is_attribute):
            return _consume(cursor, words[:count], unique_field(name, kinds, cursor.text))
    if is_attribute:
        return parse_field_name(cursor.advance(), cursor.text)
    full_name = names[len(words)]
    raise missing_key_error(kind, full_name, cursor.text) if kind else unknown_key_error(full_name, first, cursor.text)


def unique_field(name: Token, kinds: Mapping[str, Collection[FieldKind]], text: str) -> Field:
    """Return the field of a key that only one kind has.

    Raises:
        QuerySyntaxError: More than one kind has the key.
    """
    matching = [kind for kind in LOGGED_KINDS if kind in kinds[name.value]]
    if len(matching) == 1:
        return Field(matching[0], name.value)
    raise QuerySyntaxError(ambiguous_key_message(name.value, matching), text, name.start, name.length)


def ambiguous_key_message(key: str, kinds: Sequence[FieldKind]) -> str:
    """Return the message for a key that several kinds have, with the names to write instead."""
    quoted = key if key.replace(".", "").isidentifier() else f"`{key}`"
    options = [f"{kind}s.{quoted}" for kind in kinds]
    return (
        f"Runs have {key!r} as {' and as '.join(f'a {kind}' for kind in kinds)}; "
        f"write {', '.join(options[:-1])} or {options[-1]}."
    )


def unknown_key_error(name: Token, last: Token, text: str) -> QuerySyntaxError:
    """Return the error for a name that is neither an attribute nor a key of any run."""
    if last.source[0] in "+-0123456789" or nearest(last.value, ATTRIBUTES):
        try:
            parse_field_name(last, text)
        except QuerySyntaxError as error:
            return error
    return QuerySyntaxError(f"No run has a metric, param or tag {name.value!r}.", text, name.start, name.length)


def _continues(token: Token) -> bool:
    """Return whether a token can be a further word of a key."""
    return (
        token.kind is TokenKind.WORD and not keyword(token) and prefix_kind(token) is None and not token.key_is_quoted
    )


def _consume(cursor: TokenCursor, words: Sequence[Token], field: Field) -> Field:
    for _ in words:
        cursor.advance()
    return field


def missing_key_error(kind: FieldKind, name: Token, text: str) -> QuerySyntaxError:
    """Return the error for a prefixed key that no run has."""
    return QuerySyntaxError(f"No run has a {kind} {name.value!r}.", text, name.start, name.length)
