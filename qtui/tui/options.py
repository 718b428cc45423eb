"""The options of the app, from the command line and the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from qtui.entities import ViewType
from qtui.settings import ImageMode, Settings
from qtui.value_classes import dataclass

AUTO = "auto"
"""The theme that follows the background of the terminal."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the app and its screens."""

    view: ViewType = ViewType.ACTIVE
    """The runs to show at first, by lifecycle stage."""

    refresh: float | None = None
    """Seconds between two polls of the store; None chooses by the store, 0 turns polling off."""

    theme: str | None = None
    """A theme by name; `auto` or none follows the terminal."""

    ascii_only: bool = False
    """Whether to draw with ASCII alone."""

    images: ImageMode = "auto"
    """How images are shown."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keys for commands, by the ID of the command."""

    stale_after: timedelta = timedelta(hours=1)
    """The time without a write after which a running run is stale."""

    columns: tuple[str, ...] = ()
    """The default columns of the runs table; empty chooses them by their values."""

    @classmethod
    def from_settings(
        cls,
        settings: Settings,
        *,
        view: ViewType = ViewType.ACTIVE,
        refresh: float | None = None,
        theme: str | None = None,
        ascii_only: bool = False,
    ) -> Options:
        """Return the options of the command line, and those of the settings where it has none."""
        return cls(
            view=view,
            refresh=settings.refresh if refresh is None else refresh,
            theme=theme or settings.theme,
            ascii_only=ascii_only or settings.ascii,
            images=settings.images,
            keys=settings.keys,
            columns=settings.columns,
            stale_after=timedelta(minutes=settings.stale_after_minutes),
        )
