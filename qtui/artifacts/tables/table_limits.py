"""Limits of tables that have to be in memory as a whole, for sorting, filtering and exact statistics."""

from __future__ import annotations

from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_size

MAX_FRAME_BYTES = 1 << 28
"""The largest table that is loaded whole."""
MAX_COLUMNS = 20_000
"""Columns of an array that are shown."""


def check_loadable(size: int, path: str, action: str) -> None:
    """Raise ArtifactUnreadable if a table of this size (bytes) is too large for an action such as `sorted`."""
    if size > MAX_FRAME_BYTES:
        raise ArtifactUnreadable(
            f"{path} has {format_size(size)} of values; tables up to {format_size(MAX_FRAME_BYTES)} can be {action}."
        )
