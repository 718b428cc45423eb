"""Diffs with their lines coloured, such as the code that Qlib saves with a run."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.text.coloured_text import ColouredText
from qtui.artifacts.text.languages import language_of
from qtui.artifacts.text.text_file import open_text
from qtui.artifacts.viewer import View, Viewer
from qtui.plot.pieces import Piece, Row

ROLES = (
    (("diff ", "Index: ", "=== "), "heading"),
    (
        ("--- ", "+++ ", "index ", "old mode", "new mode", "new file", "deleted file", "similarity", "rename"),
        "strong",
    ),
    (("@@",), "accent"),
    (("+",), "good"),
    (("-",), "error"),
    (("\\ No newline",), "muted"),
)
"""The roles of lines by their starts; the first match counts."""


class DiffViewer(Viewer):
    """Unified diffs."""

    name = "diff"

    def recognises(self, sample: Sample) -> bool:
        return language_of(sample) == "diff"

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("diff", lambda: ColouredText(open_text(source, sample.encoding), diff_row)),)


def diff_row(line: str) -> Row:
    """Return a line of a diff with its role."""
    return (Piece(line, next((role for starts, role in ROLES if line.startswith(starts)), "text")),)
