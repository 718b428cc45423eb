"""The styles that a table of runs is drawn in, all from the theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.style import Style

from qtui.runs.cells import Tone
from qtui.tui.themes import RUN_COLOURS_ON_DARK, run_colour

RUNS = tuple(f"run-{number}" for number in range(len(RUN_COLOURS_ON_DARK)))
PARTS = ("header", "sorted", "current", "cursor", "cell", "cursor-blurred", "mark", "group", "breath", "bar")
CLASSES = frozenset(f"runs-table--{name}" for name in (*PARTS, *Tone, *RUNS))
"""The component classes of the table."""

CSS = """
    & .runs-table--header { color: $text-muted; }
    & .runs-table--sorted { color: $foreground; text-style: bold; }
    & .runs-table--current { color: $accent; text-style: bold underline; }
    & .runs-table--cursor {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    & .runs-table--cell { text-style: underline; }
    & .runs-table--cursor-blurred {
        color: $block-cursor-blurred-foreground;
        background: $block-cursor-blurred-background;
        text-style: $block-cursor-blurred-text-style;
    }
    & .runs-table--mark { color: $accent; text-style: bold; }
    & .runs-table--group { text-style: bold; }
    & .runs-table--breath { text-style: dim; }
    & .runs-table--bar { color: $scrollbar; }
    & .runs-table--faint { color: $text-muted; }
    & .runs-table--best { color: $good; text-style: bold underline; }
    & .runs-table--curve { color: $secondary; }
    & .runs-table--running { color: $accent; }
    & .runs-table--finished { color: $good; }
    & .runs-table--failed { color: $error; }
    & .runs-table--killed { color: $warning; }
    & .runs-table--stale { color: $warning; text-style: bold; }
    & .runs-table--scheduled { color: $text-muted; }
""" + "".join(f"    & .runs-table--{name} {{ color: ${name}; }}\n" for name in RUNS)


@dataclass(frozen=True, slots=True)
class Ink:
    """The styles of one line."""

    plain: Style
    mark: Style
    tones: Mapping[Tone, Style]
    """What is drawn in a style of its own."""
    cell: Style | None = None
    """The letters where the cursor is, if it is on this line."""

    def of(self, tone: Tone) -> Style:
        """The letters of a cell."""
        return self.tones.get(tone, self.plain)


@dataclass(frozen=True, slots=True)
class Palette:
    """Rich styles by what they are for."""

    plain: Style
    header: Style
    sorted: Style
    current: Style
    run: Ink
    resting: Ink
    """A run between two breaths."""
    group: Ink
    faint: Ink
    cursor: Ink
    blurred: Ink
    bar: Style
    colours: Mapping[str, Style]

    def colour_of(self, run_id: str, ink: Ink) -> Style:
        """The colour of a run on the colour of its line."""
        return ink.plain + self.colours[run_colour(run_id)]


def palette_of(plain: Style, component: Callable[[str], Style]) -> Palette:
    """The palette of a widget, whose parts `component` knows."""
    part = {name: component(f"runs-table--{name}") for name in (*PARTS, *Tone, *RUNS)}
    tones: dict[Tone, Style] = {tone: plain + part[tone] for tone in Tone if tone is not Tone.PLAIN}
    emphasis = Style(bold=part[Tone.BEST].bold, underline=part[Tone.BEST].underline)
    faint, mark = plain + part["faint"], plain + part["mark"]

    def over(name: str) -> Ink:
        """One style for a whole line; the best value keeps its emphasis."""
        style = plain + part[name]
        return Ink(style, style, {Tone.BEST: style + emphasis}, cell=style + part["cell"])

    return Palette(
        plain=plain,
        header=plain + part["header"],
        sorted=plain + part["sorted"],
        current=plain + part["current"],
        run=Ink(plain, mark, tones),
        resting=Ink(plain, mark, {**tones, Tone.RUNNING: tones[Tone.RUNNING] + part["breath"]}),
        group=Ink(plain + part["group"], mark, tones),
        faint=Ink(faint, mark, {Tone.BEST: faint + emphasis}),
        cursor=over("cursor"),
        blurred=over("cursor-blurred"),
        bar=plain + part["bar"],
        colours={name: Style(color=part[name].color) for name in RUNS},
    )
