"""The styles of the runs table, all from the theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.style import Style

from qtui.runs.cells import Tone
from qtui.tui.themes import RUN_COLOURS_ON_DARK, run_colour
from qtui.value_classes import dataclass

RUN_COLOUR_NAMES = tuple(f"run-{number}" for number in range(len(RUN_COLOURS_ON_DARK)))
PARTS = ("header", "sorted", "current", "cursor", "cell", "cursor-blurred", "mark", "group", "pulse", "bar")
COMPONENT_CLASSES = frozenset(f"runs-table--{name}" for name in (*PARTS, *Tone, *RUN_COLOUR_NAMES))
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
    & .runs-table--pulse { text-style: dim; }
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
""" + "".join(f"    & .runs-table--{name} {{ color: ${name}; }}\n" for name in RUN_COLOUR_NAMES)


@dataclass(frozen=True, slots=True)
class LineStyles:
    """The styles of one line."""

    plain: Style
    mark: Style
    tones: Mapping[Tone, Style]
    """The tones with a style of their own."""
    cell: Style | None = None
    """The text of the cell under the cursor, if the cursor is on this line."""

    def for_tone(self, tone: Tone) -> Style:
        """Return the style of a cell's text."""
        return self.tones.get(tone, self.plain)


@dataclass(frozen=True, slots=True)
class TableStyles:
    """The styles of the table by role."""

    plain: Style
    header: Style
    sorted: Style
    current: Style
    run: LineStyles
    dimmed: LineStyles
    """A running run in the dim phase of its pulse."""
    group: LineStyles
    faint: LineStyles
    cursor: LineStyles
    blurred: LineStyles
    bar: Style
    colours: Mapping[str, Style]

    def run_colour(self, run_id: str, line: LineStyles) -> Style:
        """Return the colour of a run on the background of its line."""
        return line.plain + self.colours[run_colour(run_id)]


def table_styles(plain: Style, component: Callable[[str], Style]) -> TableStyles:
    """Return the styles of a widget; `component` returns the style of a component class."""
    part = {name: component(f"runs-table--{name}") for name in (*PARTS, *Tone, *RUN_COLOUR_NAMES)}
    tones: dict[Tone, Style] = {tone: plain + part[tone] for tone in Tone if tone is not Tone.PLAIN}
    emphasis = Style(bold=part[Tone.BEST].bold, underline=part[Tone.BEST].underline)
    faint, mark = plain + part["faint"], plain + part["mark"]

    def uniform(name: str) -> LineStyles:
        """Return one style for a whole line; the best value keeps its emphasis."""
        style = plain + part[name]
        return LineStyles(style, style, {Tone.BEST: style + emphasis}, cell=style + part["cell"])

    return TableStyles(
        plain=plain,
        header=plain + part["header"],
        sorted=plain + part["sorted"],
        current=plain + part["current"],
        run=LineStyles(plain, mark, tones),
        dimmed=LineStyles(plain, mark, {**tones, Tone.RUNNING: tones[Tone.RUNNING] + part["pulse"]}),
        group=LineStyles(plain + part["group"], mark, tones),
        faint=LineStyles(faint, mark, {Tone.BEST: faint + emphasis}),
        cursor=uniform("cursor"),
        blurred=uniform("cursor-blurred"),
        bar=plain + part["bar"],
        colours={name: Style(color=part[name].color) for name in RUN_COLOUR_NAMES},
    )
