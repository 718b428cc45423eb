"""The help: the keys of every command on a screen, those of the focused widget first."""

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
from qtui.tui.commands import Command, OfferedCommand, offered_commands
from qtui.tui.commands.cursor import CURSOR_COMMANDS
from qtui.tui.commands.dialogs import DIALOG_COMMANDS
from qtui.tui.screens.dialogs.dialog import APP_BINDINGS, BREAKPOINTS
from qtui.tui.widgets.hint import Hint

CURSOR_HEADING = "Moving"
"""The heading of the commands that move the cursor, which are the same everywhere."""

DIALOGS_HEADING = "In dialogs"

MIN_HELP_CELLS = 16
"""The least width of a line of help, however narrow the page is."""

MIN_WIDTH_FOR_IDS = 60
"""The width from which the page shows the IDs of commands."""

IDS_NOTE = "The names at the right are those of the table [keys] in the settings, which gives commands other keys."


class HelpScreen(ModalScreen[None]):
    """Shows the keys of a screen. The keys that move the cursor in a list scroll the page."""

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
        *APP_BINDINGS,
        Binding("j,down", "scroll('scroll_down')", show=False),
        Binding("k,up", "scroll('scroll_up')", show=False),
        Binding("ctrl+d,pagedown,space", "scroll('scroll_page_down')", show=False),
        Binding("ctrl+u,pageup", "scroll('scroll_page_up')", show=False),
        Binding("g,home", "scroll('scroll_home')", show=False),
        Binding("G,end", "scroll('scroll_end')", show=False),
    ]

    VERTICAL_BREAKPOINTS = BREAKPOINTS

    def __init__(self, screen: Screen[Any], keys: Mapping[str, str]) -> None:
        """Show the commands of a screen; `keys` is the user's keymap."""
        super().__init__()
        self._offered = offered_commands(screen)
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Compose the page, and a hint below it."""
        with VerticalScroll(can_focus=False):
            yield Static(id="page")
            yield Hint("space next page   g top   esc close")

    def on_resize(self) -> None:
        """Render the page for the new width."""
        page = self.query_one("#page", Static)
        page.update(render_page(self._offered, self._keys, page.content_size.width))

    def action_scroll(self, method: str) -> None:
        """Call a scroll method of the page."""
        getattr(self.query_one(VerticalScroll), method)(animate=False)

    def on_click(self, event: events.Click) -> None:
        """Close on a click outside the page."""
        if event.widget is self:
            self.action_close()

    def action_close(self) -> None:
        """Close the help."""
        self.dismiss(None)


def render_page(offered: Sequence[OfferedCommand], keys: Mapping[str, str], cells: int) -> Content:
    """Return the page: a heading for every host, and a line for each of its commands; those that move come last."""
    key_texts = {offer: _keys_text(own_keys) for offer, own_keys in working_keys(offered, keys).items()}
    dialog_keys = {command: _keys_text(keymap.keys_of(command.ID, keys)) for command in DIALOG_COMMANDS}
    key_cells = max(map(width, (*key_texts.values(), *dialog_keys.values()))) + 3
    sections: dict[str, list[Content]] = {}
    for offer in sorted(offered, key=lambda offer: offer.command in CURSOR_COMMANDS):
        heading = CURSOR_HEADING if offer.command in CURSOR_COMMANDS else offer.heading
        section = sections.setdefault(heading, [Content.styled(heading, "bold $accent")])
        section.append(render_command(offer.command, offer.why_not, pad(key_texts[offer], key_cells), cells))
    dialogs = (render_command(command, None, pad(text, key_cells), cells) for command, text in dialog_keys.items())
    sections[DIALOGS_HEADING] = [Content.styled(DIALOGS_HEADING, "bold $accent"), *dialogs]
    paragraphs = [Content("\n").join(lines) for lines in sections.values()]
    if cells >= MIN_WIDTH_FOR_IDS:
        paragraphs.append(Content.styled(IDS_NOTE, "$text-muted"))
    return Content("\n\n").join(paragraphs)


def _keys_text(keys: Sequence[str]) -> str:
    return "  ".join(map(keymap.format_key_name, keys))


def working_keys(offered: Sequence[OfferedCommand], keys: Mapping[str, str]) -> Mapping[OfferedCommand, Sequence[str]]:
    """Return the keys of every command; those of the app are without the keys that the screen uses itself."""
    all_keys = {offer: keymap.keys_of(offer.command.ID, keys) for offer in offered}
    screen_keys = {key for offer, own_keys in all_keys.items() if isinstance(offer.host, Screen) for key in own_keys}
    return {
        offer: [key for key in own_keys if key not in screen_keys] if isinstance(offer.host, App) else own_keys
        for offer, own_keys in all_keys.items()
    }


def render_command(command: type[Command[Any]], reason: str | None, key_text: str, cells: int) -> Content:
    """Return the line of a command: keys, help and ID; greyed, with the reason, when it does not work now."""
    command_id = command.ID if cells >= MIN_WIDTH_FOR_IDS else ""
    text = f"{command.HELP} {reason or ''}".rstrip()
    first, *others = wrap(text, max(MIN_HELP_CELLS, cells - len(key_text) - len(command_id) - 2)) or [""]
    gap = " " * max(2, cells - len(key_text) - width(first) - len(command_id))
    continuation = "".join(f"\n{' ' * len(key_text)}{line}" for line in others)
    key_style, text_style = ("bold $foreground", "$foreground") if reason is None else ("$text-muted", "$text-muted")
    return Content.assemble(
        (key_text, key_style),
        (first, text_style),
        (f"{gap}{command_id}", "$text-muted dim"),
        (continuation, text_style),
    )
