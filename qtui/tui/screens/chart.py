"""The screen of a large chart: metrics of several runs, read curve by curve and drawn as they come."""

from __future__ import annotations

from textual import getters, on
from textual.app import ComposeResult

from qtui.entities import History
from qtui.figures import size
from qtui.plot.glyphs import ASCII, BRAILLE
from qtui.recorder import ExpManager
from qtui.tui.app import QtuiApp
from qtui.tui.charted import Charted, CurveKey
from qtui.tui.commands import Place
from qtui.tui.commands.everywhere import Back, Refresh
from qtui.tui.messages import CopyWanted
from qtui.tui.pump import ReadFailed, Reads
from qtui.tui.reading.charts import HistoryRead, histories
from qtui.tui.saving import FileSaved, saving
from qtui.tui.widgets.chart_pane import ChartPane
from qtui.tui.widgets.footer import Footer

HISTORIES = "histories"


class ChartScreen(Place, Reads):
    """Shows curves of runs; whoever knows of more points gives them with `grow`."""

    PLACE = "Everywhere"
    OFFERS = (Refresh, Back)
    AUTO_FOCUS = "MetricChart"
    app = getters.app(QtuiApp)

    def __init__(self, library: ExpManager, charted: Charted) -> None:
        super().__init__()
        self._library = library
        self._charted = charted
        self._question = 0

    def compose(self) -> ComposeResult:
        """The chart, and the keys below."""
        self.pane = ChartPane(self._charted, ASCII if self.app.ascii_only else BRAILLE)
        yield self.pane
        yield Footer()

    def on_mount(self) -> None:
        """Begin to read."""
        self._read_missing()

    @property
    def charted(self) -> Charted:
        """What is shown now."""
        return self.pane.charted

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked for is not shown yet."""
        return self.pane.is_waiting or any(worker.is_running for worker in self.workers)

    def grow(self, run_id: str, metric: str, more: History) -> None:
        """Show points that were logged since a curve was read; cursor and view stay."""
        self.pane.grow(CurveKey(run_id, metric), more)

    @on(ChartPane.CurvesWanted)
    def _read_missing(self) -> None:
        """Read what is to be drawn and is not there; what was being read is asked for anew."""
        missing = self.pane.missing
        infos = {info.run_id: info for info in self.charted.infos}
        self._question += 1
        self.pane.await_curves(frozenset(missing))
        if missing:
            wanted = [(infos[key.run_id], key.metric) for key in missing]
            self.read(HISTORIES, histories(self._library, self._question, wanted))

    @on(HistoryRead)
    def _show_history(self, message: HistoryRead) -> None:
        if message.question != self._question:
            return
        key = CurveKey(message.run_id, message.metric)
        if message.history is None:
            self.pane.miss(key, message.failure)
        else:
            began = next(info.start_time for info in self.charted.infos if info.run_id == message.run_id)
            self.pane.take(key, message.history, began)

    @on(ReadFailed)
    def _say_failure(self, message: ReadFailed) -> None:
        if message.group == HISTORIES:
            self.pane.await_curves(frozenset())
        self.app.say(message.sentence, severity="error")

    def action_refresh(self) -> None:
        """Read every curve again."""
        self.pane.forget()
        self._read_missing()

    def action_back(self) -> None:
        """Stop reading; else go back to where the chart was opened."""
        if self.pane.is_reading:
            self.workers.cancel_group(self, HISTORIES)
            self._question += 1
            self.pane.await_curves(frozenset())
        else:
            self.dismiss()

    @on(ChartPane.ExportWanted)
    def _save(self, message: ChartPane.ExportWanted) -> None:
        self.read("saving", saving(message.target, message.make))

    @on(FileSaved)
    def _say_saved(self, message: FileSaved) -> None:
        self.app.say(f"Saved {message.path} ({size(message.size)}).")

    @on(CopyWanted)
    def _copy(self, message: CopyWanted) -> None:
        self.app.copy(message.text, message.what)
