"""How the screen was asked to be, on the command line and in the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from qtui.entities import View
from qtui.settings import Settings

AUTO = "auto"
"""The theme that follows the background of the terminal."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the app and its screens are started with."""

    view: View = View.ACTIVE
    """Which runs are shown at first."""

    refresh: float | None = None
    """Seconds between two looks for changes; None leaves it to the store, 0 looks only when asked."""

    theme: str | None = None
    """A theme by name; `auto` or none follows the terminal."""

    ascii_only: bool = False
    """Whether to draw with ASCII alone."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keys for commands, by the id of the command."""

    silence: timedelta = timedelta(hours=1)
    """After how long without a write a run that says RUNNING is called stale."""

    columns: tuple[str, ...] = ()
    """The columns of the runs unless somebody chooses others; none means those that tell most."""

    @classmethod
    def chosen(
        cls,
        settings: Settings,
        *,
        view: View = View.ACTIVE,
        refresh: float | None = None,
        theme: str | None = None,
        ascii_only: bool = False,
    ) -> Options:
        """What the command line says, and where it says nothing what the settings say."""
        return cls(
            view=view,
            refresh=settings.refresh if refresh is None else refresh,
            theme=theme or settings.theme,
            ascii_only=ascii_only or settings.ascii,
            keys=settings.keys,
            columns=settings.columns,
            silence=timedelta(minutes=settings.stale_after_minutes),
        )
