"""HTML as the text of the page; scripts and styles are left out, and nothing is fetched or run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html.parser import HTMLParser

from qtui.artifacts.content import TextContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.text.languages import language_of
from qtui.artifacts.text.text_rows import TextRows
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.plot.pieces import Piece, Row

MAX_HTML_BYTES = 1 << 20
MAX_OPEN_SIGNS = 100_000
"""Tags in a page: the parser of the standard library takes quadratic time for tags that are never closed."""
HIDDEN = frozenset(("script", "style", "template", "svg", "noscript"))
LAYOUT = ("title", "body", "html", "p", "div", "section", "article", "header", "footer", "nav", "main", "aside", "br")
LISTS = ("table", "tr", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "form", "figure", "figcaption", "hr")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "title"))
BLOCKS = HEADINGS.union(LAYOUT, LISTS)
CELLS = frozenset(("td", "th"))


class HtmlViewer(Viewer):
    """HTML by its name or start."""

    name = "HTML"

    def recognises(self, sample: Sample) -> bool:
        return language_of(sample) == "html"

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("page", partial(open_html, source, sample.encoding)),)


def open_html(source: Source, encoding: str) -> TextContent:
    """Return the text of a page."""
    text = source.read_text(encoding, MAX_HTML_BYTES, "HTML pages")
    if text.count("<") > MAX_OPEN_SIGNS or text.count("<") > 1000 + 2 * text.count(">"):
        raise ArtifactUnreadable(f"{source.name} has too many tags, or too many that do not end.")
    parser = _TextParser()
    try:
        parser.feed(text)
        parser.close()
    except (AssertionError, ValueError, RecursionError) as error:
        raise ArtifactUnreadable(f"{source.name} is broken HTML: {error}.") from None
    return TextRows(parser.rows())


class _TextParser(HTMLParser):
    """Collects the text of a page in lines."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []
        self._line: list[Piece] = []
        self._hidden: list[str] = []
        self._role = "text"
        self._is_preformatted = False

    def rows(self) -> list[Row]:
        self._break()
        return self._rows

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN:
            self._hidden.append(tag)
        elif tag in BLOCKS:
            self._break()
            self._role = "heading" if tag in HEADINGS else "text"
            self._is_preformatted = tag == "pre"
            if tag == "li":
                self._line.append(Piece("• ", "muted"))
        elif tag in CELLS and self._line:
            self._line.append(Piece("  │  ", "muted"))
        elif tag == "img":
            self._line.append(Piece(f"[image: {dict(attrs).get('alt') or ''}]", "muted"))

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDDEN and tag in self._hidden:
            self._hidden.remove(tag)
        elif tag in BLOCKS:
            self._break()
            self._role = "text"
            self._is_preformatted = False

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._is_preformatted:
            first, *lines = data.split("\n")
            self._line.append(Piece(first, "accent"))
            for line in lines:
                self._break(always=True)
                self._line.append(Piece(line, "accent"))
            return
        text = " ".join(data.split())
        space = " " * (data[:1].isspace() and bool(self._line))
        if text:
            self._line.append(Piece(f"{space}{text}{' ' * data[-1:].isspace()}", self._role))

    def _break(self, *, always: bool = False) -> None:
        if any(piece.text.strip() for piece in self._line) or always:
            self._rows.append(tuple(self._line))
        self._line = []
