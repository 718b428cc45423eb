"""Carets that point at an error in a line of text."""

from __future__ import annotations

from qtui.text import display, width

MAX_CONTEXT_LENGTH = 50
"""Characters shown before an error in a long text; after it, twice as many."""


def caret_lines(text: str, position: int, length: int = 1) -> tuple[str, str]:
    """Return the text on one line, and a line with carets below the error."""
    start = max(0, position - MAX_CONTEXT_LENGTH) if len(text) > 2 * MAX_CONTEXT_LENGTH else 0
    before = ("…" if start else "") + display(text[start:position])
    error = display(text[position : position + max(length, 1)])
    after = display(text[position + max(length, 1) :][: 2 * MAX_CONTEXT_LENGTH])
    return before + error + after, " " * width(before) + "^" * max(1, width(error))
