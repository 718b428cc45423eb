"""The help: the keys of every place on the screen, those of the place with the focus first."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from qtui.text import pad, width
from qtui.tui import keymap
from qtui.tui.commands import Offer, offers


class HelpScreen(ModalScreen[None]):
    """Shows the keys of a screen. The keys that move in a list move the page."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        background: $background 60%;
        & > VerticalScroll {
            width: 78;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 2;
            background: $surface;
            scrollbar-size-vertical: 1;
            & > Static { height: auto; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "close", show=False),
        Binding("j,down", "scroll('scroll_down')", show=False),
        Binding("k,up", "scroll('scroll_up')", show=False),
        Binding("ctrl+d,pagedown,space", "scroll('scroll_page_down')", show=False),
        Binding("ctrl+u,pageup", "scroll('scroll_page_up')", show=False),
        Binding("g,home", "scroll('scroll_home')", show=False),
        Binding("G,end", "scroll('scroll_end')", show=False),
    ]

    def __init__(self, screen: Screen[Any], keys: Mapping[str, str]) -> None:
        super().__init__()
        self.page = page(tuple(offers(screen)), keys)

    def compose(self) -> ComposeResult:
        """The page."""
        with VerticalScroll(can_focus=False):
            yield Static(self.page)

    def action_scroll(self, how: str) -> None:
        """Move the page."""
        getattr(self.query_one(VerticalScroll), how)(animate=False)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)


def page(offers: tuple[Offer, ...], keys: Mapping[str, str]) -> Content:
    """The page: a heading for each place, and a line for each of its commands."""
    written = {each: "  ".join(map(keymap.written, keymap.keys_of(each.command.id(), keys))) for each in offers}
    column = max(map(width, written.values()), default=0) + 3
    sections = [
        Content("\n").join([heading(place), *(line(each, pad(written[each], column)) for each in group)])
        for place, group in groupby(offers, key=lambda each: each.place.PLACE)
    ]
    return Content("\n\n").join([*sections, Content.styled(NAMES, "$text-muted")])


def heading(place: str) -> Content:
    """The name of a place."""
    return Content.styled(place, "bold $accent")


def line(offer: Offer, written: str) -> Content:
    """One command: its keys, its help, its name in the settings; or greyed, with the reason why it is off."""
    text, name, reason = offer.command.help(), f"  {offer.command.id()}", offer.why_not
    if reason is None:
        return Content.assemble((written, "$foreground bold"), text, (name, "$text-muted"))
    return Content.assemble((f"{written}{text}", "$text-muted"), (f"  {reason}", "$text-muted italic"))


NAMES = "The grey names are those of the table [keys] in the settings, which gives commands other keys."
