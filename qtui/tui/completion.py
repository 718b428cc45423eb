"""What a filter could go on with: keys where a field may stand, values behind a field and its operator."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qtui.tui.matching import INSIDE, match

MOST = 50
"""How many completions are offered at once."""

_VALUE = re.compile(
    r"""(?P<field>[\w./:-]+|[\w]+\.(?:`[^`]*`|"[^"]*"))\s*(?:!?=|!?~|i?like\b)\s*(?P<value>'[^']*|"[^"]*|[\w./:-]*)$""",
    re.I,
)
_WORD = re.compile(r"""[^\s()'"`=<>!~,]*$""")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is known of a store: the names of fields as they are written in a filter, and the values of some."""

    keys: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Completions:
    """Texts that could stand from `start` up to the cursor, the best first."""

    start: int
    texts: tuple[str, ...]


def completions(text: str, cursor: int, vocabulary: Vocabulary) -> Completions:
    """What the word before the cursor could become; nothing where it is whole already."""
    before = text[:cursor]
    value = _VALUE.search(before)
    if value and value["field"] in vocabulary.values:
        begun = value["value"]
        texts = _best(begun.lstrip("'\""), vocabulary.values[value["field"]])
        return Completions(value.start("value"), tuple(map(quoted, texts)))
    word = _WORD.search(before)
    begun = word.group() if word else ""
    found = _best(begun, vocabulary.keys) if begun else ()
    return Completions(cursor - len(begun), found)


def quoted(value: str) -> str:
    """A value as it stands in a filter."""
    if "'" not in value:
        return f"'{value}'"
    return f'"{value}"' if '"' not in value else f"e{value!r}"


def _best(begun: str, known: Sequence[str]) -> tuple[str, ...]:
    """Those with the begun word in them, else those with its letters; none when it is one of them already."""
    if begun in known:
        return ()
    hits = [(hit, each) for each in known if each.isprintable() and (hit := match(begun, each))]
    whole = [pair for pair in hits if pair[0].rank <= INSIDE]
    return tuple(each for _, each in sorted(whole or hits, key=lambda pair: (pair[0].rank, pair[0].at[:1])))[:MOST]
