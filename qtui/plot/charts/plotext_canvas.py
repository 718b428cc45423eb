"""plotext's figure behind a lock: symbols and bars in, rows of pieces with our roles out.

plotext has one figure for the whole process, aborts on NaN, sizes itself by the terminal and has colours of its own. A
`PlotextCanvas` is given finite values, explicit limits and its size, and translates the colours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Any

from qtui.plot.axes.limits import AxisLimits
from qtui.plot.pieces import Piece, Row

FIRST_COLOUR_NUMBER = 16
"""The colour number of the first role; the 16 numbers below it have escape sequences of their own."""

_FIGURE_LOCK = Lock()
"""plotext has one figure for the whole process."""

_COLOURED_TEXT = re.compile(r"\x1b\[(?:0|38;5;(\d+))m([^\x1b]*)")

MarkerFactory = Callable[[str, str], Any]
"""Returns plotext's marker for a symbol and a role."""


class PlotextCanvas:
    """Symbols and bars on an area of cells; limits are the centres of its first and last cells."""

    def __init__(self, cells: int, rows: int, x: AxisLimits, y: AxisLimits) -> None:
        self._size = (cells, rows)
        self._limits = (x, y)
        self._roles: dict[str, int] = {}
        self._layers: list[Callable[[Any, MarkerFactory], Any]] = []

    def add_symbols(self, xs: Sequence[float], ys: Sequence[float], symbol: str, role: str) -> None:
        """Add a symbol at each of these points; `braille` and other names of plotext's markers draw dots."""
        self._layers.append(lambda figure, marker: figure.signal(list(xs), list(ys), marker=marker(symbol, role)))

    def add_horizontal_bar(self, y: float, value: float, symbol: str, role: str) -> None:
        """Add a bar from zero to a value; several in one layer would have heights that depend on their gaps."""
        self._layers.append(
            lambda figure, marker: figure.bar(
                [y], [value], marker=marker(symbol, role), width=0.2, orientation="h", _reset_ticks=False
            )
        )

    def rows(self) -> list[Row]:
        """Draw the layers in their order."""
        import plotext

        def marker(symbol: str, role: str) -> Any:
            number = self._roles.setdefault(role, len(self._roles))
            return plotext.marker(symbol, FIRST_COLOUR_NUMBER + number)

        figure: Any = plotext.figure
        with _FIGURE_LOCK:
            # The picture is as large as its widget, whatever the terminal of the process is.
            plotext.terminal.limit(False, False)
            figure.clear()
            figure.theme("colorless")
            figure.axes(False)
            figure.plot_size(*self._size)
            for layer in self._layers:
                figure.draw(layer(figure, marker))
            x_limits, y_limits = self._limits
            for axis, sides, limits in (("x", ("lower", "upper"), x_limits), ("y", ("left", "right"), y_limits)):
                figure.ruler(axis, sides[0]).lim(*limits)
                for side in sides:
                    figure.ruler(axis, side).ticks([], [])
            lines = str(figure.build().string()).splitlines()
        roles = list(self._roles)
        return [tuple(_parse_pieces(line, roles)) for line in lines]


def _parse_pieces(line: str, roles: Sequence[str]) -> Iterator[Piece]:
    """Return the pieces of a line that plotext drew, with roles for its colours."""
    for colour, text in _COLOURED_TEXT.findall(line):
        if text:
            yield Piece(text, roles[int(colour) - FIRST_COLOUR_NUMBER] if colour else "text")
