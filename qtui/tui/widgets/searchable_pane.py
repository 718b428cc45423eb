"""A pane with a search field, which is hidden until the user searches."""

from __future__ import annotations

from textual import on
from textual.actions import SkipAction
from textual.widget import Widget

from qtui.tui.widgets.field import Field
from qtui.tui.widgets.pane import Pane


class SearchablePane(Pane):
    """Base of panes that compose a `Field` and offer `Filter` and `Back`: the typed text filters their contents."""

    DEFAULT_CSS = """
    SearchablePane {
        & > Field { display: none; }
        &.-searching > Field { display: block; }
    }
    """

    @property
    def front(self) -> Widget:
        """The widget that has the focus while nobody types."""
        raise NotImplementedError

    @property
    def search_text(self) -> str:
        """The text that is searched for; empty without a search."""
        return self.query_one(Field).value.strip()

    def apply_search(self) -> None:
        """Show the contents that match the search."""
        raise NotImplementedError

    def focus_content(self) -> None:
        """Give the focus to the matches."""
        self.screen.set_focus(self.front)

    @on(Field.Changed)
    def _search(self, event: Field.Changed) -> None:
        event.stop()
        self.apply_search()

    @on(Field.Submitted)
    def _keep_search(self, event: Field.Submitted) -> None:
        event.stop()
        self.set_class(bool(self.search_text), "-searching")
        self.focus_content()

    def action_filter(self) -> None:
        """Let the user type a search."""
        self.add_class("-searching")
        self.screen.set_focus(self.query_one(Field))

    def action_back(self) -> None:
        """End the search and show everything."""
        if not self.has_class("-searching"):
            raise SkipAction
        self.query_one(Field).value = ""
        self.remove_class("-searching")
        self.screen.set_focus(self.front)
