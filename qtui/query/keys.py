"""Fields that are named by their key alone, or by a key with spaces: `Rank IC > 0.05`, `metrics.Rank IC DESC`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from qtui.errors import QuerySyntaxError
from qtui.query.ast import LOGGED, Field, Kind
from qtui.query.cursor import Cursor, keyword
from qtui.query.fields import ATTRIBUTES, field_of, joined, nearest, prefix_kind
from qtui.query.lexer import Lexeme, Token

KeyLookup = Callable[[Collection[str]], Mapping[str, Collection[Kind]]]
"""A function that takes keys and returns the kinds (metric, param, tag) in which runs have each of them."""

MAX_KEY_WORDS = 8
"""How many words a key without quotes may have."""


def name_words(cursor: Cursor) -> list[Token]:
    """Return the next tokens that may be one key without quotes, or the one quoted token that comes next."""
    first = cursor.token
    if first.kind is not Lexeme.WORD or first.key_is_quoted or keyword(first):
        return [first] if cursor.at(Lexeme.WORD, Lexeme.QUOTED) and not keyword(first) else []
    words = [first]
    while len(words) <= MAX_KEY_WORDS and _continues(cursor.ahead(len(words))):
        words.append(cursor.ahead(len(words)))
    return words


def compared_field(cursor: Cursor, words: Sequence[Token], lookup: KeyLookup) -> tuple[Field, Token] | None:
    """Step over the words before a comparison if all of them are one key, and return its field and its name.

    Return None where the first word is something else: an attribute, a field with its prefix, a word to search for.
    Raise QuerySyntaxError where no run has such a key, or where a metric, a param and a tag share it.
    """
    first, kind = words[0], prefix_kind(words[0])
    if first.key_is_quoted or kind not in (None, *LOGGED) or (kind and len(words) == 1):
        return None
    names = [joined(words[place:], cursor.text) for place in range(len(words))]
    whole, last = names[0], names[-1]
    ends_in_attribute = last.value.lower() in ATTRIBUTES
    if ends_in_attribute and len(words) == 1:
        return None
    kinds = lookup([name.value for name in names])
    able = kinds.get(whole.value, ())
    if kind:
        if kind not in able:
            raise missing_key(kind, whole, cursor.text)
        return _stepped(cursor, words, Field(kind, whole.value)), whole
    if able:
        return _stepped(cursor, words, only_field(whole, kinds, cursor.text)), whole
    if ends_in_attribute or any(kinds.get(name.value) for name in names):
        return None
    raise unknown_key(whole, words[-1], cursor.text)


def order_field(cursor: Cursor, words: Sequence[Token], lookup: KeyLookup) -> Field:
    """Step over the words that name a field to sort by: all of them, or as many of the first as are a field."""
    first = words[0]
    kind = prefix_kind(first)
    is_attribute = kind is None and first.value.lower() in ATTRIBUTES
    if first.key_is_quoted or kind not in (None, *LOGGED) or (len(words) == 1 and (kind or is_attribute)):
        return field_of(cursor.advance(), cursor.text)
    names = {count: joined(words[:count], cursor.text) for count in range(len(words), 0, -1)}
    kinds = lookup([name.value for name in names.values()])
    for count, name in names.items():
        able = kinds.get(name.value, ())
        if kind and kind in able:
            return _stepped(cursor, words[:count], Field(kind, name.value))
        if kind is None and able and not (count == 1 and is_attribute):
            return _stepped(cursor, words[:count], only_field(name, kinds, cursor.text))
    if is_attribute:
        return field_of(cursor.advance(), cursor.text)
    whole = names[len(words)]
    raise missing_key(kind, whole, cursor.text) if kind else unknown_key(whole, first, cursor.text)


def only_field(name: Token, kinds: Mapping[str, Collection[Kind]], text: str) -> Field:
    """Return the field that a key alone means; more than one is an error that names them."""
    able = [kind for kind in LOGGED if kind in kinds[name.value]]
    if len(able) == 1:
        return Field(able[0], name.value)
    key = name.value if name.value.replace(".", "").isidentifier() else f"`{name.value}`"
    ways = [f"{kind}s.{key}" for kind in able]
    reason = (
        f"Runs have {name.value!r} as {' and as '.join(f'a {kind}' for kind in able)}; "
        f"write {', '.join(ways[:-1])} or {ways[-1]}."
    )
    raise QuerySyntaxError(reason, text, name.start, name.length)


def unknown_key(name: Token, last: Token, text: str) -> QuerySyntaxError:
    """Return the error for a name that is neither an attribute nor a key of any run."""
    if last.source[0] in "+-0123456789" or nearest(last.value, ATTRIBUTES):
        try:
            field_of(last, text)
        except QuerySyntaxError as error:
            return error
    return QuerySyntaxError(f"No run has a metric, param or tag {name.value!r}.", text, name.start, name.length)


def _continues(token: Token) -> bool:
    """Whether a token can be a further word of a key."""
    return token.kind is Lexeme.WORD and not keyword(token) and prefix_kind(token) is None and not token.key_is_quoted


def _stepped(cursor: Cursor, words: Sequence[Token], field: Field) -> Field:
    for _ in words:
        cursor.advance()
    return field


def missing_key(kind: Kind, name: Token, text: str) -> QuerySyntaxError:
    """Return the error for a name with its prefix that is a key of no run."""
    return QuerySyntaxError(f"No run has a {kind} {name.value!r}.", text, name.start, name.length)
