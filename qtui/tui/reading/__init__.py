"""What the browser reads off the event loop: generators of messages, each cut short by closing it."""

from __future__ import annotations

from qtui.tui.reading.courses import Courses
from qtui.tui.reading.curves import CurvesRead, curves
from qtui.tui.reading.histories import SparklinesRead, SummariesRead, sparklines, summaries
from qtui.tui.reading.many import (
    CatalogueRead,
    InfosRead,
    NewsRead,
    Question,
    ValuesRead,
    WritesRead,
    catalogue,
    news,
    runs,
    values,
)
from qtui.tui.reading.one import ArtifactsRead, RunRead, artifacts, details

__all__ = [
    "ArtifactsRead",
    "CatalogueRead",
    "Courses",
    "CurvesRead",
    "InfosRead",
    "NewsRead",
    "Question",
    "RunRead",
    "SparklinesRead",
    "SummariesRead",
    "ValuesRead",
    "WritesRead",
    "artifacts",
    "catalogue",
    "curves",
    "details",
    "news",
    "runs",
    "sparklines",
    "summaries",
    "values",
]
