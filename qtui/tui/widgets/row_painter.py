"""Paint rows of pieces: every role of a piece has its style here, and the theme its colours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from qtui.plot.pieces import Piece
from qtui.plot.roles import BAND_SUFFIX, DIM_SUFFIX
from qtui.tui.themes import RUN_ROLES

ROLES: Mapping[str, tuple[str, str]] = {
    "text": ("foreground", ""),
    "strong": ("foreground", "bold"),
    "title": ("foreground", "bold"),
    "muted": ("text-muted", ""),
    "disabled": ("text-muted", "dim"),
    "heading": ("text-muted", "bold"),
    "accent": ("accent", ""),
    "focus": ("accent", "bold"),
    "good": ("good", ""),
    "warning": ("warning", ""),
    "error": ("error", ""),
    "tick": ("text-muted", ""),
    "axis": ("line", ""),
    "grid": ("line", ""),
    "cursor": ("accent", ""),
    "match": ("accent", "reverse"),
    "best": ("good", "bold underline"),
    "muted-best": ("text-muted", "bold underline"),
    "curve": ("secondary", ""),
    "stale": ("warning", "bold"),
    "better": ("good", ""),
    "worse": ("error", ""),
    "current-title": ("accent", "bold underline"),
    "current-cell": ("foreground", "underline"),
    "scroll-bar": ("scrollbar", ""),
    **{role: (role, "") for role in RUN_ROLES},
}
"""The theme variable with the colour of every role, and its text style."""

OPACITIES: Mapping[str, float] = {DIM_SUFFIX: 0.45, BAND_SUFFIX: 0.55}
"""The opacity of a colour in raw curves, bands and pulses, by the suffix of the role."""


class RowCursor(Enum):
    """Whether a row has the cursor, and whether keys reach it; the value is a prefix of theme variables."""

    NONE = ""
    FOCUSED = "block-cursor"
    BLURRED = "block-cursor-blurred"


class RowPainter:
    """Paints rows on one background; every style is computed once.

    A row with the focused cursor has the text colour of the cursor, which can be read on its background in every
    theme; only the colours of runs remain.
    """

    def __init__(self, variables: Mapping[str, str], ground: Style, background: Color) -> None:
        """`variables` are those of the theme, `ground` and `background` the style and the colour behind the rows."""
        self._variables = variables
        self._ground = ground
        self._background = background
        self._styles: dict[RowCursor, dict[str, Style]] = {cursor: {} for cursor in RowCursor}

    @classmethod
    def of(cls, widget: Widget) -> RowPainter:
        """Return a painter for a widget; valid until `notify_style_update`."""
        return cls(widget.app.theme_variables, widget.rich_style, widget.background_colors[1])

    def paint(self, row: Iterable[Piece], cells: int, cursor: RowCursor = RowCursor.NONE) -> Strip:
        """Return a row that is `cells` wide as a strip; neighbours of one style become one segment."""
        segments: list[Segment] = []
        styles = self._styles[cursor]
        last_text, last_style = "", None
        for text, role in row:
            style = styles.get(role) or self.style(role, cursor)
            if style is last_style:
                last_text += text
                continue
            if last_text:
                segments.append(Segment(last_text, last_style))
            last_text, last_style = text, style
        if last_text:
            segments.append(Segment(last_text, last_style))
        return Strip(segments, cells)

    def style(self, role: str, cursor: RowCursor = RowCursor.NONE) -> Style:
        """Return the style of a role; raise KeyError for an unknown one."""
        styles = self._styles[cursor]
        if role not in styles:
            style = self._make_style(role, cursor)
            # Equal styles are one object, so that `paint` can compare them quickly.
            styles[role] = next((other for other in styles.values() if other == style), style)
        return styles[role]

    def _make_style(self, role: str, cursor: RowCursor) -> Style:
        suffix = next((suffix for suffix in OPACITIES if role.endswith(suffix)), "")
        variable, text_style = ROLES[role.removesuffix(suffix)]
        opacity = OPACITIES.get(suffix, 1.0)
        if cursor is RowCursor.NONE:
            return self._ground + self._colour(variable, self._background, opacity) + Style.parse(text_style)
        background = self._background + self._parse(f"{cursor.value}-background", self._background)
        if cursor is RowCursor.FOCUSED and variable not in RUN_ROLES:
            variable = f"{cursor.value}-foreground"
        return (
            self._ground
            + Style(bgcolor=background.rich_color)
            + self._colour(variable, background, opacity)
            + Style.parse(self._variables[f"{cursor.value}-text-style"])
            + Style.parse(text_style)
        )

    def _colour(self, variable: str, background: Color, opacity: float) -> Style:
        """Return the text colour of a theme variable, blended with the background."""
        color = self._parse(variable, background)
        if color.ansi is not None:
            # The terminal's own colours cannot be blended.
            return Style(color=color.rich_color, dim=opacity < 1 or None)
        return Style(color=background.blend(color, opacity * color.a).rich_color)

    def _parse(self, variable: str, background: Color) -> Color:
        """Return the colour of a theme variable, such as `ansi_default 50%` or `auto 87%`."""
        name, _, percent = self._variables[variable].partition(" ")
        alpha = float(percent.removesuffix("%")) / 100 if percent else 1.0
        return background.get_contrast_text(alpha) if name == "auto" else Color.parse(name).multiply_alpha(alpha)


def refresh_changed_lines(
    widget: Widget, rendered: Mapping[int, Strip], render: Callable[[int], Strip], width: int, lines: Iterable[int]
) -> None:
    """Refresh the lines of a widget that look different from what was rendered last."""
    pairs = ((y, rendered.get(y), render(y)) for y in lines)
    changed = [Region(0, y, width, 1) for y, before, after in pairs if before is not after and before != after]
    if changed:
        widget.refresh(*changed)
