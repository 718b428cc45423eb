"""The first paint imports no module that is slow to import or not needed for it."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("pandas", "numpy", "mlflow", "plotext", "sqlalchemy", "pyarrow", "typer", "markdown_it", "pygments")
LATER = (
    *("qtui.artifacts", "qtui.compare", "qtui.plot.canvas", "qtui.quant", "qtui.pickles"),
    *("qtui.store.files", "qtui.store.sql", "qtui.store.remote", "qtui.store.edits", "qtui.recorder.editing.editor"),
    *(f"qtui.tui.commands.{name}" for name in ("artifacts", "charts", "compare", "dialogs", "grid")),
    *(f"qtui.tui.screens.{name}" for name in ("artifact_loader", "compare", "dialogs")),
    *("qtui.tui.load.edits", "qtui.tui.screens.task_runner", "qtui.tui.present.runs.layout_actions"),
    *("qtui.tui.widgets.runs_pane.layout_editor", "qtui.tui.widgets.runs_pane.run_actions"),
    *("qtui.tui.widgets.runs_pane.saved_views", "qtui.tui.widgets.details.row_opener"),
    *(f"qtui.tui.widgets.{name}" for name in ("artifact", "chart_grid", "compare", "text_field")),
)
"""Modules of qtui that are imported after the first paint: the store, and screens and viewers when they are opened."""

PROGRAM = f"""
import sys
from qtui.tui.launch import run_screen  # the entry point of the command line

assert "textual" not in sys.modules, "the terminal is asked before Textual is imported"

import asyncio, threading
from qtui.entities import ExperimentInfo, Listing, RunInfo
from qtui.recorder import Library
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.browser import BrowserScreen

class Prefetched(Library):
    painted = threading.Event()

    def experiments(self, view=None):
        return Listing((ExperimentInfo("1", "one"),))

    def infos(self, experiment_ids=None, view=None):
        yield Listing((RunInfo("1" * 32, "1", "first-run"),))
        print(*sorted(set(sys.modules) & set({HEAVY + LATER!r})))  # continues after the first paint
        self.painted.set()

    def counts(self, view=None):
        self.painted.wait()
        return {{}}

async def main():
    app = QtuiApp(lambda: BrowserScreen(Prefetched("memory:"), Options()))
    async with app.run_test():
        while not Prefetched.painted.is_set():
            await asyncio.sleep(0.001)
        print("first-run" in app.export_screenshot())

asyncio.run(main())
"""


def test_the_first_rows_are_painted_before_the_store_and_heavy_modules_are_imported() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("\nTrue\n", "")
