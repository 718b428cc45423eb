"""The filter bar: filtering while typing, completion, history, errors."""

from __future__ import annotations

from typing import Any

import pytest
from textual import on
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from qtui.errors import QuerySyntaxError
from qtui.query import parse_filter
from qtui.query.ast import FieldKind
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import FilterPane
from qtui.tui.present.runs.completion import Vocabulary
from qtui.tui.widgets.notice import Notice
from qtui.tui.widgets.query_bar import HINT, QueryBar, render_error
from qtui.tui.widgets.row_list import RowList

NOW = 1_700_000_000_000


class FilteredScreen(CommandHost, Screen[None]):
    """A screen with a filter bar that records its messages."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (FilterPane,)
    AUTO_FOCUS = "Notice"

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[QueryBar.Changed] = []
        self.submitted: list[str] = []

    def compose(self) -> ComposeResult:
        yield QueryBar(now=lambda: NOW)
        yield Notice("runs")

    def action_filter(self) -> None:
        self.query_one(QueryBar).enter()

    @on(QueryBar.Changed)
    def _record_change(self, message: QueryBar.Changed) -> None:
        self.changes.append(message)

    @on(QueryBar.Submitted)
    def _record_submitted(self, message: QueryBar.Submitted) -> None:
        self.submitted.append(message.text)
        self.query_one(Notice).focus()

    @on(QueryBar.Dismissed)
    def _leave(self) -> None:
        self.query_one(Notice).focus()


class BarTester:
    """A driver of the filter bar for tests."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot
        assert isinstance(pilot.app.screen, FilteredScreen)
        self.screen = pilot.app.screen
        self.bar = self.screen.query_one(QueryBar)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press("/")
        await self.press(*text)

    @property
    def below(self) -> str:
        return str(self.bar.query_one("#below", Static).content)

    @property
    def offered(self) -> list[str]:
        return list(self.bar.query_one(RowList).rows) if self.completing else []

    @property
    def completing(self) -> bool:
        return self.bar.query_one(RowList).display


async def test_only_valid_filters_are_applied_while_typing() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        await tester.type("name = 'x'")
        assert [message.text for message in tester.screen.changes] == ["n", "na", "nam", "name", "name = 'x'"]
        assert tester.screen.changes[-1].filter == parse_filter("name = 'x'", now=NOW)


async def test_the_caret_is_below_the_error() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        await tester.type("status = 'x') c")
        column = 2 + "status = 'x') c".index(")")
        assert tester.below[column] == "^"
        assert tester.below[:column].isspace()
        assert "never opened" in tester.below
        await tester.press("backspace", "backspace", "backspace")
        assert tester.below == HINT


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (60, "       ^ This makes no sense."),
        (26, "       ^\nThis makes no sense."),
        (4, "   ^\nThis makes no sense."),
    ],
)
def test_the_error_message_is_placed_where_it_fits(cells: int, expected: str) -> None:
    error = QuerySyntaxError("This makes no sense.", "x = 1) and y", 5)
    assert str(render_error(error, 0, cells)) == expected


def test_the_error_message_is_before_the_caret_at_the_end_of_a_long_filter() -> None:
    error = QuerySyntaxError("This makes no sense.", "x = 1 and params.model = 2)", 26)
    assert str(render_error(error, 0, 40)) == "       This makes no sense. ^"


async def test_the_bar_is_hidden_until_it_is_needed_and_while_it_is_empty() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        assert not tester.bar.display
        await tester.press("/")
        assert tester.bar.display and tester.bar.field.has_focus
        await tester.press("escape")
        assert not tester.bar.display and tester.screen.query_one(Notice).has_focus
        await tester.type("x")
        await tester.press("enter")
        assert tester.bar.display and tester.bar.size.height == 1
        assert tester.screen.submitted == ["x"]


async def test_escape_leaves_the_field_and_the_filter_stays() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        tester.bar.vocabulary = Vocabulary(("params.x1",))
        await tester.type("x")
        assert tester.completing
        await tester.press("escape")
        assert tester.screen.query_one(Notice).has_focus
        assert tester.bar.display and not tester.completing
        assert tester.bar.text == tester.screen.changes[-1].text == "x"


@pytest.mark.parametrize("typed", [" and params.", " and params.mo", " ="])
async def test_escape_leaves_no_text_in_the_field_that_is_not_applied(typed: str) -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        tester.bar.vocabulary = Vocabulary(("params.model",))
        await tester.type("lgb")
        tester.bar.show("lgb" + typed)
        await tester.press("escape")
        assert tester.bar.text.strip() == tester.screen.changes[-1].text.strip()


async def test_enter_keeps_the_focus_in_the_field_of_a_wrong_filter() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        await tester.type("status =")
        await tester.press("enter")
        assert tester.bar.field.has_focus and tester.screen.submitted == []
        assert "Expected a value after" in tester.below


async def test_the_bar_is_hidden_when_the_filter_is_cleared() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        await tester.type("x")
        await tester.press("enter")
        tester.bar.show("")
        await pilot.pause()
        assert (tester.screen.changes[-1].text, tester.screen.changes[-1].filter) == ("", None)
        assert not tester.bar.display


async def test_messages_do_not_move_the_filtered_table() -> None:
    async with QtuiApp(FilteredScreen).run_test(size=(40, 20)) as pilot:
        tester = BarTester(pilot)
        await tester.press("/")
        tops = set()
        for text in ("status", "status = x", "metrics.ic LIKE 'x'", "params.model = 'lgb' and metrics.ic > 'x'", ""):
            tester.bar.show(text)
            await pilot.pause()
            tops.add(tester.screen.query_one(Notice).region.y)
        assert len(tops) == 1


