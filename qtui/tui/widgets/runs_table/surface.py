"""A widget of lines that sends only what has changed to the terminal."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
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
    start = _shared(before, after, 1)
    if start == new.cell_length:
        return None
    return start, new.cell_length - _shared(before[::-1], after[::-1], -1)


def _shared(before: list[Segment], after: list[Segment], step: int) -> int:
    """How many cells are the same in both lines from one end on, however they are cut into segments."""
    cells = 0
    rest, other = "", ""
    one, two = iter(before), iter(after)
    style = other_style = None
    while True:
        if not rest:
            rest, style, _ = next(one, _END)
        if not other:
            other, other_style, _ = next(two, _END)
        if not rest or not other or style != other_style:
            return cells
        length = min(len(rest), len(other))
        mine, yours = (rest[:length], other[:length]) if step > 0 else (rest[-length:], other[-length:])
        if mine != yours:
            return cells + cell_len(_common(mine, yours, step))
        cells += cell_len(mine)
        rest, other = (rest[length:], other[length:]) if step > 0 else (rest[:-length], other[:-length])


def _common(one: str, two: str, step: int) -> str:
    """What two texts of equal length begin with, or end with."""
    pairs = zip(one[::step], two[::step], strict=True)
    length = next((index for index, (mine, yours) in enumerate(pairs) if mine != yours), len(one))
    return one[:length] if step > 0 else one[len(one) - length :]


_END = Segment("")
