"""Open charts over a screen."""

from __future__ import annotations

from typing import Any

from textual.app import App

from qtui.recorder import Library
from qtui.recorder.reading.metric_follower import MetricFollower
from qtui.tui.messages import OpenChart, OpenGrid


def open_charts(app: App[Any], library: Library, follower: MetricFollower, message: OpenChart | OpenGrid) -> None:
    """Open a large chart, or a grid of charts."""
    if isinstance(message, OpenChart):
        from qtui.tui.screens.chart import ChartScreen

        app.push_screen(ChartScreen(follower, message.spec, message.options))
    else:
        from qtui.tui.screens.grid import GridScreen

        app.push_screen(GridScreen(library, follower, message.spec))
