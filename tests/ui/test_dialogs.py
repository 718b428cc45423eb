"""Dialogs: confirmation, text, one choice, several choices."""

from __future__ import annotations

from typing import Any

import pytest
from textual.screen import Screen
from textual.widgets import Static

from qtui.query.ast import Field, FieldKind
from qtui.runs.table_layout import TableLayout
from qtui.tui.app import QtuiApp
from qtui.tui.present.choices import Choice, ChoiceModel
from qtui.tui.screens.dialogs.choice_dialog import ChoiceDialog
from qtui.tui.screens.dialogs.confirm_dialog import ConfirmDialog
from qtui.tui.screens.dialogs.dialog import Dialog
from qtui.tui.screens.dialogs.multi_choice_dialog import MultiChoiceDialog
from qtui.tui.screens.dialogs.order_dialog import OrderDialog
from qtui.tui.screens.dialogs.text_dialog import TextDialog
from qtui.tui.widgets.hint import Hint, wrap_keys
from qtui.tui.widgets.row_list import RowList
from qtui.tui.widgets.text_field import TextField

FRUIT = [Choice("a", "apple"), Choice("b", "blueberry"), Choice("c", "cherry", why_not="It is not ripe.")]
NOTHING = object()


async def answer(dialog: Dialog[Any], *keys: str, size: tuple[int, int] = (80, 24)) -> Any:
    """Return the answer of a dialog to these keys."""
    app = QtuiApp(Screen)
    answers: list[Any] = []
    async with app.run_test(size=size) as pilot:
        app.push_screen(dialog, answers.append)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
    return answers[0] if answers else NOTHING


@pytest.mark.parametrize(
    ("key", "expected"), [("y", True), ("enter", True), ("n", None), ("escape", None), ("q", None)]
)
async def test_confirm_dialog_answers_yes_or_nothing(key: str, expected: bool | None) -> None:
    assert await answer(ConfirmDialog("Delete?", "Two runs."), key) is expected


async def test_text_dialog_returns_the_edited_text() -> None:
    assert await answer(TextDialog("Name", value="old"), "backspace", "x", "enter") == "olx"
    assert await answer(TextDialog("Name", value="old"), "escape") is None
    assert await answer(TextDialog("Name", value="old"), "q", "enter") == "oldq"


async def test_a_text_with_a_problem_is_not_accepted() -> None:
    def problem(text: str) -> str | None:
        return None if text else "A name is needed."

    assert await answer(TextDialog("Name", value="x", problem=problem), "backspace", "enter") is NOTHING


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("enter",), "a"),
        (("down", "enter"), "b"),
        (("b", "r", "y", "enter"), "b"),
        (("down", "down", "enter"), NOTHING),
        (("x", "enter"), NOTHING),
        (("escape",), None),
    ],
)
async def test_one_is_chosen_by_search_or_cursor(keys: tuple[str, ...], expected: object) -> None:
    assert await answer(ChoiceDialog("Fruit", FRUIT), *keys) == expected


async def test_the_cursor_starts_at_the_chosen_value() -> None:
    assert await answer(ChoiceDialog("Fruit", FRUIT, chosen="b"), "enter") == "b"


async def test_a_disabled_choice_shows_its_reason() -> None:
    app = QtuiApp(Screen)
    async with app.run_test() as pilot:
        app.push_screen(ChoiceDialog("Fruit", FRUIT))
        await pilot.press("end", *"cherry")
        await pilot.pause()
        assert str(app.screen.query_one("#hint", Static).content) == "It is not ripe."


@pytest.mark.parametrize("size", [(20, 5), (38, 12), (38, 24), (80, 15), (80, 24), (120, 36)])
async def test_a_long_list_leaves_room_for_the_keys_below_it(size: tuple[int, int]) -> None:
    app = QtuiApp(Screen)
    async with app.run_test(size=size) as pilot:
        app.push_screen(ChoiceDialog("Numbers", [Choice(number, str(number)) for number in range(100)]))
        await pilot.pause()
        region = app.screen.query_one(Hint).region
        assert region.height and region.bottom <= size[1]


def test_a_hint_that_is_too_wide_is_broken_between_its_keys() -> None:
    text = "type key=value   tab edit   ctrl+d remove   esc cancel"
    assert wrap_keys(text, 46) == ["type key=value   tab edit   ctrl+d remove", "esc cancel"]
    assert wrap_keys(text, 200) == [text]
    assert wrap_keys(text, 5) == text.split("   ")
    assert wrap_keys("", 5) == [""]


async def test_enter_on_a_text_that_is_not_accepted_shows_why_also_when_nothing_was_typed() -> None:
    app = QtuiApp(Screen)
    async with app.run_test() as pilot:
        app.push_screen(TextDialog("Purge?", problem=lambda text: "Type purge."))
        await pilot.press("enter")
        await pilot.pause()
        assert str(app.screen.query_one(Hint).content) == "Type purge."


