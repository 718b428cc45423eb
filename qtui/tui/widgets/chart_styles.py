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
    "text": ("forebase_style", ""),
    "title": ("forebase_style", "bold"),
    "strong": ("forebase_style", "bold"),
    "focus": ("accent", "bold"),
    "muted": ("text-muted", ""),
    "tick": ("text-muted", ""),
    "axis": ("line", ""),
    "grid": ("line", ""),
    "cursor": ("accent", ""),
}
"""The theme variable of the colour and the text style of each role that is not a curve."""

OPACITIES = {DIM_SUFFIX: 0.45, BAND_SUFFIX: 0.55}
"""The opacity of a curve's colour in raw curves and bands."""


class ChartStyles:
    """Styles by role on one background, each computed once."""

    def __init__(self, variables: Mapping[str, str], base_style: Style, background: Color) -> None:
        self.base_style = base_style
        self._variables = variables
        self._background = background
        self._styles: dict[str, Style] = {}

    def style(self, role: str) -> Style:
        """Return the style of a role."""
        style = self._styles.get(role)
        if style is None:
            style = self._styles[role] = self.base_style + self._create_style(role)
        return style

    def strip(self, row: Row, cells: int) -> Strip:
        """Return a row of a picture as a strip."""
        return Strip([Segment(piece.text, self.style(piece.role)) for piece in row], cells)

    def _create_style(self, role: str) -> Style:
        if role in ROLES:
            variable, text_style = ROLES[role]
            return Style.parse(text_style) + self._foreground_style(variable)
        for suffix, opacity in OPACITIES.items():
            if role.endswith(suffix):
                return self._foreground_style(role.removesuffix(suffix), opacity)
        return self._foreground_style(role)

    def _foreground_style(self, variable: str, opacity: float = 1.0) -> Style:
        """Return a style with a colour of the theme, mixed with the background by the opacity."""
        value = self._variables.get(variable)
        if value is None:
            return Style()
        color = Color.parse(value)
        if color.ansi is not None:
            # The terminal's own colours cannot be mixed.
            return Style(color=color.rich_color, dim=opacity < 1 or None)
        return Style(color=self._background.blend(color, opacity * color.a).rich_color)
