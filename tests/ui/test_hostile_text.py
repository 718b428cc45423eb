"""Whatever a store holds, no pane draws a character that a terminal could obey."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from textual.app import App

from qtui.entities import Experiment, Listing, Point, Problem, Run, RunInfo
from qtui.store.memory import MemoryStore
from qtui.store.points import history_of
from qtui.tui.present.details_tabs import DETAILS_TABS
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
            for number, tab in enumerate(DETAILS_TABS):
                screen.details.tab = number
                await calm(pilot, settled)
                check(app, f"{ALL[index]!r} in {tab.name}")


class Damaged(MemoryStore):
    """A store of one experiment and one run, whose every name and value is hostile, and so is what is wrong with it."""

    def infos(self, *question: Any) -> Iterator[Listing[RunInfo]]:
        problems = tuple(Problem(text, text, text, text) for text in ALL)
        for batch in super().infos(*question):
            yield replace(batch, problems=problems)


def damaged_store() -> Damaged:
    everything = {text: text for text in ALL}
    metrics = {text: Point(1, 2, 0.5) for text in ALL}
    histories = [
        history_of(f"{number:032x}", text, [Point(0, 1, 0.25), Point(1, 2, 0.5)]) for text in ALL for number in (1, 2)
    ]
    runs = [
        Run(RunInfo(f"{number:032x}", "1", text, start_time=number, user=text), everything, metrics, everything)
        for number, text in enumerate(ALL[:2], 1)
    ]
    return Damaged([Experiment("1", ALL[0])], runs, histories)


PLACES = {
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


@pytest.mark.parametrize("place", PLACES)
async def test_every_dialog_and_screen_shows_it_harmless(place: str, settled: Settled) -> None:
    drawn: list[str] = []
    async with browsing(settled, damaged_store(), size=(180, 60)) as (app, _, pilot):
        for key in (*PLACES[place], "pagedown", "pagedown"):
            await pilot.press(key)
            await settled(pilot)
            while getattr(app.screen, "is_busy", False):
                await settled(pilot)
            drawn.append(text_of(app))
        # A dialog that is still open would keep the app waiting for its answer.
        while len(app.screen_stack) > 1:
            await pilot.press("escape")
            await pilot.pause()
    assert OBEYED.findall("".join(drawn)) == []


async def test_what_is_said_of_it_is_harmless_too(settled: Settled) -> None:
    async with browsing(settled, damaged_store(), size=(180, 30)) as (app, screen, pilot):
        for text in ALL:
            screen.runs.bar.show(f"metrics.`{text}` > 1 and {text}")
            screen.status = replace(screen.status, failure=text, uri=text)
            screen.runs.say(text, text)
            app.say(text)
            await calm(pilot, settled)
            check(app, f"{text!r} in a sentence")
