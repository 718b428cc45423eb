"""The filter bar: it applies while one types, completes, remembers, and says what is wrong."""

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
from qtui.query.ast import Kind
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import Filter
from qtui.tui.present.completion import Vocabulary
from qtui.tui.widgets.choice_list import ChoiceList
from qtui.tui.widgets.notice import Notice
from qtui.tui.widgets.query_bar import HINT, QueryBar, complaint

NOW = 1_700_000_000_000


class FilteredScreen(CommandHost, Screen[None]):
    """A bar above what is filtered; keeps every filter that was wanted."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (Filter,)
    AUTO_FOCUS = "Notice"

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[QueryBar.Changed] = []
        self.kept: list[str] = []

    def compose(self) -> ComposeResult:
        yield QueryBar(now=lambda: NOW)
        yield Notice("runs")

    def action_filter(self) -> None:
        self.query_one(QueryBar).enter()

    @on(QueryBar.Changed)
    def _want(self, message: QueryBar.Changed) -> None:
        self.wanted.append(message)

    @on(QueryBar.Submitted)
    def _keep(self, message: QueryBar.Submitted) -> None:
        self.kept.append(message.text)
        self.query_one(Notice).focus()

    @on(QueryBar.Left)
    def _leave(self) -> None:
        self.query_one(Notice).focus()


class World:
    """The screen under test, and how it is used."""

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
        return [line.choice.text for line in self.bar.query_one(ChoiceList).lines] if self.completing else []

    @property
    def completing(self) -> bool:
        return self.bar.query_one(ChoiceList).display


async def test_every_letter_that_makes_sense_is_applied_and_nothing_else() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        await world.type("name = 'x'")
        assert [each.text for each in world.screen.wanted] == ["n", "na", "nam", "name", "name = 'x'"]
        assert world.screen.wanted[-1].filter == parse_filter("name = 'x'", now=NOW)


async def test_the_mistake_is_shown_under_its_character() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        await world.type("status = 'x') c")
        column = 2 + "status = 'x') c".index(")")
        assert world.below[column] == "^"
        assert world.below[:column].isspace()
        assert "never opened" in world.below
        await world.press("backspace", "backspace", "backspace")
        assert world.below == HINT


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (60, "       ^ This makes no sense."),
        (26, "       ^\nThis makes no sense."),
        (4, "   ^\nThis makes no sense."),
    ],
)
def test_the_sentence_stands_where_there_is_room_for_it(cells: int, expected: str) -> None:
    error = QuerySyntaxError("This makes no sense.", "x = 1) and y", 5)
    assert str(complaint(error, 0, cells)) == expected


def test_the_sentence_stands_before_a_mistake_at_the_end_of_a_long_filter() -> None:
    error = QuerySyntaxError("This makes no sense.", "x = 1 and params.model = 2)", 26)
    assert str(complaint(error, 0, 40)) == "       This makes no sense. ^"


async def test_the_bar_is_hidden_until_it_is_needed_and_while_it_is_empty() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        assert not world.bar.display
        await world.press("/")
        assert world.bar.display and world.bar.field.has_focus
        await world.press("escape")
        assert not world.bar.display and world.screen.query_one(Notice).has_focus
        await world.type("x")
        await world.press("enter")
        assert world.bar.display and world.bar.size.height == 1
        assert world.screen.kept == ["x"]


async def test_escape_leaves_the_field_and_the_filter_stays() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        world.bar.vocabulary = Vocabulary(("params.x1",))
        await world.type("x")
        assert world.completing
        await world.press("escape")
        assert world.screen.query_one(Notice).has_focus
        assert world.bar.display and not world.completing
        assert world.bar.text == world.screen.wanted[-1].text == "x"


@pytest.mark.parametrize("typed", [" and params.", " and params.mo", " ="])
async def test_escape_leaves_no_text_in_the_field_that_is_not_applied(typed: str) -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        world.bar.vocabulary = Vocabulary(("params.model",))
        await world.type("lgb")
        world.bar.show("lgb" + typed)
        await world.press("escape")
        assert world.bar.text.strip() == world.screen.wanted[-1].text.strip()


async def test_enter_keeps_the_focus_in_the_field_of_a_wrong_filter() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        await world.type("status =")
        await world.press("enter")
        assert world.bar.field.has_focus and world.screen.kept == []
        assert "Expected a value after" in world.below


async def test_the_bar_of_a_filter_that_is_taken_away_goes_away() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        await world.type("x")
        await world.press("enter")
        world.bar.show("")
        await pilot.pause()
        assert (world.screen.wanted[-1].text, world.screen.wanted[-1].filter) == ("", None)
        assert not world.bar.display


async def test_messages_come_and_go_and_what_is_filtered_stays_where_it_is() -> None:
    async with QtuiApp(FilteredScreen).run_test(size=(40, 20)) as pilot:
        world = World(pilot)
        await world.press("/")
        tops = set()
        for text in ("status", "status = x", "metrics.ic LIKE 'x'", "params.model = 'lgb' and metrics.ic > 'x'", ""):
            world.bar.show(text)
            await pilot.pause()
            tops.add(world.screen.query_one(Notice).region.y)
        assert len(tops) == 1


async def test_the_mark_is_under_the_mistake_of_a_filter_that_is_longer_than_its_field() -> None:
    async with QtuiApp(FilteredScreen).run_test(size=(40, 20)) as pilot:
        world = World(pilot)
        await world.type("a_rather_long_word and another_word and x ) y")
        line = pilot.app.screen._compositor.render_strips()[world.bar.region.y].text  # what the terminal is given
        mark = world.below.splitlines()[0].index("^")
        assert line[world.bar.region.x + mark] == ")"


LOGGED = {"Rank IC": [Kind.METRIC], "loss": [Kind.METRIC, Kind.PARAM]}


async def test_a_key_alone_is_applied_as_soon_as_runs_have_it() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        known: dict[str, list[Kind]] = {}
        world.bar.lookup = lambda keys: {key: known[key] for key in keys if key in known}
        world.bar.show("Rank IC > 0.05")
        await pilot.pause()
        assert world.screen.wanted == []
        assert "No run has a metric, param or tag 'Rank IC'." in str(world.bar.query_one("#found", Static).content)
        known.update(LOGGED)
        world.bar.look_up_again()
        await pilot.pause()
        assert world.screen.wanted[-1].filter == parse_filter("metrics.`Rank IC` > 0.05", now=NOW)
        assert str(world.bar.query_one("#found", Static).content) == ""
        world.bar.look_up_again()
        await pilot.pause()
        assert len(world.screen.wanted) == 1


async def test_a_key_with_spaces_is_not_applied_as_words_while_it_is_typed() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        world.bar.lookup = lambda keys: {key: LOGGED[key] for key in keys if key in LOGGED}
        world.bar.vocabulary = Vocabulary(("metrics.`Rank IC`", "metrics.loss"))
        await world.type("Rank IC > 0.05")
        await world.press("enter")
        assert [each.text for each in world.screen.wanted[4:]] == [
            f"Rank IC > {value}" for value in ("0", "0.", "0.0", "0.05")
        ]
        assert world.screen.wanted[-1].filter == parse_filter("metrics.`Rank IC` > 0.05", now=NOW)


async def test_the_field_owns_the_keys_of_letters() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        await world.type("q?:/-+_@\\ z")
        assert world.bar.text == "q?:/-+_@\\ z"
        offered = {each.binding.id for each in world.screen.active_bindings.values()}
        assert "filter" not in offered
        assert "help" in offered


async def test_arrows_go_through_the_history_and_back_to_what_was_typed() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        world.bar.history = ("first", "second")
        await world.type("new")
        seen = []
        for key in ("up", "up", "up", "down", "down", "down"):
            await world.press(key)
            seen.append(world.bar.text)
        assert seen == ["second", "first", "first", "second", "new", "new"]
        assert world.screen.wanted[-1].text == "new"


async def test_tab_completes_a_key_and_then_its_value() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        world.bar.vocabulary = Vocabulary(("params.model", "params.lr"), {"params.model": ("lgb", "transformer")})
        await world.type("par")
        assert world.offered == ["params.model", "params.lr"]
        await world.press("tab")
        assert world.bar.text == "params.model "
        await world.press(*"= ")
        assert world.offered == ["'lgb'", "'transformer'"]
        await world.press("down", "tab")
        assert world.bar.text == "params.model = 'transformer' "
        assert not world.completing
        assert world.screen.wanted[-1].filter == parse_filter("params.model = 'transformer'", now=NOW)


async def test_the_beginning_of_a_key_is_not_applied_as_a_word_before_it_is_kept() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        world.bar.vocabulary = Vocabulary(("params.model",))
        await world.type("lgb and par")
        assert [each.text for each in world.screen.wanted] == ["l", "lg", "lgb"]
        await world.press("enter")
        assert world.screen.wanted[-1].text == "lgb and par"


async def test_the_beginning_of_a_connective_does_not_empty_the_table() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        await world.type("metrics.ic > 1 and not lgb or y")
        applied = [event.text.removeprefix("metrics.ic > 1") for event in world.screen.wanted]
        assert not {" a", " an", " and n", " and no", " and not lgb o"} & set(applied)
        assert {"", " and not lgb", " and not lgb or y"} <= set(applied)


async def test_a_key_that_is_being_typed_first_does_not_empty_the_table() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        world.bar.vocabulary = Vocabulary(("metrics.ic", "status"))
        await world.type("metrics.ic > 1")
        assert [each.text for each in world.screen.wanted] == ["metrics.ic > 1"]


async def test_a_word_that_stands_first_is_looked_for_though_a_key_begins_like_it() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        world.bar.vocabulary = Vocabulary(("metrics.ic", "status"))
        await world.type("st")
        assert [each.text for each in world.screen.wanted] == ["s", "st"]


async def test_a_click_takes_a_completion() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        world.bar.vocabulary = Vocabulary(("params.model", "params.lr"))
        await world.type("par")
        await pilot.click(ChoiceList, offset=(4, 1))
        await pilot.pause()
        assert world.bar.text == "params.lr "
        assert world.bar.field.has_focus


async def test_control_characters_do_not_get_into_the_field() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        await world.press("/")
        world.bar.show("a\x1b]52;c;eA==\x07\nb")
        await pilot.pause()
        assert world.bar.text == "a]52;c;eA== b"


async def test_how_much_is_found_is_shown() -> None:
    async with QtuiApp(FilteredScreen).run_test() as pilot:
        world = World(pilot)
        await world.press("/")
        world.bar.found = "12 of 240"
        await pilot.pause()
        assert str(world.bar.query_one("#found", Static).content) == "12 of 240"
