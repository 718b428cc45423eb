"""Completions of a filter: keys where a field is expected, values after an operator."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field

from qtui.lazy_pattern import lazy_pattern
from qtui.query.render import quote_text
from qtui.query.unprefixed_keys import MAX_KEY_WORDS
from qtui.tui.present.matching import INSIDE_WORD, match_text
from qtui.value_classes import dataclass

MAX_COMPLETIONS = 50
"""The maximum number of completions."""

_VALUE = lazy_pattern(
    r"""(?P<field>[\w./:-]+|[\w]+\.(?:`[^`]*`|"[^"]*"))\s*(?:!?=|!?~|i?like\b)\s*(?P<value>'[^']*|"[^"]*|[\w./:-]*)$""",
    re.I,
)
_WORD = lazy_pattern(r"""[^\s()'"`=<>!~,]*$""")
_QUOTED_KEY = lazy_pattern(r"""(?:\w+\.(?P<quote>[`"])|`)[^`"]*$""")
_WORDS = lazy_pattern(r"""[^\s()'"`=<>!~,]+(?:\s+[^\s()'"`=<>!~,]+)*\s*$""")
_QUOTES = lazy_pattern('[`"]')
_PREFIX = lazy_pattern(r"(?:\w+\()?\w+\.")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The fields of a store in the syntax of a filter, and the values of some of them."""

    keys: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Completions:
    """Texts that could stand from `start` up to the cursor, the best first."""

    start: int
    texts: tuple[str, ...]


def completions(text: str, cursor: int, vocabulary: Vocabulary) -> Completions:
    """Return the completions of the word before the cursor; none if the word is complete."""
    before = text[:cursor]
    value = _VALUE.search(before)
    if value and value["field"] in vocabulary.values:
        typed = value["value"]
        texts = _best_matches(typed.lstrip("'\""), vocabulary.values[value["field"]])
        return Completions(value.start("value"), tuple(map(quote_text, texts)))
    quoted_key = _QUOTED_KEY.search(before)
    if quoted_key and before.count(quoted_key["quote"] or "`") % 2:
        return Completions(quoted_key.start(), _keys_starting_with(quoted_key.group(), vocabulary.keys))
    words = _WORDS.search(before)
    for start in _word_starts(words) if words else ():
        if texts := _keys_starting_with(before[start:].rstrip(), vocabulary.keys):
            return Completions(start, texts)
    word = _WORD.search(before)
    typed = word.group() if word else ""
    matches = _best_matches(typed, vocabulary.keys) if typed else ()
    return Completions(cursor - len(typed), matches)


def is_key_prefix(key: str, text: str) -> bool:
    """Return whether a text is the start of a key, also without its quotes, or with spaces and without its prefix."""
    plain, text = _QUOTES.sub("", key), _QUOTES.sub("", text)
    return key.startswith(text) or plain.startswith(text) or (" " in text and _without_prefix(plain).startswith(text))


def _word_starts(words: re.Match[str]) -> list[int]:
    """Return the starts of the last words that may form one key; empty for a single word."""
    starts = [words.start() + word.start() for word in re.finditer(r"\S+", words.group())]
    return starts[-MAX_KEY_WORDS:-1]


def _keys_starting_with(text: str, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the keys that start with a text in any case, with or without their quotes and their prefix."""
    typed = _QUOTES.sub("", text).casefold()
    candidates = [key for key in keys if key.isprintable() and (" " in key or _QUOTES.search(text))]
    plain = {key: _QUOTES.sub("", key).casefold() for key in candidates}
    return tuple(
        key for key in candidates if plain[key].startswith(typed) or _without_prefix(plain[key]).startswith(typed)
    )[:MAX_COMPLETIONS]


def _without_prefix(plain: str) -> str:
    """Return a key without its prefix."""
    return _PREFIX.sub("", plain, count=1)


def _best_matches(word: str, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the keys that contain the word, else those with its letters in order; none if the word is a key."""
    if word in keys:
        return ()
    matches = [(match, key) for key in keys if key.isprintable() and (match := match_text(word, key))]
    substrings = [pair for pair in matches if pair[0].rank <= INSIDE_WORD]
    ranked = sorted(substrings or matches, key=lambda pair: (pair[0].rank, pair[0].positions[:1]))
    return tuple(key for _, key in ranked[:MAX_COMPLETIONS])
