"""Messages with which widgets open dialogs, copy text and save files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from qtui.errors import UsageError
from qtui.query.ast import Field, FieldKind, OrderBy
from qtui.runs.table_layout import TableLayout
from qtui.tui.app import QtuiApp
from qtui.tui.messages import (
    AskText,
    ChooseOne,
    ChooseOrder,
    ChooseSeveral,
    ChooseView,
    Confirm,
    CopyExport,
    CopyText,
    SaveFile,
)
from qtui.tui.present.choices import Choice
from qtui.tui.state import JsonFile, StoreState
from tests.ui.browsing import wait_until

FRUIT = [Choice("a", "apple"), Choice("b", "blueberry")]
IC = Field(FieldKind.METRIC, "IC")


class WidgetScreen(Screen[None]):
    """A screen with a nested widget that posts messages."""

    def compose(self) -> ComposeResult:
        yield Widget(Widget(id="inner"))


async def post(message: Message, *keys: str, check: Callable[[QtuiApp, Pilot[Any]], Any] | None = None) -> QtuiApp:
    """Post a message from a nested widget, press keys, and return the app."""
    app = QtuiApp(WidgetScreen)
    async with app.run_test() as pilot:
        app.screen.query_one("#inner").post_message(message)
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        if check is not None:
            await check(app, pilot)
    return app


def saved_views() -> StoreState:
    state = StoreState(JsonFile())
    state.save_view("mine", {})
    return state


@pytest.mark.parametrize(
    ("request_for", "keys", "answer"),
    [
        (lambda reply: AskText("Name", value="ol", on_answer=reply), "d⏎", "old"),
        (lambda reply: ChooseOne("Fruit", FRUIT, on_answer=reply), "blu⏎", "b"),
        (lambda reply: ChooseSeveral("Fruit", FRUIT, chosen=("b",), on_answer=reply), "⏎", ("b",)),
        (lambda reply: ChooseOrder([Choice(IC, "IC")], TableLayout(), on_answer=reply), "⏎", (OrderBy(IC, False),)),
        (lambda reply: ChooseView(saved_views(), on_answer=reply), "⏎", "mine"),
        (lambda reply: Confirm("Delete?", "Two runs.", on_answer=reply), "y", True),
    ],
)
async def test_every_dialog_calls_back_with_its_answer(
    request_for: Callable[[Callable[[Any], None]], Message], keys: str, answer: Any
) -> None:
    answers: list[Any] = []
    await post(request_for(answers.append), *(key.replace("⏎", "enter") for key in keys))
    assert answers == [answer]


async def test_a_cancelled_dialog_calls_only_on_cancel() -> None:
    calls: list[str] = []
    request = AskText("Name", on_answer=calls.append, on_cancel=lambda: calls.append("cancelled"))
    await post(request, "escape")
    await post(AskText("Name", on_answer=calls.append), "escape")
    await post(Confirm("Delete?", "", on_answer=lambda _: calls.append("yes")), "n")
    assert calls == ["cancelled"]


async def test_a_widget_copies_text_by_a_message() -> None:
    app = await post(CopyText("abc", "the run id"))
    assert app.clipboard == "abc"


async def test_an_export_is_copied_completely_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    async def copied(app: QtuiApp, pilot: Pilot[Any]) -> None:
        await wait_until(pilot, lambda: app.clipboard == "a,b\n")

    async def refused(app: QtuiApp, pilot: Pilot[Any]) -> None:
        await wait_until(pilot, lambda: any("write a file instead" in note.message for note in app._notifications))
        assert not app.clipboard

    await post(CopyExport(lambda: "a,b\n", "1 line"), check=copied)
    monkeypatch.setattr("qtui.tui.terminal.clipboard.MAX_CLIPBOARD_BYTES", 2)
    await post(CopyExport(lambda: "a,b\n", "1 line"), check=refused)


async def test_a_file_is_saved_and_an_existing_one_only_replaced_after_a_confirmation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "all-runs.csv"

    def is_saved(text: str) -> Callable[[QtuiApp, Pilot[Any]], Any]:
        async def check(app: QtuiApp, pilot: Pilot[Any]) -> None:
            notice = f"Saved 1 line to {path} ({len(text)} B)."
            await wait_until(pilot, lambda: any(note.message == notice for note in app._notifications))
            assert path.read_text() == text

        return check

    await post(SaveFile("Save CSV", "all runs", "csv", lambda: "1,2\n", "1 line"), "enter", check=is_saved("1,2\n"))
    await post(SaveFile("Save CSV", "all runs", "csv", lambda: "3\n", "1 line"), "enter", "n")
    assert path.read_text() == "1,2\n"
    await post(SaveFile("Save CSV", "all runs", "csv", lambda: "3\n", "1 line"), "enter", "y", check=is_saved("3\n"))


async def test_a_failed_export_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def fail() -> str:
        raise UsageError("No points.")

    async def is_reported(app: QtuiApp, pilot: Pilot[Any]) -> None:
        await wait_until(pilot, lambda: any(note.message == "No points." for note in app._notifications))

    await post(SaveFile("Save CSV", "runs", "csv", fail, "1 line"), "enter", check=is_reported)
    assert not list(tmp_path.iterdir())
