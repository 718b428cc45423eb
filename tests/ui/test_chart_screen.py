"""The large chart: what it reads and shows, and what its keys and the mouse do."""

from __future__ import annotations

from tests.ui.charting import charting, press, readings
from tests.ui.conftest import Settled
from tests.ui.hosts import text_of


async def test_it_opens_with_every_run_drawn_and_its_last_value_beside_its_name(settled: Settled) -> None:
    async with charting(settled) as (screen, pilot):
        text = text_of(pilot.app)
        assert "loss of 3 runs" in text and "by step" in text
        assert len(screen.pane.chart_widget.chart.curves) == 3
        line = next(line for line in text.splitlines() if "run-3" in line)
        assert "0.27523" in line and "99" in line


async def test_the_cursor_reads_every_curve_at_its_place(settled: Settled) -> None:
    async with charting(settled) as (screen, pilot):
        await press(pilot, settled, "home")
        assert screen.pane.cursor == 0
        assert readings(screen) == {"run-1": 1.0, "run-2": 2.0, "run-3": 3.0}
        await press(pilot, settled, "full_stop", "full_stop", "comma")
        assert screen.pane.cursor == 1
        await press(pilot, settled, "end")
        assert screen.pane.cursor == 99


async def test_a_zoom_keeps_the_cursor_in_sight_and_zero_shows_all_again(settled: Settled) -> None:
    async with charting(settled) as (screen, pilot):
        await press(pilot, settled, "end", "plus", "plus")
        low, high = screen.pane.look.x
        assert low is not None and low > 0 and high == 99
        await press(pilot, settled, "0")
        assert screen.pane.is_whole
