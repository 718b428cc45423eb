"""A widget of lines that sends only what has changed to the terminal."""

from __future__ import annotations

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget


class Surface(Widget):
    """Shows lines of its own making. After any change `repaint` finds the cells that differ from what was drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn: dict[int, Strip] = {}
        self._room: Size | None = None

    def draw(self, y: int) -> Strip:
        """The line at this place of the widget as it should be now; cheap when asked again."""
        return Strip.blank(self.room.width, self.rich_style)

    @property
    def room(self) -> Size:
        """The lines and cells that there are to draw on."""
        if self._room is None:
            self._room = self.content_size
        return self._room

    def forget_room(self) -> None:
        """Ask for the room again, because it may have changed."""
        self._room = None

    def render_line(self, y: int) -> Strip:
        """Draw a line that the screen asks for."""
        strip = self._drawn[y] = self.draw(y)
        return strip

    def repaint(self) -> None:
        """Have the cells drawn again that are not what they should be."""
        changed = [
            Region(span[0], y, span[1] - span[0], 1)
            for y in range(self.room.height)
            if (span := difference(self._drawn.get(y), self.draw(y))) is not None
        ]
        if changed:
            self.refresh(*changed)


def difference(old: Strip | None, new: Strip) -> tuple[int, int] | None:
    """The cells from the first to behind the last that differ between two lines; None when nothing does."""
    if old is new:
        return None
    if old is None or old.cell_length != new.cell_length:
        return 0, new.cell_length
    before, after = list(old), list(new)
    start = 0
    while before and after and before[0] == after[0]:
        start += after.pop(0).cell_length
        before.pop(0)
    end = new.cell_length
    while before and after and before[-1] == after[-1]:
        end -= after.pop().cell_length
        before.pop()
    return (start, end) if after or before else None
