"""A pane with a field, hidden until it is wanted, that says what its contents must hold."""

from __future__ import annotations

from abc import abstractmethod

from textual import on
from textual.actions import SkipAction
from textual.widget import Widget

from qtui.tui.widgets.field import Field
from qtui.tui.widgets.pane import Pane


class SearchablePane(Pane):
    """Composes a `Field` and offers `Filter` and `Back`; what is typed narrows what it shows."""

    DEFAULT_CSS = """
    SearchablePane {
        & > Field { display: none; }
        &.-searching > Field { display: block; }
    }
    """

    @property
    @abstractmethod
    def front(self) -> Widget:
        """What has the keys when nobody types."""

    @property
    def searched(self) -> str:
        """What the contents must hold; empty where everything is shown."""
        return self.query_one(Field).value.strip()

    @abstractmethod
    def narrow(self) -> None:
        """Show what holds what is searched for."""

    def enter_found(self) -> None:
        """Go from the field to what was found."""
        self.screen.set_focus(self.front)

    @on(Field.Changed)
    def _search(self, event: Field.Changed) -> None:
        event.stop()
        self.narrow()

    @on(Field.Submitted)
    def _keep_search(self, event: Field.Submitted) -> None:
        event.stop()
        self.set_class(bool(self.searched), "-searching")
        self.enter_found()

    def action_filter(self) -> None:
        """Let the user type what the contents must hold."""
        self.add_class("-searching")
        self.screen.set_focus(self.query_one(Field))

    def action_back(self) -> None:
        """Show everything again, if something was searched for."""
        if not self.has_class("-searching"):
            raise SkipAction
        self.query_one(Field).value = ""
        self.remove_class("-searching")
        self.screen.set_focus(self.front)
