"""Sources of artifacts for tests."""

from __future__ import annotations

from qtui.artifacts.source import Source


def source_of(data: bytes, path: str = "file") -> Source:
    """Return a source of these bytes."""
    return Source.of_chunks([data], path)
