"""What a command is: one class for each thing that a user can do."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Generic, TypeVar

from textual.binding import Binding

Here_contra = TypeVar("Here_contra", contravariant=True)

_WORD = re.compile(r"[A-Z][a-z0-9]*")

COMMANDS: dict[str, type[Command[Any]]] = {}
"""Every command by its id, which is also its name in the `[keys]` table of the settings."""


class Command(Generic[Here_contra]):
    """A thing that a user can do.

    The docstring of a command is its line of help. Its class name gives the two names that follow from it:
    `SortBy` is `sort-by` in the settings and calls `action_sort_by` of the place that offers it.

    The type argument says what the command must know of its place to tell whether it makes sense right now:

        class SortBy(Command[RunsPlace]):
            \"\"\"Sort the runs by a column.\"\"\"

            KEYS = "s"
            TEXT = "sort"

            @classmethod
            def why_not(cls, here: RunsPlace) -> str | None:
                return None if here.row_count else "There are no runs to sort."
    """

    KEYS: ClassVar[str]
    """The default keys, separated by commas; the first is the one that is shown."""

    TEXT: ClassVar[str]
    """A word or two for the footer."""

    TITLE: ClassVar[str] = ""
    """Its name in the palette, where the words of the class name do not say enough."""

    FOOTER: ClassVar[bool] = False
    """Whether the footer shows it while it works."""

    ACTION: ClassVar[str] = ""
    """The action of Textual that does it, where that has a name of its own."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Enter it in the registry; a class without keys of its own only stands between."""
        super().__init_subclass__(**kwargs)
        if "KEYS" in cls.__dict__:
            COMMANDS[cls.id()] = cls

    @classmethod
    def why_not(cls, here: Here_contra) -> str | None:
        """Why it does not work here and now, in a full sentence; None when it does."""
        return None

    @classmethod
    def id(cls) -> str:
        """Its name in the settings: the words of the class name, joined by hyphens."""
        return "-".join(_WORD.findall(cls.__name__)).lower()

    @classmethod
    def title(cls) -> str:
        """Return its name in the palette."""
        return cls.TITLE or cls.id().replace("-", " ").capitalize()

    @classmethod
    def action(cls) -> str:
        """The name of the action that does it."""
        return cls.ACTION or cls.id().replace("-", "_")

    @classmethod
    def help(cls) -> str:
        """Its line of help: the docstring, on one line."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def binding(cls) -> Binding:
        """The keys that do it, as Textual wants to know them."""
        return Binding(cls.KEYS, cls.action(), cls.TEXT, show=cls.FOOTER, tooltip=cls.help(), id=cls.id())
