"""The tags of one or several items while they are edited: present values, pending changes, completions, preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from qtui.entities import COMMAND_TAG, FOLDER_TAG, NOTE_TAG, PROCESS_TAG, RUN_NAME_TAG
from qtui.formatting import format_count
from qtui.plot.pieces import Piece
from qtui.text import display, pad, truncate, width
from qtui.tui.present.matching import match_text
from qtui.value_classes import dataclass

SYSTEM_PREFIX = "mlflow."
SYSTEM_TAGS = frozenset({COMMAND_TAG, FOLDER_TAG, PROCESS_TAG})
OTHER_COMMANDS = {NOTE_TAG: "It is the note: edit it as a note.", RUN_NAME_TAG: "It is the name: rename the run."}
MAX_COMPLETIONS = 50
MAX_KEY_CELLS = 28
MIXED_VALUES = 3
"""The number of different values that a row lists."""


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag in the list: its values, on how many items it is, and the pending change."""

    key: str
    values: tuple[str, ...]
    """The different values, the most frequent first."""

    count: int
    """The number of items that have the tag."""

    why_not: str = ""
    """Why it cannot be edited; empty if it can."""

    is_changed: bool = False
    new_value: str | None = None
    """The pending value; None removes the tag."""


@dataclass(frozen=True, slots=True)
class TagCompletion:
    """A text for the field, and what the list shows of it."""

    text: str
    detail: str = ""


