"""Problems are counted in the status line and listed on a screen."""

from __future__ import annotations

from qtui.entities import Problem
from qtui.store.memory import MemoryStore
from tests.ui.browsing import open_browser
from tests.ui.conftest import Settled
from tests.ui.hosts import text_of
from tests.ui.test_browser import EXPERIMENTS, RUNS

PROBLEMS = (
    Problem("1/aa/meta.yaml", "is not valid YAML: line 2, column 1", "1", "aa"),
    Problem("1/bb/metrics/l\x1b[31moss", "line 3 has no value; it is left out", "1", "bb"),
)


def damaged() -> MemoryStore:
    return MemoryStore(EXPERIMENTS, RUNS, problems=PROBLEMS)


async def test_the_count_of_problems_opens_a_list_of_paths_and_reasons(settled: Settled) -> None:
    async with open_browser(settled, damaged(), size=(160, 30)) as (app, _, pilot):
        assert "2 problems: ! lists them   " in text_of(app)
        await pilot.press("!")
        await pilot.pause()
        text = text_of(app)
        assert "is not valid YAML: line 2, column 1" in text and "1/aa/meta.yaml" in text
        assert "1/bb/metrics/l␛[31moss" in text
        assert "qtui doctor" in text


async def test_notices_name_the_keys_of_the_settings(settled: Settled) -> None:
    keys = {"show-problems": "f5", "back": "f6"}
    async with open_browser(settled, damaged(), size=(160, 30), keys=keys) as (app, screen, pilot):
        assert "2 problems: f5 lists them" in text_of(app)
        screen.runs.bar.show("name = 'none'")
        await settled(pilot)
        assert "Press f6 to clear the filter." in text_of(app)


async def test_the_list_is_searched_by_typing_and_copied_by_a_key(settled: Settled) -> None:
    async with open_browser(settled, damaged()) as (app, _, pilot):
        await pilot.press("!", *"meta", "ctrl+y")
        await pilot.pause()
        assert app.clipboard == "1/aa/meta.yaml is not valid YAML: line 2, column 1"
        await pilot.press(*["backspace"] * 4, "ctrl+a")
        await pilot.pause()
        assert app.clipboard.count("\n") == 1
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_a_problem_opens_in_full(settled: Settled) -> None:
    async with open_browser(settled, damaged()) as (app, _, pilot):
        await pilot.press("!", "enter")
        await pilot.pause()
        assert "1/aa/meta.yaml is not valid YAML" in text_of(app)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_a_problem_in_full_is_copied_by_a_key(settled: Settled) -> None:
    async with open_browser(settled, damaged()) as (app, _, pilot):
        await pilot.press("!", "enter")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert app.clipboard == "1/aa/meta.yaml is not valid YAML: line 2, column 1"


async def test_a_click_on_the_status_line_opens_the_list(settled: Settled) -> None:
    async with open_browser(settled, damaged()) as (app, _, pilot):
        await pilot.click("StatusLine")
        await pilot.pause()
        assert "is not valid YAML" in text_of(app)


async def test_without_problems_the_key_says_that_there_are_none(settled: Settled) -> None:
    async with open_browser(settled, MemoryStore(EXPERIMENTS, RUNS)) as (app, _, pilot):
        await pilot.press("!")
        await pilot.pause()
        assert any("No problems so far" in notice.message for notice in app._notifications)
