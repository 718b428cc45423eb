"""A viewer recognises a kind of file by its first bytes and its name, and offers views of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

from qtui.artifacts.content import Content
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """A way to see an artifact."""

    title: str
    open: Callable[[], Content]
    """Reads the content, in a background thread; raises ArtifactUnreadable with the reason if it cannot."""


class Viewer(ABC):
    """An entry of the registry."""

    name: ClassVar[str]
    """The kind of file, in words for the user, such as `CSV`."""

    @abstractmethod
    def recognises(self, sample: Sample) -> bool:
        """Return whether this is a file of the kind, by its first bytes if they tell, else by its name."""

    @abstractmethod
    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        """Return the views, the best first; opening them is left to the caller."""
