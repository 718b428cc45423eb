"""The base of all commands: one class for each user action."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import Any, ClassVar, Generic, TypeVar

from textual.binding import Binding

Host_contra = TypeVar("Host_contra", contravariant=True)

_WORD = re.compile(r"[A-Z][a-z0-9]*")

IMPORTED_COMMANDS: dict[str, type[Command[Any]]] = {}
"""The commands imported so far, by ID, which is also their name in the `[keys]` table of the settings."""


class Command(Generic[Host_contra]):
    """A user action: its name, its keys, and why it does not work now.

    The docstring is the line of help. The ID, the title and the action follow from the class name unless they are
    given: `SortBy` is `sort-by` in the settings, "Sort by" in the palette, and calls `action_sort_by` of its host.

    `call=("go_to_column", 0)` calls `host.go_to_column(0)` instead, `call=("edits.rename",)` calls
    `host.edits.rename()`.

    The type argument says what the command reads of its host to find out whether it works now:

        class SortBy(Command[RunsTableHost], keys="s", text="sort"):
            \"\"\"Sort the runs by a column.\"\"\"

            @classmethod
            def why_not(cls, host: RunsTableHost) -> str | None:
                return None if host.run_count else "There are no runs to sort."
    """

    KEYS: ClassVar[str]
    """The default keys, separated by commas; footer and palette show the first one."""

    TEXT: ClassVar[str]
    """One or two words for the footer."""

    ID: ClassVar[str]
    """The name in the settings. Commands that do the same on different hosts share it, and so their keys."""

    TITLE: ClassVar[str]
    """The name in the palette."""

    HELP: ClassVar[str]
    """The line of help."""

    ACTION: ClassVar[str]
    """The name of the Textual action."""

    FOOTER: ClassVar[bool]
    """Whether the footer shows it while it works."""

    CALL: ClassVar[tuple[Any, ...]]
    """The method that does it, as a path from the host, and its arguments; if empty, `action_ACTION` of the host."""

    def __init_subclass__(
        cls,
        *,
        keys: str = "",
        text: str = "",
        id: str = "",
        title: str = "",
        action: str = "",
        footer: bool = False,
        call: tuple[Any, ...] = (),
    ) -> None:
        """Register the command; a class without keys is a base of commands."""
        super().__init_subclass__()
        if not keys:
            return
        words = [word.lower() for word in _WORD.findall(cls.__name__)]
        cls.KEYS = keys
        cls.TEXT = text
        cls.ID = id or "-".join(words)
        cls.TITLE = title or " ".join(words).capitalize()
        cls.HELP = " ".join((cls.__doc__ or "").split())
        cls.ACTION = action or "_".join(words)
        cls.FOOTER = footer
        cls.CALL = call
        IMPORTED_COMMANDS.setdefault(cls.ID, cls)

    @classmethod
    def why_not(cls, host: Host_contra) -> str | None:
        """Return why the command does not work now, in a full sentence; None when it does."""
        return None

    @classmethod
    def call(cls, host: Any) -> object:
        """Call the method of the host that CALL names."""
        path, *arguments = cls.CALL
        return attrgetter(path)(host)(*arguments)

    @classmethod
    def binding(cls) -> Binding:
        """Return Textual's binding of the keys to the action."""
        return Binding(cls.KEYS, cls.ACTION, cls.TEXT, show=cls.FOOTER, tooltip=cls.HELP, id=cls.ID)
