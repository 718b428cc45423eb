"""Paint rows of pieces: every role of a piece has its style here, and the theme its colours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import partial

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from qtui.plot.pieces import BAND_SUFFIX, DIM_SUFFIX
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


class RoleStyles(dict[str, Style]):
    """The styles of roles, each made on first use; equal styles are one object, so that they compare quickly."""

    def __init__(self, make_style: Callable[[str], Style]) -> None:
        super().__init__()
        self._make_style = make_style

    def __missing__(self, role: str) -> Style:
        style = self._make_style(role)
        self[role] = next((other for other in self.values() if other == style), style)
        return self[role]


class RowPainter:
    """Paints rows on one background; every style is computed once.

    A row with the focused cursor has the text colour of the cursor, which can be read on its background in every
    theme; only the colours of runs remain.
    """

    def __init__(
        self, variables: Mapping[str, str], ground: Style, background: Color, filters: Sequence[LineFilter] = ()
    ) -> None:
        """`variables` are those of the theme, `ground` and `background` the style and the colour behind the rows.

        `filters` are applied to the styles, not to the texts.
        """
        self._filters = filters
        self._variables = variables
        self._ground = ground
        self._background = background
        self._styles = {cursor: RoleStyles(partial(self._filtered_style, cursor)) for cursor in RowCursor}

    @classmethod
    def of(cls, widget: Widget) -> RowPainter:
        """Return a painter for a widget; valid until `notify_style_update`."""
        background = widget.background_colors[1]
        return cls(widget.app.theme_variables, widget.rich_style, background, widget.get_line_filters())

    def paint(self, row: Iterable[tuple[str, str]], cells: int, cursor: RowCursor = RowCursor.NONE) -> Strip:
        """Return a row of texts and roles that is `cells` wide as a strip; neighbours of one style are one segment."""
        segments: list[Segment] = []
        styles = self._styles[cursor]
        last_text, last_style = "", None
        for text, role in row:
            style = styles[role]
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
        return self._styles[cursor][role]

    def _filtered_style(self, cursor: RowCursor, role: str) -> Style:
        segment = Segment(" ", self._make_style(cursor, role))
        for line_filter in self._filters:
            (segment,) = line_filter.apply([segment], self._background)
        return segment.style or Style()

    def _make_style(self, cursor: RowCursor, role: str) -> Style:
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
    changed = [y for y, before, after in pairs if before is not after and before != after]
    # Lines below one another are one region: Textual handles every region by itself.
    starts = [y for y in changed if y - 1 not in changed]
    ends = [y + 1 for y in changed if y + 1 not in changed]
    if changed:
        widget.refresh(*(Region(0, start, width, end - start) for start, end in zip(starts, ends, strict=True)))
