"""The program of the bench of the runs table: synthetic runs in a RunsTable, and keys that sort and filter.

`python -m tests.bench.runs_table_app RUNS REPORT` writes its peak memory in bytes into the file REPORT.
"""

from __future__ import annotations

import gc
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from textual.binding import Binding

from qtui.entities import Point, Run, RunInfo
from qtui.query import parse_filter, parse_order
from qtui.query.ast import Field, FieldKind
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import RUN_COLUMNS, logged_column
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableView
from qtui.tui.terminal.terminal_app import TerminalApp
from qtui.tui.terminal.terminal_info import TerminalInfo
from tests.bench.memory import peak_memory
from tests.ui.runs_table import TableApp

METRICS, PARAMS = 16, 10
"""30 columns, with name, status, age and duration."""

BATCH = 2_000
NOW = 1_700_000_000_000
SORTS = ("metrics.m1 DESC", "params.p1", "start_time", "metrics.m2")
FILTERS = ("metrics.m1 > 0.5", "params.p1 = '0.1' AND metrics.m2 < 0.3", "run-12", "status = 'FAILED'", "")


def runs(count: int) -> Iterator[Run]:
    """Yield runs as a store reads them."""
    rng = random.Random(1)
    for number in range(count):
        start = NOW - rng.randrange(10**10)
        status = rng.choice(("FINISHED", "FINISHED", "FINISHED", "FAILED"))
        info = RunInfo(
            run_id=f"{rng.getrandbits(128):032x}",
            experiment_id="1",
            name=f"run-{number}",
            status=status,
            start_time=start,
            end_time=start + rng.randrange(10**7),
            artifact_uri=f"file:///mlruns/1/{number:032x}/artifacts",
            user="somebody",
        )
        params = {f"p{index}": str(rng.choice((0.1, 0.01, 3, 5, 8))) for index in range(PARAMS)}
        metrics = {f"m{index}": Point(20, start, rng.random()) for index in range(METRICS)}
        yield Run(info, params, metrics, tags={"mlflow.user": "somebody", "mlflow.runName": info.name})


def frame_of(count: int) -> RunsFrame:
    """Return a frame of runs that was filled in batches."""
    frame, batch = RunsFrame(), []
    for run in runs(count):
        batch.append(run)
        if len(batch) == BATCH or len(frame) + len(batch) == count:
            frame = frame.with_runs(batch)
            batch = []
    return frame


def view_of(frame: RunsFrame) -> TableView:
    """Return a view with all columns."""
    fields = [Field(kind, key) for kind in (FieldKind.METRIC, FieldKind.PARAM) for key in frame.keys(kind)]
    attributes = (RUN_COLUMNS[name] for name in ("name", "status", "age", "duration"))
    return arrange(
        frame, TableLayout(columns=(*attributes, *(logged_column(frame, field) for field in fields))), now=NOW
    )


class BenchApp(TableApp, TerminalApp):
    """The table on a terminal as in qtui; sorts with s, filters with f, ends with q."""

    BINDINGS = (Binding("s", "sort"), Binding("f", "filter"), Binding("q", "quit"))

    def __init__(self, view: TableView) -> None:
        super().__init__(view, terminal=TerminalInfo())
        self._sorted = self._filtered = 0

    def on_ready(self) -> None:
        """Enable garbage collection for new objects, as qtui does when the first runs are loaded."""
        gc.freeze()
        gc.enable()

    def action_sort(self) -> None:
        """Sort by the next column."""
        order = parse_order(SORTS[self._sorted % len(SORTS)])
        self._sorted += 1
        view = self.table.view
        self.table.view = arrange(view.frame, replace(view.layout, order_by=(order,)), now=NOW)

    def action_filter(self) -> None:
        """Filter by the next condition."""
        condition = parse_filter(FILTERS[self._filtered % len(FILTERS)], now=NOW)
        self._filtered += 1
        view = self.table.view
        self.table.view = arrange(view.frame, view.layout, condition, now=NOW)


def main() -> None:
    """Show the runs until q is pressed."""
    gc.disable()
    BenchApp(view_of(frame_of(int(sys.argv[1])))).run()
    Path(sys.argv[2]).write_text(str(peak_memory()))


if __name__ == "__main__":
    main()
