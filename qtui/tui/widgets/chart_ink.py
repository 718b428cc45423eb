"""Styles of charts: the role of a piece and the theme give its style."""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from qtui.plot.pieces import Row
from qtui.plot.roles import BAND_SUFFIX, DIM_SUFFIX

ROLES: Mapping[str, tuple[str, str]] = {
    "text": ("foreground", ""),
    "title": ("foreground", "bold"),
    "strong": ("foreground", "bold"),
    "focus": ("accent", "bold"),
    "muted": ("text-muted", ""),
    "tick": ("text-muted", ""),
    "axis": ("line", ""),
    "grid": ("line", ""),
    "cursor": ("accent", ""),
}
"""For each role that is no curve's the variable of its colour, and how the letters are."""

FAINT = {DIM_SUFFIX: 0.45, BAND_SUFFIX: 0.55}
"""The opacity of a curve's colour in raw curves and bands."""


class ChartInk:
    """Styles by role on one background, each computed once."""

    def __init__(self, variables: Mapping[str, str], ground: Style, background: Color) -> None:
        self.ground = ground
        self._variables = variables
        self._background = background
        self._styles: dict[str, Style] = {}

    def style(self, role: str) -> Style:
        """Return the style of a role."""
        style = self._styles.get(role)
        if style is None:
            style = self._styles[role] = self.ground + self._made(role)
        return style

    def strip(self, row: Row, cells: int) -> Strip:
        """Return a row of a picture as a strip."""
        return Strip([Segment(piece.text, self.style(piece.role)) for piece in row], cells)

    def _made(self, role: str) -> Style:
        if role in ROLES:
            variable, letters = ROLES[role]
            return Style.parse(letters) + self._coloured(variable)
        for ending, part in FAINT.items():
            if role.endswith(ending):
                return self._coloured(role.removesuffix(ending), part)
        return self._coloured(role)

    def _coloured(self, variable: str, part: float = 1.0) -> Style:
        """The letters in a colour of the theme, of which only a part may be left over the background."""
        value = self._variables.get(variable)
        if value is None:
            return Style()
        color = Color.parse(value)
        if color.ansi is not None:
            # The terminal's own colours cannot be mixed.
            return Style(color=color.rich_color, dim=part < 1 or None)
        return Style(color=self._background.blend(color, part * color.a).rich_color)