async def test_the_reason_of_a_disabled_first_choice_is_shown_at_once() -> None:
    app = QtuiApp(Screen)
    async with app.run_test() as pilot:
        app.push_screen(ChoiceDialog("Fruit", FRUIT[::-1]))
        await pilot.pause()
        assert str(app.screen.query_one(Hint).content) == "It is not ripe."


async def test_a_dialog_closes_on_a_click_outside_or_on_its_key() -> None:
    for offset in ((1, 1), None):
        app = QtuiApp(Screen)
        answers: list[Any] = []
        async with app.run_test() as pilot:
            app.push_screen(ChoiceDialog("Fruit", FRUIT), answers.append)
            await pilot.pause()
            if offset:
                await pilot.click(offset=offset)
            else:
                await pilot.click(Hint, offset=(str(app.screen.query_one(Hint).content).index("esc"), 0))
            await pilot.pause()
        assert answers == [None]


async def test_a_click_on_a_problem_types_nothing() -> None:
    app = QtuiApp(Screen)
    async with app.run_test() as pilot:
        app.push_screen(TextDialog("Limit", problem=lambda text: f"A limit is a number, not {text!r}."))
        await pilot.press("x")
        await pilot.pause()
        await pilot.click(Hint, offset=(0, 0))
        await pilot.pause()
        assert app.screen.query_one(TextField).value == "x"


def test_notes_are_aligned_in_one_column() -> None:
    model = ChoiceModel((Choice(1, "Half page down", "note", "ctrl+d"), Choice(2, "Open", "note", "q")))
    lines = ["".join(piece.text for piece in model.render(match, 32)) for match in model.matches]
    assert lines[0].index("no") == lines[1].index("no")


async def test_a_click_chooses() -> None:
    app = QtuiApp(Screen)
    answers: list[Any] = []
    async with app.run_test() as pilot:
        app.push_screen(ChoiceDialog("Fruit", FRUIT), answers.append)
        await pilot.pause()
        await pilot.click(RowList, offset=(4, 1))
        await pilot.pause()
    assert answers == ["b"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("enter",), ("b",)),
        (("down", "tab", "enter"), ("b", "a")),
        (("tab", "enter"), ()),
        (("down", "enter"), ("b", "a")),
        (("a", "p", "enter"), ("b", "a")),
        (("x", "enter"), NOTHING),
        (("down", "tab", "up", "shift+up", "enter"), ("a", "b")),
        (("down", "tab", "up", "up", "shift+down", "enter"), ("a", "b")),
        (("ctrl+a", "enter"), ("b", "a")),
        (("ctrl+a", "ctrl+a", "enter"), ()),
        (("a", "p", "ctrl+a", "enter"), ("b", "a")),
        (("escape",), None),
    ],
)
async def test_several_are_marked_and_moved(keys: tuple[str, ...], expected: object) -> None:
    assert await answer(MultiChoiceDialog("Fruit", FRUIT, chosen=["b"]), *keys) == expected


QLIB = [Choice("ic", "Rank IC"), Choice("icir", "Rank ICIR"), Choice("rank", "Rank")]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ((*"Rank", "space", *"ICIR", "enter"), ("icir",)),
        (("enter",), ("ic",)),
        (("tab", "tab", "enter"), ("ic", "icir")),
    ],
)
async def test_space_is_typed_and_enter_accepts_the_marked_or_else_the_highlighted(
    keys: tuple[str, ...], expected: object
) -> None:
    assert await answer(MultiChoiceDialog("Group by", QLIB), *keys) == expected


async def test_typing_rank_icir_sorts_by_rank_icir() -> None:
    fields = {name: Field(FieldKind.METRIC, name) for name in ("Rank IC", "Rank ICIR", "Rank")}
    dialog = OrderDialog([Choice(field, name) for name, field in fields.items()], TableLayout())
    (order,) = await answer(dialog, *"Rank", "space", *"ICIR", "enter")
    assert order.field == fields["Rank ICIR"]


@pytest.mark.parametrize("size", [(20, 5), (38, 12), (200, 55)])
async def test_dialogs_work_at_any_size(size: tuple[int, int]) -> None:
    assert await answer(ChoiceDialog("Fruit", FRUIT), "down", "enter", size=size) == "b"


async def test_hostile_text_does_not_act() -> None:
    hostile = "[@click=app.quit]x[/] [/] \x1b]52;c;eA==\x07"
    choices = [Choice(1, hostile, note=hostile, detail=hostile), Choice(2, "plain", why_not=hostile)]
    assert await answer(ChoiceDialog(hostile, choices, hint=hostile), "down", "up", "enter") == 1
    assert await answer(ConfirmDialog(hostile, hostile), "y") is True
    assert (
        await answer(TextDialog(hostile, value=hostile, placeholder=hostile), "enter")
        == "[@click=app.quit]x[/] [/] ]52;c;eA=="
    )
