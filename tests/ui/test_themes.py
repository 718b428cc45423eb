"""Themes: contrast of texts, and distinct colours of runs."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color, Lab, rgb_to_lab

import qtui.tui
from qtui.plot.pieces import RUN_COLOURS_ON_LIGHT
from qtui.tui.app import QtuiApp
from qtui.tui.themes import (
    PALETTES,
    RUN_COLOURS_ON_DARK,
    THEMES,
    ThemePalette,
    reduce_palette,
    rgb_of_index,
    run_colour,
)
from tests.ui.frame import frame_app

READABLE = 4.5
"""The minimum contrast of text by WCAG."""

# How each kind of colour blindness mixes red, green and blue: Machado, Oliveira and Fernandes, 2009.
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def luminance(color: Color) -> float:
    parts = (part / 255 for part in color.rgb)
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(Color.parse(one)), luminance(Color.parse(other))))
    return (high + 0.05) / (low + 0.05)


def rendered(color: str, blindness: str) -> Lab:
    linear = [(part / 255) ** 2.2 for part in Color.parse(color).rgb]
    mixed = (sum(weight * part for weight, part in zip(row, linear, strict=True)) for row in BLINDNESS[blindness])
    return rgb_to_lab(Color(*(round(255 * max(0.0, min(1.0, part)) ** (1 / 2.2)) for part in mixed)))


def distance(one: Lab, other: Lab) -> float:
    return float(((one.L - other.L) ** 2 + (one.a - other.a) ** 2 + (one.b - other.b) ** 2) ** 0.5)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_text_has_contrast_on_every_background(palette: ThemePalette) -> None:
    texts = (palette.foreground, palette.muted, palette.accent, palette.good, palette.warning, palette.error)
    for ground in (palette.background, palette.surface, palette.panel):
        assert {text: contrast(text, ground) for text in texts if contrast(text, ground) < READABLE} == {}
    assert contrast(palette.cursor_text or palette.foreground, palette.cursor) >= READABLE


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_the_colours_of_runs_have_contrast_with_the_background(palette: ThemePalette) -> None:
    colours = RUN_COLOURS_ON_DARK if palette.dark else RUN_COLOURS_ON_LIGHT
    assert min(contrast(colour, palette.background) for colour in colours) >= 3


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("colours", [RUN_COLOURS_ON_DARK, RUN_COLOURS_ON_LIGHT], ids=["dark", "light"])
def test_the_colours_of_runs_stay_apart_for_the_colour_blind(colours: tuple[str, ...], blindness: str) -> None:
    near = {
        (one, other): distance(rendered(one, blindness), rendered(other, blindness))
        for one, other in combinations(colours, 2)
        if distance(rendered(one, blindness), rendered(other, blindness)) < 14
    }
    assert near == {}


def test_a_run_has_the_same_colour_everywhere_and_runs_share_them_evenly() -> None:
    assert run_colour("8b2f0c") == run_colour("8b2f0c")
    used = [run_colour(f"{number:032x}") for number in range(800)]
    assert {used.count(colour) > 50 for colour in set(used)} == {True}
    assert len(set(used)) == len(RUN_COLOURS_ON_DARK)


@pytest.mark.parametrize("name", sorted(QtuiApp(lambda: None).available_themes))
async def test_every_theme_can_be_applied(name: str) -> None:
    app = frame_app()
    async with app.run_test() as pilot:
        app.theme = name
        await pilot.pause()
        assert app.theme_variables[run_colour("x")]


async def test_without_colours_the_terminal_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = frame_app()
    async with app.run_test() as pilot:
        await pilot.press(":")
        await pilot.pause()
        styles = [segment.style for line in app.screen._compositor.render_strips() for segment in line]
        assert {style.color.name for style in styles if style and style.color} <= {"default"}
        assert {style.bgcolor.name for style in styles if style and style.bgcolor} <= {"default"}
        assert any(style and style.reverse for style in styles)


def test_colours_come_from_the_theme_alone() -> None:
    folder = Path(qtui.tui.__file__).parent
    literal = re.compile(r"#[0-9a-fA-F]{6}\b|\brgb\(")
    files = [path for path in folder.rglob("*") if path.suffix in (".py", ".tcss")]
    assert [path.name for path in files if literal.search(path.read_text())] == ["themes.py"]


def test_with_sixteen_colours_both_selections_are_visible() -> None:
    variables = THEMES["terminal"].variables
    assert "reverse" in variables["block-cursor-text-style"]
    assert "underline" in variables["block-cursor-blurred-text-style"]


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_text_has_contrast_with_256_colours_too(palette: ThemePalette) -> None:
    reduced_palette = reduce_palette(palette, 256)
    texts = ("foreground", "muted", "accent", "good", "warning", "error")
    colours = {name: rgb_of_index(eight_bit(getattr(reduced_palette, name))) for name in texts}
    for ground in (reduced_palette.background, reduced_palette.surface, reduced_palette.panel):
        assert {name: contrast(colours[name], ground) for name in texts if contrast(colours[name], ground) < 4} == {}
    cursor_text = rgb_of_index(eight_bit(reduced_palette.cursor_text or reduced_palette.foreground))
    assert contrast(cursor_text, reduced_palette.cursor) >= READABLE


def eight_bit(colour: str) -> int:
    """Return the 256-colour number that a colour is sent as."""
    number = RichColor.parse(colour).downgrade(ColorSystem.EIGHT_BIT).number
    assert number is not None
    return number
