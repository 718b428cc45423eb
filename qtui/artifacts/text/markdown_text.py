"""Markdown as rows: headings, lists, quotes, code blocks and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from qtui.artifacts.content import TextContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.text.syntax import highlight_lines
from qtui.artifacts.text.text_file import open_text
from qtui.artifacts.text.text_rows import TextRows
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import plain_text
from qtui.text import display, width

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_MARKDOWN_BYTES = 1 << 19
MAX_NESTING = 20
"""Levels of quotes and lists that the parser opens."""
MAX_MARKUP = 5_000
"""Characters of a paragraph that can begin or end markup; the time of the parser grows with their square."""
MARKUP = "*_[]<`~"
MAX_CELL_WIDTH = 60
"""Cells to which the column of a table is padded."""
RULE = "─" * 40
BULLETS = ("•", "◦", "▪")
INLINE_ROLES = {"strong_open": "strong", "em_open": "strong", "link_open": "accent", "s_open": "muted"}


class MarkdownViewer(Viewer):
    """Markdown by its name."""

    name = "Markdown"

    def recognises(self, sample: Sample) -> bool:
        return sample.is_text and sample.suffix in (".md", ".markdown")

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (
            View("rendered", partial(open_markdown, source, sample.encoding)),
            View("source", partial(open_text, source, sample.encoding, "markdown")),
        )


def open_markdown(source: Source, encoding: str) -> TextContent:
    """Render Markdown."""
    return TextRows(markdown_rows(source.read_text(encoding, MAX_MARKDOWN_BYTES, "rendered Markdown")))


def markdown_rows(text: str) -> list[Row]:
    """Return the rows of a Markdown text; raises ArtifactUnreadable if it cannot be parsed."""
    from markdown_it import MarkdownIt

    if any(sum(map(paragraph.count, MARKUP)) > MAX_MARKUP for paragraph in text.split("\n\n")):
        raise ArtifactUnreadable(f"A paragraph of the Markdown has more than {MAX_MARKUP:,} signs of markup.")
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    try:
        return _Renderer().render(parser.parse(text))
    except (RecursionError, ValueError, IndexError) as error:
        raise ArtifactUnreadable(f"The Markdown cannot be rendered: {error}.") from None


class _Renderer:
    """Turns the tokens of a parser into rows."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._margins: list[str] = []
        self._lists: list[int | None] = []
        """The number of the next item for every open list; None for bullets."""
        self._marker = ""
        self._table: list[list[Row]] = []
        self._heading = ""

    def render(self, tokens: Sequence[Token]) -> list[Row]:
        for token in tokens:
            if handler := HANDLERS.get(token.type):
                handler(self, token)
        while self._rows and not self._rows[-1]:
            self._rows.pop()
        return self._rows

    def open_heading(self, token: Token) -> None:
        self._heading = token.tag

    def close_block(self, token: Token) -> None:
        self._heading = ""
        if not token.hidden:
            self._blank()

    def inline(self, token: Token) -> None:
        rows = list(inline_rows(token.children or ()))
        if self._table:
            self._table[-1].append(tuple(piece for row in rows for piece in row))
        elif self._heading:
            sign = {"h1": "", "h2": ""}.get(self._heading, "  ")
            pieces = [Piece(f"{sign}{piece.text}", "heading") for row in rows for piece in row]
            self._add(*pieces)
            if self._heading == "h1":
                self._add(Piece("═" * min(80, sum(width(display(piece.text)) for piece in pieces)), "muted"))
        else:
            for row in rows:
                self._add(*row)

    def open_list(self, token: Token) -> None:
        self._lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None)

    def close_list(self, token: Token) -> None:
        self._lists.pop()
        if not self._lists:
            self._blank()

    def open_item(self, token: Token) -> None:
        number = self._lists[-1]
        if number is None:
            marker = BULLETS[min(len(self._lists), len(BULLETS)) - 1] + " "
        else:
            self._lists[-1] = number + 1
            marker = f"{number}. "
        self._margins.append(" " * len(marker))
        self._marker = marker

    def close_margin(self, token: Token) -> None:
        if self._marker and token.type == "list_item_close":
            self._add()
        self._margins.pop()

    def open_quote(self, token: Token) -> None:
        self._margins.append("│ ")

    def code(self, token: Token) -> None:
        language = (token.info.split() or [""])[0]
        for row in highlight_lines(token.content.removesuffix("\n"), language):
            pieces = row if language else (Piece(plain_text(row), "accent"),)
            self._add(Piece("    "), *pieces)
        self._blank()

    def html(self, token: Token) -> None:
        for line in token.content.removesuffix("\n").split("\n"):
            self._add(Piece(line, "muted"))
        self._blank()

    def rule(self, token: Token) -> None:
        self._add(Piece(RULE, "muted"))
        self._blank()

    def open_row(self, token: Token) -> None:
        self._table.append([])

    def close_table(self, token: Token) -> None:
        table, self._table = self._table, []
        for row in table_rows(table):
            self._add(*row)
        self._blank()

    def _add(self, *pieces: Piece) -> None:
        margin = "".join(self._margins)
        if self._marker:
            margin = "".join(self._margins[:-1]) + self._marker
            self._marker = ""
        self._rows.append((Piece(margin, "muted"), *pieces) if margin else pieces)

    def _blank(self) -> None:
        if self._rows and self._rows[-1]:
            self._rows.append(())


