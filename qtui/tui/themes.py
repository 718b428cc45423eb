"""The themes, and the theme variables that the widgets use."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace

from textual.theme import Theme

from qtui.plot.pieces import RUN_COLOURS_ON_LIGHT
from qtui.tui.options import AUTO
from qtui.value_classes import dataclass

RUN_COLOURS_ON_DARK = ("#68b9da", "#e69f00", "#31be89", "#d67eac", "#f0e442", "#ff7f4d", "#a6a0ff", "#c7c7c7")
"""The colours of the roles `run-0` to `run-7` on a dark background, chosen like those on a light one."""

RUN_ROLES = tuple(f"run-{number}" for number in range(len(RUN_COLOURS_ON_DARK)))
"""The roles of runs, which are also the theme variables of their colours."""


@dataclass(frozen=True, slots=True)
class ThemePalette:
    """The colours of a theme."""

    name: str
    dark: bool
    background: str
    surface: str
    panel: str
    line: str
    foreground: str
    muted: str
    accent: str
    cursor: str
    good: str
    warning: str
    error: str
    cursor_text: str = ""
    cursor_style: str = "none"
    blurred_style: str = "none"
    """The style of the selected line in a pane without the focus."""


PALETTES = (
    ThemePalette(
        name="night",
        dark=True,
        background="#14171c",
        surface="#1a1e25",
        panel="#222731",
        line="#323947",
        foreground="#d3d8e0",
        muted="#8b94a3",
        accent="#7db3f0",
        cursor="#2a3a50",
        good="#6fcf97",
        warning="#e6b455",
        error="#f2777a",
    ),
    ThemePalette(
        name="day",
        dark=False,
        background="#fbfaf8",
        surface="#f3f1ed",
        panel="#e9e6e0",
        line="#d2cdc4",
        foreground="#2a2d34",
        muted="#616671",
        accent="#1f5fb0",
        cursor="#d6e4f5",
        good="#1a7044",
        warning="#8a5b00",
        error="#b3262e",
    ),
    ThemePalette(
        name="forest",
        dark=True,
        background="#151a17",
        surface="#1b221e",
        panel="#242d28",
        line="#35403a",
        foreground="#d6ddd3",
        muted="#8b988e",
        accent="#8fce9b",
        cursor="#2a4033",
        good="#8fce9b",
        warning="#dfb765",
        error="#ec8079",
    ),
    ThemePalette(
        name="sand",
        dark=False,
        background="#f7f1e3",
        surface="#f1eada",
        panel="#ece4d2",
        line="#cfc3a8",
        foreground="#3b3226",
        muted="#6c604c",
        accent="#8a4b1c",
        cursor="#ecd9b4",
        good="#4b6b1f",
        warning="#8a5a00",
        error="#a32e28",
    ),
    ThemePalette(
        name="contrast-dark",
        dark=True,
        background="#000000",
        surface="#000000",
        panel="#1c1c1c",
        line="#9a9a9a",
        foreground="#ffffff",
        muted="#d0d0d0",
        accent="#ffd400",
        cursor="#ffd400",
        good="#4dff9e",
        warning="#ffb000",
        error="#ff8a8a",
        cursor_text="#000000",
        cursor_style="bold",
    ),
    ThemePalette(
        name="contrast-light",
        dark=False,
        background="#ffffff",
        surface="#ffffff",
        panel="#ececec",
        line="#555555",
        foreground="#000000",
        muted="#333333",
        accent="#0033a0",
        cursor="#0033a0",
        good="#005a2b",
        warning="#6b4300",
        error="#a00000",
        cursor_text="#ffffff",
        cursor_style="bold",
    ),
)


INDEXED: Mapping[str, tuple[int, int, int, int, int, int]] = {
    "night": (234, 235, 236, 238, 238, 247),
    "day": (231, 255, 254, 250, 252, 241),
    "forest": (234, 235, 236, 238, 238, 247),
    "sand": (231, 255, 254, 250, 223, 239),
    "contrast-dark": (16, 16, 234, 247, 220, 252),
    "contrast-light": (231, 231, 255, 240, 25, 236),
}
"""Background, surface, panel, line, cursor and muted text out of 256 colours: the nearest would be navy and teal."""

CUBE = (0, 95, 135, 175, 215, 255)
"""The steps of red, green and blue in the colours 16 to 231."""


def rgb_of_index(index: int) -> str:
    """Return one of the colours 16 to 255, which are the same on every terminal, as `#rrggbb`."""
    if index < 232:
        red, rest = divmod(index - 16, 36)
        parts = (red, *divmod(rest, 6))
        return "#{:02x}{:02x}{:02x}".format(*(CUBE[part] for part in parts))
    return "#" + f"{8 + 10 * (index - 232):02x}" * 3


def reduce_palette(palette: ThemePalette, colours: int) -> ThemePalette:
    """Return the palette for a terminal with this number of colours."""
    if colours > 256:
        return palette
    if colours == 256:
        background, surface, panel, line, cursor, muted = map(rgb_of_index, INDEXED[palette.name])
        return replace(
            palette, background=background, surface=surface, panel=panel, line=line, cursor=cursor, muted=muted
        )
    ground, line, muted = ("#000000", "#555555", "#aaaaaa") if palette.dark else ("#ffffff", "#aaaaaa", "#555555")
    return replace(
        palette,
        background=ground,
        surface=ground,
        panel=ground,
        line=line,
        muted=muted,
        cursor=ground,
        cursor_text="",
        cursor_style="reverse",
        blurred_style="bold underline",
    )


def theme_of(palette: ThemePalette) -> Theme:
    """Return Textual's theme for a palette."""
    cursor_text = palette.cursor_text or palette.foreground
    return Theme(
        name=palette.name,
        dark=palette.dark,
        primary=palette.accent,
        secondary=palette.muted,
        accent=palette.accent,
        success=palette.good,
        warning=palette.warning,
        error=palette.error,
        background=palette.background,
        surface=palette.surface,
        panel=palette.panel,
        foreground=palette.foreground,
        variables={
            "text-muted": palette.muted,
            "line": palette.line,
            "good": palette.good,
            "border": palette.accent,
            "border-blurred": palette.line,
            "block-cursor-background": palette.cursor,
            "block-cursor-foreground": cursor_text,
            "block-cursor-text-style": palette.cursor_style,
            "block-cursor-blurred-background": palette.panel,
            "block-cursor-blurred-foreground": palette.foreground,
            "block-cursor-blurred-text-style": palette.blurred_style,
            "block-hover-background": palette.surface,
            "input-selection-background": f"{palette.accent} 35%",
            "scrollbar": palette.line,
            "scrollbar-hover": palette.muted,
            "scrollbar-active": palette.accent,
            "scrollbar-background": palette.background,
            "scrollbar-background-hover": palette.background,
            "scrollbar-background-active": palette.background,
            "scrollbar-corner-color": palette.background,
        },
    )


