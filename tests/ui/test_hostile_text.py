"""Whatever a store holds, no pane draws a character that a terminal could obey."""

from __future__ import annotations

import re

from textual.app import App

from qtui.entities import Experiment, Point, Run, RunInfo
from qtui.store.memory import MemoryStore
from qtui.tui.run_view import TABS
from tests.hostile import ALL
from tests.ui.browsing import browsing, calm
from tests.ui.conftest import Settled
from tests.ui.hosts import text_of

OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202e\u2066\ufeff\U000e0041]")
"""Controls, and what reorders or hides the letters around it; a line's end is put there by the test itself."""

TITLE = "mlflow.note.content"


def hostile_store() -> MemoryStore:
    """An experiment and a run for each text, with that text in all its places."""
    experiments = tuple(Experiment(str(index), text) for index, text in enumerate(ALL))
    runs = tuple(
        Run(
            RunInfo(f"{index:032x}", str(index), text, start_time=index, end_time=index + 1, user=text),
            {text: text, "same": text},
            {text: Point(1, 2, 0.5)},
            {text: text, TITLE: f"# {text}\n\n| {text} |\n|---|\n| {text} |\n\n`{text}` [{text}](http://x)"},
        )
        for index, text in enumerate(ALL)
    )
    return MemoryStore(experiments, runs, artifacts={f"{index:032x}": {text: 1} for index, text in enumerate(ALL)})


def check(app: App[None], where: str) -> None:
    found = OBEYED.search(text_of(app))
    assert found is None, f"{found.group()!r} is drawn: {where}"


async def test_every_run_is_shown_harmless_in_every_tab(settled: Settled) -> None:
    async with browsing(settled, hostile_store(), size=(150, 60)) as (app, screen, pilot):
        for index in range(len(ALL)):
            screen.runs.table.go_to(index)
            await calm(pilot, settled)
            for number, tab in enumerate(TABS):
                screen.details.tab = number
                await calm(pilot, settled)
                check(app, f"{ALL[index]!r} in {tab.name}")
