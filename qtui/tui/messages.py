"""What any widget may ask of the screen that it is on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from qtui.entities import RunInfo
    from qtui.plot.look import Look
    from qtui.tui.present.chart_spec import Charted
    from qtui.tui.present.grid_spec import Gridded


@dataclass
class CopyWanted(Message):
    """A text is to be put into the user's clipboard; `what` it is, is said to the user."""

    text: str
    what: str


@dataclass
class ChartWanted(Message):
    """Metrics of runs are to be drawn large, as they looked where that was asked for."""

    charted: Charted
    look: Look | None = None


@dataclass
class GridWanted(Message):
    """All metrics of runs are to be drawn, a small chart each."""

    gridded: Gridded


@dataclass
class SightChanged(Message):
    """Metrics of runs are in sight as small charts: these have to be read, or read on."""

    runs: tuple[RunInfo, ...]
    metrics: tuple[str, ...]


@dataclass
class PinsChanged(Message):
    """Other small charts are pinned."""

    pins: tuple[str, ...]
