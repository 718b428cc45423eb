"""The help: the keys of every place on the screen, those of the place with the focus first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any, ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from qtui.text import pad, width
from qtui.tui import keymap
from qtui.tui.commands import Offer, offers
from qtui.tui.commands.moving import MOVES
from qtui.tui.screens.dialog import BREAKPOINTS, EVERYWHERE
from qtui.tui.widgets.hint import Hint


class HelpScreen(ModalScreen[None]):
    """Shows the keys of a screen. The keys that move in a list move the page."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        background: $background 60%;
        & > VerticalScroll {
            width: 92;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 2;
            background: $surface;
            scrollbar-size-vertical: 1;
            scrollbar-gutter: stable;
            & > Static { height: auto; }
            & > Hint { dock: bottom; height: 1; }
        }
        &.-tall > VerticalScroll > Hint { height: 2; padding-top: 1; }
        &.-short > VerticalScroll { padding: 0 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", show=False, id="back"),
        Binding("q", "close", show=False, id="close-screen"),
        Binding("question_mark,f1", "close", show=False, id="help"),
        Binding("enter", "close", show=False),
        *EVERYWHERE,
        Binding("j,down", "scroll('scroll_down')", show=False),
        Binding("k,up", "scroll('scroll_up')", show=False),
        Binding("ctrl+d,pagedown,space", "scroll('scroll_page_down')", show=False),
        Binding("ctrl+u,pageup", "scroll('scroll_page_up')", show=False),
        Binding("g,home", "scroll('scroll_home')", show=False),
        Binding("G,end", "scroll('scroll_end')", show=False),
    ]

    VERTICAL_BREAKPOINTS = BREAKPOINTS

    def __init__(self, screen: Screen[Any], keys: Mapping[str, str]) -> None:
        super().__init__()
        self._offers = offers(screen)
        self._keys = keys

    def compose(self) -> ComposeResult:
        """The page."""
        with VerticalScroll(can_focus=False):
            yield Static(id="page")
            yield Hint("space next page   g top   esc close")

    def on_resize(self) -> None:
        """Break the lines for the new width."""
        page_of_keys = self.query_one("#page", Static)
        page_of_keys.update(page(self._offers, self._keys, page_of_keys.content_size.width))

    def action_scroll(self, how: str) -> None:
        """Move the page."""
        getattr(self.query_one(VerticalScroll), how)(animate=False)

    def on_click(self, event: events.Click) -> None:
        """A click beside the page closes it."""
        if event.widget is self:
            self.action_close()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)


def page(offers: Sequence[Offer], keys: Mapping[str, str], cells: int) -> Content:
    """The page: a heading for each place, and a row for each of its commands; how to move comes last."""
    written = {offer: "  ".join(map(keymap.written, own)) for offer, own in working_keys(offers, keys).items()}
    column = max(map(width, written.values()), default=0) + 3
    by_heading: dict[str, list[Content]] = {}
    for each in sorted(offers, key=lambda each: each.command in MOVES):
        title = MOVING if each.command in MOVES else each.heading
        by_heading.setdefault(title, [heading(title)]).append(row(each, pad(written[each], column), cells))
    sections = [Content("\n").join(rows) for rows in by_heading.values()]
    if cells >= WITH_NAMES:
        sections.append(Content.styled(NAMES, "$text-muted"))
    return Content("\n\n").join(sections)


def working_keys(offers: Sequence[Offer], keys: Mapping[str, str]) -> Mapping[Offer, Sequence[str]]:
    """Return the keys of every offer; the app's are without those that the screen uses for something else."""
    all_keys = {offer: keymap.keys_of(offer.command.id(), keys) for offer in offers}
    taken = {key for offer, own in all_keys.items() if isinstance(offer.place, Screen) for key in own}
    return {
        offer: [key for key in own if key not in taken] if isinstance(offer.place, App) else own
        for offer, own in all_keys.items()
    }


def heading(place: str) -> Content:
    """The name of a place."""
    return Content.styled(place, "bold $accent")


def row(offer: Offer, written: str, cells: int) -> Content:
    """One command: its keys, its help, its name in the settings; or greyed, with the reason why it is off."""
    name, reason = offer.command.id() if cells >= WITH_NAMES else "", offer.why_not
    text = f"{offer.command.help()} {reason or ''}".rstrip()
    first, *others = wrap(text, max(MIN_TEXT, cells - len(written) - len(name) - 2)) or [""]
    gap = " " * max(2, cells - len(written) - width(first) - len(name))
    below = "".join(f"\n{' ' * len(written)}{line}" for line in others)
    keys_style, text_style = ("bold $foreground", "$foreground") if reason is None else ("$text-muted", "$text-muted")
    return Content.assemble(
        (written, keys_style), (first, text_style), (f"{gap}{name}", "$text-muted dim"), (below, text_style)
    )


MOVING = "Moving"
"""The heading over the ways to move, which are the same everywhere."""

MIN_TEXT = 16
"""Cells that the help of a command has at least, however narrow the page is."""

WITH_NAMES = 60
"""Cells from which there is room for the names."""

NAMES = "The names at the right are those of the table [keys] in the settings, which gives commands other keys."