def inline_rows(tokens: Sequence[Token]) -> Iterator[Row]:
    """Yield the rows of a text with emphasis, code and links; a line break begins a row."""
    pieces: list[Piece] = []
    roles = ["text"]
    targets: list[str] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield tuple(pieces)
            pieces = []
        elif token.type in INLINE_ROLES:
            roles.append(INLINE_ROLES[token.type])
            targets += [str(token.attrs.get("href", ""))] * (token.type == "link_open")
        elif token.type.endswith("_close"):
            roles.pop()
            if token.type == "link_close" and (target := targets.pop()) and target != (pieces or [Piece("")])[-1].text:
                pieces.append(Piece(f" ({target})", "muted"))
        elif token.type == "image":
            pieces.append(Piece(f"[image: {token.content}] ({token.attrs.get('src', '')})", "muted"))
        elif token.content:
            role = {"code_inline": "accent", "html_inline": "muted"}.get(token.type, roles[-1])
            pieces.append(Piece(token.content, role))
    yield tuple(pieces)


def table_rows(table: Sequence[Sequence[Row]]) -> Iterator[Row]:
    """Yield the rows of a table, the first one as its heading, with aligned columns."""
    columns = max(map(len, table), default=0)
    widths = [
        min(MAX_CELL_WIDTH, max((_row_width(row[column]) for row in table if column < len(row)), default=0))
        for column in range(columns)
    ]
    for number, row in enumerate(table):
        pieces: list[Piece] = []
        for column, cell in enumerate(row):
            padding = " " * (widths[column] - _row_width(cell) + 2)
            pieces += [piece._replace(role="heading") if number == 0 else piece for piece in cell]
            pieces.append(Piece(padding))
        yield tuple(pieces[:-1])
        if number == 0:
            yield (Piece("  ".join("─" * cells for cells in widths), "muted"),)


def _row_width(row: Row) -> int:
    return sum(width(display(piece.text)) for piece in row)


HANDLERS: dict[str, Callable[[_Renderer, Token], None]] = {
    "heading_open": _Renderer.open_heading,
    "heading_close": _Renderer.close_block,
    "paragraph_close": _Renderer.close_block,
    "inline": _Renderer.inline,
    "bullet_list_open": _Renderer.open_list,
    "bullet_list_close": _Renderer.close_list,
    "ordered_list_open": _Renderer.open_list,
    "ordered_list_close": _Renderer.close_list,
    "list_item_open": _Renderer.open_item,
    "list_item_close": _Renderer.close_margin,
    "blockquote_open": _Renderer.open_quote,
    "blockquote_close": _Renderer.close_margin,
    "fence": _Renderer.code,
    "code_block": _Renderer.code,
    "html_block": _Renderer.html,
    "hr": _Renderer.rule,
    "tr_open": _Renderer.open_row,
    "table_close": _Renderer.close_table,
}
