"""The arrangement of the panes, and the focus between them."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Input

from qtui.tui.app import QtuiApp
from qtui.tui.widgets.notice import Notice
from qtui.tui.widgets.pane import Pane
from qtui.tui.widgets.panes import DETAILS, FIRST, MAIN, Panes, visible_panes


@pytest.mark.parametrize(
    ("columns", "lines", "front", "expected"),
    [
        (200, 55, MAIN, {FIRST, MAIN, DETAILS}),
        (144, 10, MAIN, {FIRST, MAIN, DETAILS}),
        (100, 30, FIRST, {FIRST, MAIN, DETAILS}),
        (100, 10, FIRST, {FIRST, MAIN}),
        (100, 10, DETAILS, {FIRST, DETAILS}),
        (79, 30, MAIN, {MAIN}),
        (38, 12, DETAILS, {DETAILS}),
        (1, 1, FIRST, {FIRST}),
    ],
)
def test_the_size_of_the_terminal_decides_which_panes_are_visible(
    columns: int, lines: int, front: int, expected: set[int]
) -> None:
    assert visible_panes(Size(columns, lines), front) == expected


class NamedPane(Pane):
    def compose(self) -> ComposeResult:
        yield Notice(self.HEADING)


class Left(NamedPane):
    HEADING = "Left"


class Middle(NamedPane):
    HEADING = "Middle"


class Right(NamedPane):
    HEADING = "Right"


class ThreeScreen(Screen[None]):
    AUTO_FOCUS = "#main Notice"

    def compose(self) -> ComposeResult:
        yield Panes(Left(), Middle(), Right())


def visible(app: QtuiApp) -> list[str]:
    return [pane.HEADING for pane in app.screen.query(Pane) if pane.size.width and pane.display]


def focused(app: QtuiApp) -> str:
    assert app.focused is not None
    return next(node.HEADING for node in app.focused.ancestors_with_self if isinstance(node, Pane))


async def test_numbers_and_tab_move_the_focus() -> None:
    app = QtuiApp(ThreeScreen)
    async with app.run_test(size=(130, 30)) as pilot:
        visited = [focused(app)]
        for key in ("1", "3", "tab", "tab", "shift+tab", "2"):
            await pilot.press(key)
            await pilot.pause()
            visited.append(focused(app))
        assert visited == ["Middle", "Left", "Right", "Left", "Middle", "Left", "Middle"]


@pytest.mark.parametrize(("columns", "most"), [(80, 20), (99, 20), (120, 28)])
async def test_below_100_columns_the_first_pane_takes_at_most_20(columns: int, most: int) -> None:
    app = QtuiApp(ThreeScreen)
    async with app.run_test(size=(columns, 24)) as pilot:
        await pilot.pause()
        assert app.screen.query_one("#first").size.width <= most


async def test_backslash_hides_the_experiments_and_shows_them_again() -> None:
    app = QtuiApp(ThreeScreen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "backslash")
        await pilot.pause()
        assert (visible(app), focused(app)) == (["Middle", "Right"], "Middle")
        assert app.screen.query_one(Middle).size.width == 80
        await pilot.press("tab", "tab")
        await pilot.pause()
        assert (visible(app), focused(app)) == (["Middle", "Right"], "Middle")
        await pilot.press("backslash")
        await pilot.pause()
        assert (visible(app), focused(app)) == (["Left", "Middle", "Right"], "Middle")
        await pilot.press("backslash", "1")
        await pilot.pause()
        assert (visible(app), focused(app)) == (["Left", "Middle", "Right"], "Left")


class PanesWithField(Panes):
    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Input(id="outside")


class FieldScreen(ThreeScreen):
    def compose(self) -> ComposeResult:
        yield PanesWithField(Left(), Middle(), Right())


async def test_a_focus_outside_the_panes_keeps_the_pane_in_front() -> None:
    app = QtuiApp(FieldScreen)
    async with app.run_test(size=(130, 30)) as pilot:
        await pilot.press("3")
        app.screen.query_one("#outside").focus()
        await pilot.pause()
        assert app.screen.query_one(Panes).front == DETAILS


async def test_a_narrow_terminal_shows_the_pane_with_the_focus() -> None:
    app = QtuiApp(ThreeScreen)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert visible(app) == ["Middle"]
        await pilot.press("3")
        await pilot.pause()
        assert (visible(app), focused(app)) == (["Right"], "Right")
        await pilot.press("tab")
        await pilot.pause()
        assert (visible(app), focused(app)) == (["Left"], "Left")


async def test_zoom_shows_one_pane_and_again_all() -> None:
    app = QtuiApp(ThreeScreen)
    async with app.run_test(size=(130, 30)) as pilot:
        await pilot.press("3", "z")
        await pilot.pause()
        assert visible(app) == ["Right"]
        assert app.screen.query_one(Right).size.width == 130
        await pilot.press("1")
        await pilot.pause()
        assert visible(app) == ["Left"]
        await pilot.press("z")
        await pilot.pause()
        assert visible(app) == ["Left", "Middle", "Right"]


async def test_resizing_down_and_back_keeps_focus_and_panes() -> None:
    app = QtuiApp(ThreeScreen)
    async with app.run_test(size=(130, 30)) as pilot:
        await pilot.press("3")
        for size in ((100, 30), (38, 12), (20, 5), (1, 1), (130, 30)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert visible(app) == ["Left", "Middle", "Right"]
        assert focused(app) == "Right"


async def test_a_pane_without_a_focusable_widget_takes_the_focus() -> None:
    app = QtuiApp(ThreeScreen)
    async with app.run_test(size=(130, 30)) as pilot:
        right = app.screen.query_one(Right)
        right.query_one(Notice).display = False
        await pilot.press("3")
        await pilot.pause()
        assert app.focused is right
        await pilot.press("z")
        await pilot.pause()
        assert visible(app) == ["Right"]
        await pilot.press("1")
        await pilot.pause()
        assert focused(app) == "Left"
        assert not right.can_focus


async def test_the_keys_work_after_the_last_focusable_widget_is_hidden() -> None:
    app = QtuiApp(ThreeScreen)
    async with app.run_test(size=(60, 30)) as pilot:
        app.screen.query(Notice).set(display=False)
        await pilot.pause()
        await pilot.pause()
        await pilot.press("3")
        await pilot.pause()
        assert (visible(app), focused(app)) == (["Right"], "Right")


async def test_the_panes_are_arranged_for_the_terminal_before_they_are_laid_out() -> None:
    displayed: list[str] = []

    class NarrowScreen(ThreeScreen):
        def on_mount(self) -> None:
            displayed.extend(pane.HEADING for pane in self.query(Pane) if pane.display)

    async with QtuiApp(NarrowScreen).run_test(size=(60, 20)):
        assert displayed == ["Middle"]
