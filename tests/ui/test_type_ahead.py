"""Keys that arrive at once have the same effect as keys one by one."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from qtui.store.memory_writer import MemoryWriter
from qtui.tui.messages import AskText, TagsRequested
from qtui.tui.screens.dialogs.palette import PaletteScreen
from qtui.tui.terminal.type_ahead import MAX_SCREEN_WAIT_S
from tests.ui.browsing import wait_until
from tests.ui.conftest import Settled
from tests.ui.frame import FormPane, FrameScreen, frame_app
from tests.ui.test_browser import EXPERIMENTS, RUNS, open_browser, wait_until_idle


def type_at_once(pilot: Pilot[Any], *keys: str) -> None:
    """Send keys in one packet, as a terminal does."""
    for key in keys:
        letter = key if len(key) == 1 else None
        pilot.app.post_message(events.Key(_character_to_key(key) if letter else key, letter))


async def settle_all(pilot: Pilot[Any]) -> None:
    for _ in range(10):
        await pilot.pause()


async def test_a_command_from_the_palette_runs_before_the_next_key() -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        await pilot.pause()
        type_at_once(pilot, ":", *"hide", "enter", "s")
        await settle_all(pilot)
        assert isinstance(app.screen, FrameScreen)
        assert app.screen.query_one(FormPane).calls == ["hide", "submit"]


async def test_letters_for_a_dialog_run_no_commands() -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        await pilot.pause()
        type_at_once(pilot, ":", *"shq")
        await settle_all(pilot)
        assert isinstance(app.screen, PaletteScreen) and app.screen.query_text == "shq"
        type_at_once(pilot, "escape", "h")
        await settle_all(pilot)
        assert app.screen.query_one(FormPane).calls == ["hide"]


@pytest.mark.parametrize("times", range(3))
async def test_a_key_after_a_typed_filter_runs_a_command(settled: Settled, times: int) -> None:
    async with open_browser(settled) as (_, screen, pilot):
        type_at_once(pilot, "/", *"gru", "enter", "space")
        await settle_all(pilot)
        await wait_until_idle(pilot, settled)
        assert screen.runs.bar.text == "gru"
        assert screen.runs.table.has_focus and len(screen.runs.table.marks) == 1


async def test_the_time_limit_of_a_screen_ends_when_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    app = frame_app()
    stopped: list[bool] = []

    class Limit:
        def stop(self) -> None:
            stopped.append(True)

    set_timer = app.set_timer
    async with app.run_test() as pilot:
        monkeypatch.setattr(
            app,
            "set_timer",
            lambda delay, *rest, **options: (
                Limit() if delay == MAX_SCREEN_WAIT_S else set_timer(delay, *rest, **options)
            ),
        )
        await pilot.press(":")
        await settle_all(pilot)
        assert isinstance(app.screen, PaletteScreen) and stopped == [True]


async def test_keys_that_are_typed_while_tags_are_read_are_for_the_dialog(
    settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MemoryWriter(EXPERIMENTS, RUNS)
    is_read, answers = Event(), list[str]()

    def read_slowly(*arguments: Any) -> Any:
        is_read.wait()
        return read(*arguments)

    async with open_browser(settled, store) as (app, screen, pilot):
        read = store.runs
        monkeypatch.setattr(store, "runs", read_slowly)
        ask = AskText("Name", on_answer=answers.append)
        screen.post_message(TagsRequested((RUNS[0].info,), lambda tags: screen.runs.post_message(ask)))
        await pilot.pause()
        type_at_once(pilot, *"squash", "enter")
        await settle_all(pilot)
        is_read.set()
        await wait_until(pilot, lambda: bool(answers))
        assert answers == ["squash"]
        assert not screen.runs.model.layout.order_by and app.screen is screen
