"""No pane draws a character of a store that a terminal could execute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from textual.app import App

from qtui.entities import ExperimentInfo, History, Listing, Point, Problem, Run, RunInfo
from qtui.store.memory import MemoryStore
from qtui.tui.present.details.details_tabs import DETAILS_TABS
from tests.hostile import ALL
from tests.ui.browsing import open_browser, wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import text_of

RAW_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202e\u2066\ufeff\U000e0041]")
"""Control characters, and those that reorder or hide text; line ends come from the test itself."""

TITLE = "mlflow.note.content"


def hostile_store() -> MemoryStore:
    """Return a store with a run of all texts, and an experiment and a run for each text in their names and values."""
    experiments = tuple(ExperimentInfo(str(index), text) for index, text in enumerate(ALL))
    runs = tuple(
        Run(
            RunInfo(f"{index:032x}", str(index), text, start_time=index, end_time=index + 1, user=text),
            {text: text, "same": text},
            {text: Point(1, 2, 0.5)},
            {text: text, TITLE: f"# {text}\n\n| {text} |\n|---|\n| {text} |\n\n`{text}` [{text}](http://x)"},
        )
        for index, text in enumerate(ALL)
    )
    everything = {text: text for text in ALL}
    run = Run(
        RunInfo("f" * 32, "0", "all", start_time=99), everything, dict.fromkeys(ALL, Point(1, 2, 0.5)), everything
    )
    return MemoryStore(experiments, (run, *runs), artifacts={"f" * 32: dict.fromkeys(ALL, 1)})


def check(app: App[None], where: str) -> None:
    match = RAW_CONTROL.search(text_of(app))
    assert match is None, f"{match.group()!r} is drawn: {where}"


async def test_every_tab_escapes_hostile_text(settled: Settled) -> None:
    async with open_browser(settled, hostile_store(), size=(150, 60)) as (app, screen, pilot):
        for number, tab in enumerate(DETAILS_TABS):
            screen.details.tab = number
            await wait_until_idle(pilot, settled)
            check(app, tab.name)
        screen.details.tab = 0
        for index in range(1, len(ALL) + 1):
            screen.runs.table.go_to(index)
            await wait_until_idle(pilot, settled)
            check(app, f"run {index} from the top")


class DamagedStore(MemoryStore):
    """A store of one experiment and one run, whose names, values and problems are hostile."""

    def infos(self, *args: Any) -> Iterator[Listing[RunInfo]]:
        problems = tuple(Problem(text, text, text, text) for text in ALL)
        for batch in super().infos(*args):
            yield replace(batch, problems=problems)


def damaged_store() -> DamagedStore:
    everything = {text: text for text in ALL}
    metrics = {text: Point(1, 2, 0.5) for text in ALL}
    histories = [
        History.of(f"{number:032x}", text, [Point(0, 1, 0.25), Point(1, 2, 0.5)]) for text in ALL for number in (1, 2)
    ]
    runs = [
        Run(RunInfo(f"{number:032x}", "1", text, start_time=number, user=text), everything, metrics, everything)
        for number, text in enumerate(ALL[:2], 1)
    ]
    return DamagedStore([ExperimentInfo("1", ALL[0])], runs, histories)


SCREENS = {
    "columns": ("v",),
    "an order": ("s",),
    "groups to choose": ("b",),
    "groups": ("b", "tab", "enter"),
    "commands": ("colon",),
    "keys": ("question_mark",),
    "problems": ("exclamation_mark",),
    "ways to export": ("x",),
    "names of params": ("slash", *"params."),
    "values of params": ("slash", *"params.`a` = "),
    "a large chart": ("m",),
    "metrics of a chart": ("m", "m"),
    "every chart": ("C",),
    "a value in full": ("3", "right_square_bracket", "end", "enter"),
    "a chart from the details": ("3", "right_square_bracket", "right_square_bracket", "end", "enter"),
}


@pytest.mark.parametrize("screen_name", SCREENS)
async def test_every_dialog_and_screen_escapes_hostile_text(screen_name: str, settled: Settled) -> None:
    texts: list[str] = []
    async with open_browser(settled, damaged_store(), size=(180, 60)) as (app, _, pilot):
        for key in (*SCREENS[screen_name], "pagedown", "pagedown"):
            await pilot.press(key)
            await settled(pilot)
            while getattr(app.screen, "is_busy", False):
                await settled(pilot)
            texts.append(text_of(app))
        # A dialog that is still open would keep the app waiting for its answer.
        while len(app.screen_stack) > 1:
            await pilot.press("escape")
            await pilot.pause()
    assert RAW_CONTROL.findall("".join(texts)) == []


async def test_notices_escape_hostile_text(settled: Settled) -> None:
    async with open_browser(settled, damaged_store(), size=(180, 30)) as (app, screen, pilot):
        for text in ALL:
            screen.runs.bar.show(f"metrics.`{text}` > 1 and {text}")
            screen.status = replace(screen.status, notice=text, uri=text)
            screen.runs.show_notice(text, text)
            app.show_notice(text)
            await wait_until_idle(pilot, settled)
            check(app, f"{text!r} in a sentence")
