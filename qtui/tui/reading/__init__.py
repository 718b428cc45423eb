"""What the browser reads off the event loop: generators of messages, each cut short by closing it."""

from __future__ import annotations

from qtui.tui.reading.many import (
    CatalogueRead,
    InfosRead,
    NewsRead,
    Question,
    ValuesRead,
    catalogue,
    news,
    runs,
    values,
)
from qtui.tui.reading.one import ArtifactsRead, RunRead, artifacts, details

__all__ = [
    "ArtifactsRead",
    "CatalogueRead",
    "InfosRead",
    "NewsRead",
    "Question",
    "RunRead",
    "ValuesRead",
    "artifacts",
    "catalogue",
    "details",
    "news",
    "runs",
    "values",
]
