"""Syntax colours: roles for the tokens of a source text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import plain_text

if TYPE_CHECKING:
    from pygments.lexer import Lexer

TOKEN_ROLES = {
    "Comment": "muted",
    "Keyword": "accent",
    "Literal.Number": "run-3",
    "Literal.String": "good",
    "Literal.Date": "run-3",
    "Name.Attribute": "accent",
    "Name.Builtin": "run-0",
    "Name.Class": "strong",
    "Name.Decorator": "run-3",
    "Name.Exception": "run-0",
    "Name.Function": "strong",
    "Name.Namespace": "strong",
    "Name.Tag": "accent",
    "Operator.Word": "accent",
    "Punctuation": "muted",
    "Generic.Deleted": "error",
    "Generic.Emph": "accent",
    "Generic.Error": "error",
    "Generic.Heading": "focus",
    "Generic.Inserted": "good",
    "Generic.Strong": "strong",
    "Generic.Subheading": "focus",
    "Generic.Traceback": "error",
    "Error": "text",
}
"""The roles of Pygments' token types; a subtype has the role of its nearest listed parent."""

MAX_LINE_LENGTH = 2000
"""Characters of a line; a window with a longer line has no syntax colours, because they would take too long."""

MAX_TEXT_LENGTH = 50_000
"""Characters of a text inside of another one, such as a cell of a notebook, that has syntax colours."""


def highlight(rows: Sequence[Row], language: str) -> tuple[Row, ...]:
    """Return the rows of a part of a text in the colours of its language; as they are if that is unknown.

    A part that begins inside a string or comment of several lines can have the wrong colours there.
    """
    texts = [plain_text(row) for row in rows]
    lexer = lexer_for(language)
    if lexer is None or any(len(text) > MAX_LINE_LENGTH for text in texts):
        return tuple(rows)
    lines: list[list[Piece]] = [[]]
    for token, text in lexer.get_tokens("\n".join(texts)):
        role = role_of(token)
        for index, part in enumerate(text.split("\n")):
            if index:
                lines.append([])
            if part:
                lines[-1].append(Piece(part, role))
    colored = [tuple(line) for line in lines[: len(rows)]]
    # A lexer may drop or change characters; the text itself matters more than its colours.
    return tuple(
        line if plain_text(line) == text else row
        for line, text, row in zip([*colored, *rows[len(colored) :]], texts, rows, strict=True)
    )


def highlight_lines(text: str, language: str) -> tuple[Row, ...]:
    """Return the lines of a short text in the colours of its language; a long one as it is."""
    rows = tuple((Piece(line),) for line in text.split("\n"))
    return highlight(rows, language) if language and len(text) <= MAX_TEXT_LENGTH else rows


@lru_cache(64)
def lexer_for(language: str) -> Lexer | None:
    """Return the lexer of a language, None if there is none."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer: Lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return lexer


@lru_cache(512)
def role_of(token: Any) -> str:
    """Return the role of a token type."""
    parts = tuple(token)
    while parts:
        role = TOKEN_ROLES.get(".".join(parts))
        if role is not None:
            return role
        parts = parts[:-1]
    return "text"
