"""The runs or experiments that an edit changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from qtui.entities import STAR_TAG
from qtui.runs.cells import is_star
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.store.edits import Item


@dataclass(frozen=True, slots=True)
class EditSelection:
    """Runs or experiments with their tags."""

    items: tuple[Item, ...] = ()
    tags_of: Callable[[Item], Mapping[str, str] | None] = lambda item: None
    """Returns the tags of an item; None if they are not loaded."""

    vocabulary: Callable[[], Mapping[str, Sequence[str]]] = dict
    """Returns the keys of the tags of the store, with some of their values."""

    stale: frozenset[str] = frozenset()
    """The IDs of running runs that write nothing any more."""

    run_count: int = 0
    """The number of active runs in the experiments."""

    hidden_count: int = 0
    """The number of runs that the table does not show."""

    @property
    def active(self) -> tuple[Item, ...]:
        """The items that are not deleted."""
        return tuple(item for item in self.items if item.lifecycle_stage == "active")

    @property
    def all_starred(self) -> bool:
        """Whether every item has a star."""
        return all(is_star((self.tags_of(item) or {}).get(STAR_TAG)) for item in self.items)