class TagEditor:
    """Tags of items, and the changes that are not written yet."""

    def __init__(
        self, tags: Sequence[Mapping[str, str]], vocabulary: Mapping[str, Sequence[str]], noun: str = "run"
    ) -> None:
        """`tags` are those of each item; `vocabulary` has the keys of the store with some of their values."""
        self._noun = noun
        self._total = len(tags)
        self._counts: dict[str, Counter[str]] = {}
        for item in tags:
            for key, value in item.items():
                self._counts.setdefault(key, Counter())[value] += 1
        self._vocabulary = {key: values for key, values in vocabulary.items() if not why_not_edited(key)}
        self._changes: dict[str, str | None] = {}
        self.shows_system = False
        """Whether the list has the tags that MLflow and qtui write themselves."""

    @property
    def has_changes(self) -> bool:
        """Whether a change would be written."""
        return bool(self._changes)

    @property
    def changes(self) -> Mapping[str, str | None]:
        """The new values of the tags to set, None for those to remove."""
        return dict(self._changes)

    @property
    def system_count(self) -> int:
        """The number of tags that MLflow and qtui write themselves."""
        return sum(bool(why_not_edited(key)) for key in self._counts)

    def rows(self) -> tuple[TagRow, ...]:
        """Return the tags by name, new ones included; those of the system last, if they are shown."""
        keys = sorted({*self._counts, *self._changes}, key=lambda key: (bool(why_not_edited(key)), key))
        return tuple(self._row(key) for key in keys if self.shows_system or not why_not_edited(key))

    def _row(self, key: str) -> TagRow:
        counts = self._counts.get(key, Counter())
        values = tuple(value for value, _ in counts.most_common())
        is_changed = key in self._changes
        return TagRow(key, values, counts.total(), why_not_edited(key), is_changed, self._changes.get(key))

    def text_of(self, row: TagRow) -> str:
        """Return the text with which a tag is edited: its value if it is common to all items that have the tag."""
        value = row.new_value if row.is_changed else row.values[0] if len(row.values) == 1 else ""
        return f"{row.key}={value or ''}"

    def problem(self, text: str) -> str | None:
        """Return why a text is not a tag, or None."""
        key, separator, _ = text.partition("=")
        if reason := why_not_edited(key.strip()):
            return f"{key.strip()} cannot be edited here. {reason}"
        if not separator or not key.strip():
            return "Type key=value."
        return None

    def set(self, text: str) -> None:
        """Add the change to `key=value`; a value that all items have already removes the pending change."""
        key, _, value = text.partition("=")
        key, value = key.strip(), value.strip()
        if self._counts.get(key) == Counter({value: self._total}):
            self._changes.pop(key, None)
        else:
            self._changes[key] = value

    def toggle_removal(self, key: str) -> None:
        """Remove a tag, or take back the pending change of it."""
        if key in self._changes:
            del self._changes[key]
        elif not why_not_edited(key):
            self._changes[key] = None

    def completions(self, text: str) -> tuple[TagCompletion, ...]:
        """Return texts that the field could have: keys of the store, or the values of the key before `=`."""
        key, separator, typed = text.partition("=")
        if separator:
            values = dict.fromkeys((*self._counts.get(key.strip(), ()), *self._vocabulary.get(key.strip(), ())))
            matches = [(match.rank, value) for value in values if (match := match_text(typed, value)) is not None]
            texts = (f"{key.strip()}={value}" for _, value in sorted(matches))
            return tuple(TagCompletion(item) for item in texts if item != text)[:MAX_COMPLETIONS]
        keys = {key for key in (*self._counts, *self._vocabulary) if not why_not_edited(key)}
        ranked = sorted((match.rank, key) for key in keys if (match := match_text(text, key)) is not None)
        return tuple(TagCompletion(f"{key}=", self._usage(key)) for _, key in ranked)[:MAX_COMPLETIONS]

    def _usage(self, key: str) -> str:
        values = [display(value) for value in self._vocabulary.get(key, ())]
        return ", ".join(values[:MIXED_VALUES]) + (", …" if len(values) > MIXED_VALUES else "")

    def preview(self) -> tuple[str, ...]:
        """Return what will be written, a line for each changed tag."""
        return tuple(self._preview(key, value) for key, value in self._changes.items())

    def _preview(self, key: str, value: str | None) -> str:
        counts = self._counts.get(key, Counter())
        if value is None:
            return f"{display(key)}: removed from {format_count(counts.total(), self._noun)}"
        added, same = self._total - counts.total(), counts[value]
        replaced = counts.total() - same
        parts = [
            f"replaces {format_count(replaced, 'value')}" if replaced else "",
            f"added to {format_count(added, self._noun)}" if added else "",
            f"same on {same:,}" if same else "",
        ]
        return f"{display(key)}={display(value)}: {', '.join(filter(None, parts))}"

    def render_row(self, row: TagRow | TagCompletion, cells: int) -> list[Piece]:
        """Return a line of the list: mark, key, value or values, and the number of items if not all have the tag."""
        if isinstance(row, TagCompletion):
            text = truncate(display(row.text), cells - 2)
            return [Piece(f"  {text}"), Piece(truncate(f"  {row.detail}", max(0, cells - 2 - width(text))), "muted")]
        key_cells = min(MAX_KEY_CELLS, cells // 2)
        mark = "+ " if row.is_changed and not row.count else "~ " if row.is_changed else "  "
        mark = "- " if row.is_changed and row.new_value is None else mark
        key = pad(truncate(display(row.key), key_cells), key_cells)
        detail = f" on {row.count:,} of {self._total:,} " if 0 < row.count < self._total else " "
        room = max(0, cells - 2 - key_cells - 2 - width(detail))
        role = "disabled" if row.why_not else "text"
        pieces = list(self._value_pieces(row, room, role))
        used = sum(width(piece.text) for piece in pieces)
        return [
            Piece(mark, "accent"),
            Piece(key + "  ", role),
            *pieces,
            Piece(" " * (room - used) + detail, "muted"),
        ]

    def _value_pieces(self, row: TagRow, cells: int, role: str) -> Iterator[Piece]:
        old = values_text(row.values)
        if not row.is_changed:
            yield Piece(truncate(old, cells), role)
            return
        new = "removed" if row.new_value is None else display(row.new_value) or "''"
        before = f"{truncate(old, max(0, cells // 2 - 3))} → " if old else ""
        yield Piece(before, "muted")
        yield Piece(truncate(new, max(0, cells - width(before))), "accent")


def values_text(values: Sequence[str]) -> str:
    """Return a value, or the number of different values with the most frequent ones: "3 values: red, blue, …"."""
    if len(values) == 1:
        return display(values[0]) or "''"
    if not values:
        return ""
    more = ", …" if len(values) > MIXED_VALUES else ""
    return f"{len(values):,} values: {', '.join(display(value) or repr('') for value in values[:MIXED_VALUES])}{more}"


def why_not_edited(key: str) -> str:
    """Return why a tag is not edited as a tag; empty if it is."""
    if key in OTHER_COMMANDS:
        return OTHER_COMMANDS[key]
    if key.startswith(SYSTEM_PREFIX):
        return "MLflow writes it."
    return "qtui writes it." if key in SYSTEM_TAGS else ""
