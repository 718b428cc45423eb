"""A pane with a search field, which is mounted when the user searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.actions import SkipAction
from textual.widget import Widget

from qtui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.widgets import Input

    from qtui.tui.widgets.text_field import TextField


class SearchablePane(Pane):
    """Base of panes that offer `FilterPane` and `Back`: the typed text filters their contents."""

    DEFAULT_CSS = """
    SearchablePane {
        & > TextField { display: none; }
        &.-searching > TextField { display: block; }
    }
    """

    SEARCH_PLACEHOLDER: ClassVar[str]
    """The text in the empty search field."""

    SEARCH_BEFORE: ClassVar[str]
    """The selector of the child above which the search field is mounted."""

    _search_field: TextField | None = None

    @property
    def front(self) -> Widget:
        """The widget that has the focus while nobody types."""
        raise NotImplementedError

    @property
    def search_text(self) -> str:
        """The text that is searched for; empty without a search."""
        return self._search_field.value.strip() if self._search_field else ""

    @property
    def is_typing(self) -> bool:
        """Whether the search field has the focus."""
        return self._search_field is not None and self._search_field.has_focus

    def apply_search(self) -> None:
        """Show the contents that match the search."""
        raise NotImplementedError

    def focus_content(self) -> None:
        """Give the focus to the matches."""
        self.screen.set_focus(self.front)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while the user types."""
        event.stop()
        self.apply_search()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Leave the field and keep the search."""
        event.stop()
        self.set_class(bool(self.search_text), "-searching")
        self.focus_content()

    def action_filter(self) -> None:
        """Let the user type a search."""
        if self._search_field is None:
            from qtui.tui.widgets.text_field import TextField

            self._search_field = TextField(placeholder=self.SEARCH_PLACEHOLDER)
            self.mount(self._search_field, before=self.SEARCH_BEFORE)
        self.add_class("-searching")
        self.screen.set_focus(self._search_field)

    def action_back(self) -> None:
        """Leave the field and keep its search; outside of it, end the search and show everything."""
        if self._search_field is None or not self.has_class("-searching"):
            raise SkipAction
        if self.is_typing and self.search_text:
            self.focus_content()
            if self.screen.focused is not self._search_field:
                return
        self._search_field.value = ""
        self.remove_class("-searching")
        self.screen.set_focus(self.front)