async def test_the_caret_is_below_the_error_in_a_scrolled_filter() -> None:
    async with QtuiApp(FilteredScreen).run_test(size=(40, 20)) as pilot:
        tester = BarTester(pilot)
        await tester.type("a_rather_long_word and another_word and x ) y")
        line = pilot.app.screen._compositor.render_strips()[tester.bar.region.y].text  # what the terminal is given
        mark = tester.below.splitlines()[0].index("^")
        assert line[tester.bar.region.x + mark] == ")"


LOGGED = {"Rank IC": [FieldKind.METRIC], "loss": [FieldKind.METRIC, FieldKind.PARAM]}


async def test_a_single_key_is_applied_as_soon_as_runs_have_it() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        known: dict[str, list[FieldKind]] = {}
        tester.bar.lookup = lambda keys: {key: known[key] for key in keys if key in known}
        tester.bar.show("Rank IC > 0.05")
        await pilot.pause()
        assert tester.screen.changes == []
        assert "No run has a metric, param or tag 'Rank IC'." in str(tester.bar.query_one("#matches", Static).content)
        known.update(LOGGED)
        tester.bar.parse_again()
        await pilot.pause()
        assert tester.screen.changes[-1].filter == parse_filter("metrics.`Rank IC` > 0.05", now=NOW)
        assert str(tester.bar.query_one("#matches", Static).content) == ""
        tester.bar.parse_again()
        await pilot.pause()
        assert len(tester.screen.changes) == 1


async def test_a_key_with_spaces_is_not_applied_as_words_while_it_is_typed() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        tester.bar.lookup = lambda keys: {key: LOGGED[key] for key in keys if key in LOGGED}
        tester.bar.vocabulary = Vocabulary(("metrics.`Rank IC`", "metrics.loss"))
        await tester.type("Rank IC > 0.05")
        await tester.press("enter")
        assert [message.text for message in tester.screen.changes[4:]] == [
            f"Rank IC > {value}" for value in ("0", "0.", "0.0", "0.05")
        ]
        assert tester.screen.changes[-1].filter == parse_filter("metrics.`Rank IC` > 0.05", now=NOW)


async def test_letters_typed_in_the_field_run_no_commands() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        await tester.type("q?:/-+_@\\ z")
        assert tester.bar.text == "q?:/-+_@\\ z"
        offered = {active.binding.id for active in tester.screen.active_bindings.values()}
        assert "filter" not in offered
        assert "help" in offered


async def test_arrows_go_through_the_history_and_back_to_what_was_typed() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        tester.bar.history = ("first", "second")
        await tester.type("new")
        seen = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await tester.press(key)
            seen.append(tester.bar.text)
        assert seen == ["second", "first", "first", "second", "new", "new"]
        assert tester.screen.changes[-1].text == "new"


async def test_tab_completes_a_key_and_then_its_value() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        tester.bar.vocabulary = Vocabulary(("params.model", "params.lr"), {"params.model": ("lgb", "transformer")})
        await tester.type("par")
        assert tester.offered == ["params.model", "params.lr"]
        await tester.press("tab")
        assert tester.bar.text == "params.model "
        await tester.press(*"= ")
        assert tester.offered == ["'lgb'", "'transformer'"]
        await tester.press("down", "tab")
        assert tester.bar.text == "params.model = 'transformer' "
        assert not tester.completing
        assert tester.screen.changes[-1].filter == parse_filter("params.model = 'transformer'", now=NOW)


async def test_the_beginning_of_a_key_is_not_applied_as_a_word_before_it_is_kept() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        tester.bar.vocabulary = Vocabulary(("params.model",))
        await tester.type("lgb and par")
        assert [message.text for message in tester.screen.changes] == ["l", "lg", "lgb"]
        await tester.press("enter")
        assert tester.screen.changes[-1].text == "lgb and par"


async def test_the_beginning_of_a_connective_does_not_empty_the_table() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        await tester.type("metrics.ic > 1 and not lgb or y")
        applied = [event.text.removeprefix("metrics.ic > 1") for event in tester.screen.changes]
        assert not {" a", " an", " and n", " and no", " and not lgb o"} & set(applied)
        assert {"", " and not lgb", " and not lgb or y"} <= set(applied)


async def test_a_key_that_is_being_typed_first_does_not_empty_the_table() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        tester.bar.vocabulary = Vocabulary(("metrics.ic", "status"))
        await tester.type("metrics.ic > 1")
        assert [message.text for message in tester.screen.changes] == ["metrics.ic > 1"]


async def test_a_first_word_is_searched_even_if_a_key_starts_with_it() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        tester.bar.vocabulary = Vocabulary(("metrics.ic", "status"))
        await tester.type("st")
        assert [message.text for message in tester.screen.changes] == ["s", "st"]


async def test_a_click_takes_a_completion() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        tester.bar.vocabulary = Vocabulary(("params.model", "params.lr"))
        await tester.type("par")
        await pilot.click(RowList, offset=(4, 1))
        await pilot.pause()
        assert tester.bar.text == "params.lr "
        assert tester.bar.field.has_focus


async def test_control_characters_do_not_get_into_the_field() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        await tester.press("/")
        tester.bar.show("a\x1b]52;c;eA==\x07\nb")
        await pilot.pause()
        assert tester.bar.text == "a]52;c;eA== b"


async def test_the_number_of_matches_is_shown() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        tester = BarTester(pilot)
        await tester.press("/")
        tester.bar.summary = "12 of 240"
        await pilot.pause()
        assert str(tester.bar.query_one("#matches", Static).content) == "12 of 240"