TERMINAL = Theme(
    name="terminal",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_bright_black",
    accent="ansi_blue",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "text-muted": "ansi_bright_black",
        "line": "ansi_bright_black",
        "good": "ansi_green",
        "border": "ansi_blue",
        "border-blurred": "ansi_bright_black",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
        "block-cursor-blurred-text-style": "bold underline",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
        **dict(
            zip(
                RUN_ROLES,
                (
                    "ansi_blue",
                    "ansi_yellow",
                    "ansi_cyan",
                    "ansi_magenta",
                    "ansi_green",
                    "ansi_red",
                    "ansi_bright_blue",
                    "ansi_bright_black",
                ),
                strict=True,
            )
        ),
    },
)
"""The theme of the terminal's own 16 colours; with `NO_COLOR` it has only bold, dim and reverse."""

THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (*map(theme_of, PALETTES), TERMINAL)}
"""Our themes in all colours, the default first."""


def themes_for(*, dark: bool, colours: int) -> tuple[Theme, ...]:
    """Return our themes for a terminal of this background and number of colours, with the one that follows both."""
    themes = [theme_of(reduce_palette(palette, colours)) for palette in PALETTES]
    by_name = {theme.name: theme for theme in themes}
    terminal = on_dark(TERMINAL) if dark else replace(TERMINAL, dark=False)
    follows = by_name["night" if dark else "day"] if colours > 16 else terminal
    return (*themes, terminal, replace(follows, name=AUTO))


def on_dark(terminal: Theme) -> Theme:
    """Return the theme with cyan for blue, which is hard to read on black in most terminals."""
    variables = {name: "ansi_cyan" if colour == "ansi_blue" else colour for name, colour in terminal.variables.items()}
    variables |= {"run-0": "ansi_bright_blue", "run-6": "ansi_bright_magenta"}
    return replace(terminal, primary="ansi_cyan", accent="ansi_cyan", variables=variables)


def defaults(*, dark: bool) -> dict[str, str]:
    """Return our theme variables, for themes that do not set them."""
    colours = RUN_COLOURS_ON_DARK if dark else RUN_COLOURS_ON_LIGHT
    return {
        "line": "#3a3f4a" if dark else "#cccccc",
        "good": "#6fcf97" if dark else "#1d7a4a",
        **dict(zip(RUN_ROLES, colours, strict=True)),
    }


def run_colour(run_id: str) -> str:
    """Return the theme variable with the colour of a run, which depends only on its ID."""
    return RUN_ROLES[zlib.crc32(run_id.encode("utf-8", "replace")) % len(RUN_ROLES)]
