"""What the browser reads off the event loop: generators of messages, each cut short by closing it."""

from __future__ import annotations

from qtui.tui.load.grid_curves import CurvesRead, curves
from qtui.tui.load.run_details import ArtifactsRead, RunRead, artifacts, details
from qtui.tui.load.runs import (
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
from qtui.tui.load.sparklines import Courses
from qtui.tui.load.summaries import SparklinesRead, SummariesRead, sparklines, summaries

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
