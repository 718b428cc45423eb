"""Points at a mistake in a line of text."""

from __future__ import annotations

from qtui.text import display, width

LEAD = 50
"""How much is shown before a mistake that stands far to the right."""


def pointed(text: str, position: int, length: int = 1) -> tuple[str, str]:
    """The text on one line, and a line of carets under the part that is meant."""
    start = max(0, position - LEAD) if len(text) > 2 * LEAD else 0
    before = ("…" if start else "") + display(text[start:position])
    meant = display(text[position : position + max(length, 1)])
    after = display(text[position + max(length, 1) :][: 2 * LEAD])
    return before + meant + after, " " * width(before) + "^" * max(1, width(meant))
