"""The first paint imports no module that is slow to import and not needed for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("pandas", "numpy", "mlflow", "plotext", "sqlalchemy", "pyarrow", "typer", "markdown_it", "pygments")

PROGRAM = f"""
import sys
from qtui.tui.launch import run_screen  # the door that the command line goes through

def heavy():
    return sorted(set(sys.modules) & set({HEAVY!r}))

assert "textual" not in sys.modules, "the terminal is asked before Textual is imported"

import asyncio, threading
from qtui.recorder import Library
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.browser import BrowserScreen

slow = threading.Event()

class Slow(Library):
    @property
    def store(self):
        slow.wait()  # a store that answers after the first paint
        return Library(self.uri).store

async def main():
    app = QtuiApp(lambda: BrowserScreen(Slow(sys.argv[1]), Options()))
    async with app.run_test() as pilot:
        await pilot.pause()
        print(*heavy())
        slow.set()

asyncio.run(main())
"""


def test_the_first_paint_imports_no_heavy_module(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("\n", "")
