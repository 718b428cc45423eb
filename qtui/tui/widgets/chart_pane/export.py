"""What a large chart gives out: text and values into the clipboard, drawings and data into files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from textual import work
from textual.message import Message

from qtui.plot.bar_export import bars_csv, bars_svg
from qtui.plot.chart import Chart
from qtui.plot.csv_export import chart_csv
from qtui.plot.drawing import draw_chart
from qtui.plot.figures import BarChart, draw_bars
from qtui.plot.svg_export import chart_svg
from qtui.text import display, truncate
from qtui.tui.messages import CopyText
from qtui.tui.present.choices import Choice
from qtui.tui.screens.choice_dialog import ChoiceDialog
from qtui.tui.screens.save_dialog import ask_where
from qtui.tui.screens.saving import SaveTarget, suggest_file_name
from qtui.tui.widgets.chart_pane.y_navigation import Upright

TEXT = "text"
WAYS = (
    Choice(TEXT, "Copy as text", note="into the clipboard of the terminal"),
    Choice("svg", "Save as SVG", note="a drawing for documents and the web"),
    Choice("csv", "Save as CSV", note="the points that are seen"),
)
MAKERS: Mapping[str, Callable[[Chart], str]] = {"svg": chart_svg, "csv": chart_csv}
BAR_MAKERS: Mapping[str, Callable[[BarChart], str]] = {"svg": bars_svg, "csv": bars_csv}
"""What makes a file of a chart or of bars, by its ending."""


class GivingOut(Upright):
    """Copies, and says what is to be saved."""

    @dataclass
    class ExportWanted(Message):
        """The chart is to be saved."""

        target: SaveTarget
        make: Callable[[], str]

    @work
    async def action_export_chart(self) -> None:
        """Let the user choose how to give the chart out."""
        way = await self.app.push_screen_wait(ChoiceDialog("Export", WAYS, chosen=TEXT))
        if way == TEXT:
            self.post_message(CopyText(self.as_text(), "the chart"))
        elif way is not None:
            target = await ask_where(self.app, f"Save as {way.upper()}", suggest_file_name(self.spec.title(), way))
            if target is not None:
                self.post_message(self.ExportWanted(target, self._maker(way)))

    def _maker(self, ending: str) -> Callable[[], str]:
        """Return what makes the text of a file of what is shown now."""
        bars = self.bars_document
        return partial(BAR_MAKERS[ending], bars) if bars else partial(MAKERS[ending], self.document)

    def as_text(self) -> str:
        """The chart as it is on the screen, its curves told apart by marks."""
        room, bars = self.chart_widget.room, self.bars_document
        if bars:
            picture = draw_bars(bars, room.width, len(bars.bars) + 2)
        else:
            picture = draw_chart(replace(self.document, use_marks=len(self.curves) > 1), room.width, room.height)
        return "\n".join(line.rstrip() for line in picture.lines()).rstrip()

    def action_copy_curve_run(self) -> None:
        """Copy the id of the curve's run."""
        if self.legend.current is not None:
            self.post_message(CopyText(self.legend.current.owner_id, "the run id"))

    def action_copy_reading(self) -> None:
        """Copy the value of the curve."""
        reading = self.reading_of(self.legend.current) if self.legend.current else None
        if reading is not None:
            self.post_message(CopyText(repr(reading.value), truncate(display(reading.name), 30)))
