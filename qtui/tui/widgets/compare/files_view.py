"""The artifacts of two of the compared runs: equal files are folded, a file that differs opens below its line."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from textual.strip import Strip

from qtui.compare.artifact_differences import (
    FileDifference,
    FileMatch,
    compare_files,
    frame_differences,
    frame_rows,
    sort_files,
    text_difference,
)
from qtui.compare.run_comparison import RunComparison
from qtui.entities import RunInfo
from qtui.errors import QtuiError
from qtui.formatting import ABSENT, format_count, format_size
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row
from qtui.text import display
from qtui.tui.commands.compare import OpenCompared
from qtui.tui.commands.compare_plots import ChoosePlotAxis
from qtui.tui.widgets.artifact.content_widget import TaskSteps
from qtui.tui.widgets.artifact.row_viewport import Place
from qtui.tui.widgets.artifact.rows_widget import RowsWidget, WindowResult
from qtui.tui.widgets.compare.pair_view import MAX_READ_BYTES, PairView, read_frame
from qtui.tui.widgets.compare.view import ArtifactReader
from qtui.tui.widgets.row_painter import RowCursor

MATCH_ROLES = {
    FileMatch.EQUAL: "muted",
    FileMatch.DIFFERENT: "accent",
    FileMatch.UNKNOWN: "muted",
}
TABLES_HINT: Row = (Piece('The view "tables" shows the rows beside each other.', "muted"),)


class FilesLine(NamedTuple):
    """A line of the view: a file, the heading of the equal files, or a part of a difference."""

    pieces: Row
    path: str = ""
    """The path of the file that the line opens; empty for none."""
    is_heading: bool = False
    """Whether the line opens the list of the equal files."""


class FilesView(PairView, RowsWidget[FilesLine]):
    """Shows the artifacts of the baseline, or of the first run, beside those of another run."""

    OWN_COMMANDS = (OpenCompared, ChoosePlotAxis)
    ROW_NAME = "line"

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[RunInfo, RunInfo] | None = None
        self._files: tuple[FileDifference, ...] = ()
        self._details: dict[str, Sequence[Row]] = {}
        """The differences that are open, by path."""
        self._shows_equal = False

    # The runs

    @property
    def is_waiting(self) -> bool:
        return super().is_waiting or not self.viewport.height

    @property
    def position(self) -> str:
        """The names of both runs."""
        return " and ".join(self.pair_names)

    @property
    def at_file(self) -> bool:
        """Whether the cursor is on a line that opens something."""
        return bool(self.current_row and (self.current_row.path or self.current_row.is_heading))

    def show_comparison(self, comparison: RunComparison) -> None:
        """Show a comparison; the files are read again for other runs."""
        super().show_comparison(comparison)
        if self.pair != self._runs and self.pair is not None and self.artifacts is not None:
            self._runs, self._files, self._details = self.pair, (), {}
            self._show_lines()
            steps = partial(self._compare_steps, self.artifacts, self.pair)
            self.run_task("files", steps, self._show_files, "comparing files")

    def _compare_steps(
        self, artifacts: ArtifactReader, pair: tuple[RunInfo, RunInfo]
    ) -> TaskSteps[tuple[FileDifference, ...]]:
        """List the files of both runs, and compare the contents of those with the same size."""
        yield None
        first = artifacts.sizes(pair[0])
        yield None
        second = artifacts.sizes(pair[1])

        def is_equal(path: str) -> bool | None:
            if max(first[path] or 0, second[path] or 0) > MAX_READ_BYTES:
                return None
            try:
                digests = [hashlib.sha256(artifacts.content(info, path, MAX_READ_BYTES)).digest() for info in pair]
            except (QtuiError, OSError):
                return None
            return digests[0] == digests[1]

        files = []
        for difference in compare_files(first, second, is_equal):
            files.append(difference)
            yield None
        return sort_files(files)

    def _show_files(self, files: tuple[FileDifference, ...]) -> None:
        self._files = files
        self._show_lines()

    # Lines

    def _show_lines(self) -> None:
        self.set_rows(self._lines())
        self.relayout()

    def _lines(self) -> list[FilesLine]:
        lines: list[FilesLine] = []
        equal = [file for file in self._files if file.match is FileMatch.EQUAL]
        for file in self._files:
            if file.match is not FileMatch.EQUAL:
                lines.append(_file_line(file))
                lines += [FilesLine((Piece("    "), *row)) for row in self._details.get(file.path, ())]
        if equal:
            sign = "▾" if self._shows_equal else "▸"
            heading = Piece(f"{sign} {format_count(len(equal), 'equal file')}", "muted")
            lines.append(FilesLine((heading,), is_heading=True))
            lines += [_file_line(file) for file in equal if self._shows_equal]
        if self._runs and not self._files and not self.is_running_task("files"):
            lines.append(FilesLine((Piece("These runs have no artifacts.", "muted"),)))
        return lines

    def show_window(self, result: WindowResult[FilesLine]) -> None:
        """Ignore a window: the lines are in memory already."""

    def paint_line(self, place: Place, row: FilesLine, cells: int, cursor: RowCursor) -> Strip:
        pieces = (Piece(display(text), role) for text, role in row.pieces)
        return self.painter.paint(fit_row(cells, *pieces), cells, cursor)

    # Differences of a file

    def action_open_compared(self) -> None:
        """Show how the file under the cursor differs, or hide that; show the equal files, or hide them."""
        path = self.current_row.path if self.current_row else ""
        if self.current_row and self.current_row.is_heading:
            self._shows_equal = not self._shows_equal
        elif path in self._details:
            del self._details[path]
        elif path and self._runs and self.artifacts is not None:
            steps = partial(self._difference_steps, self.artifacts, self._runs, path)
            self.run_task("difference", steps, partial(self._show_difference, path), "comparing")
        self._show_lines()

    def _show_difference(self, path: str, rows: Sequence[Row]) -> None:
        self._details[path] = rows
        self._show_lines()

    def _difference_steps(
        self, artifacts: ArtifactReader, pair: tuple[RunInfo, RunInfo], path: str
    ) -> TaskSteps[Sequence[Row]]:
        """Return how two files differ: tables by their columns, texts by their lines."""
        yield None
        try:
            frames = [read_frame(artifacts, info, path) for info in pair]
            if frames[0] is not None and frames[1] is not None:
                return [*frame_rows(frame_differences(frames[0], frames[1])), TABLES_HINT]
            contents = [artifacts.content(info, path, MAX_READ_BYTES) for info in pair]
        except (QtuiError, OSError, ValueError) as error:
            return [(Piece(str(error), "warning"),)]
        yield None
        try:
            texts = [content.decode() for content in contents]
        except UnicodeDecodeError:
            return [(Piece("The contents are not text; they differ.", "muted"),)]
        names = tuple(info.name or info.run_id[:8] for info in pair)
        return text_difference(texts[0], texts[1], (names[0], names[1]))


def _file_line(file: FileDifference) -> FilesLine:
    """Return the line of a file: state, sizes, path."""
    sizes = " → ".join(ABSENT if size is None else format_size(size) for size in file.sizes)
    role = MATCH_ROLES.get(file.match, "warning")
    pieces = (Piece(f"{file.match.value:<24}", role), Piece(f"{sizes:>18}  ", "muted"), Piece(file.path))
    can_open = file.match is FileMatch.DIFFERENT
    return FilesLine(pieces, file.path if can_open else "")
