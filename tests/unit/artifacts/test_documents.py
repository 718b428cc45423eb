"""HTML, SVG and PDF as text."""

from __future__ import annotations

import zlib

import pytest

from qtui.errors import ArtifactUnreadable
from tests.unit.artifacts.sources import open_rows, texts, views_for

PAGE = b"""<!DOCTYPE html><html><head><title>Report</title><style>p {color: red}</style>
<script>alert("run")</script></head><body><h1>IC &amp; IR</h1><p>Mean <b>IC</b>
is 0.05.</p><ul><li>one<li>two</ul><table><tr><td>a</td><td>b</td></tr></table>
<pre>x = 1
  y = 2</pre><img src="http://tracker/x.png" alt="curve"></body></html>"""


def lines(data: bytes, title: str, path: str) -> list[str]:
    return [text.rstrip() for text in texts(open_rows(data, title, path).rows(0, 100_000))]


def test_a_page_is_shown_as_its_text_without_scripts_and_styles() -> None:
    assert [view.title for view in views_for(PAGE, "report.html").views] == ["page", "text", "hex"]
    assert lines(PAGE, "page", "report.html") == [
        *("Report", "IC & IR", "Mean IC is 0.05.", "• one", "• two", "a  │  b", "x = 1", "  y = 2", "[image: curve]")
    ]
    assert open_rows(PAGE, "text", "report.html").language == "html"


@pytest.mark.parametrize(
    "data", [b"<html>" + b"<a " * 100_000, b"<html>" + b"<!--" * 100_000, b"<html>" + b" " * (1 << 21)]
)
def test_hostile_pages_are_refused_and_shown_as_source(data: bytes) -> None:
    with pytest.raises(ArtifactUnreadable):
        open_rows(data, "page", "a.html")
    assert open_rows(data, "text", "a.html").rows(0, 1)


@pytest.mark.parametrize(
    "data", [b"<html><p>open", b"<html></p></div><![if x]>text<!x", b"<html>&#99999999999;&bogus; x"]
)
def test_broken_pages_show_their_text(data: bytes) -> None:
    assert lines(data, "page", "a.html")


def test_an_svg_is_shown_as_its_source() -> None:
    content = open_rows(b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>', "text", "a.svg")
    assert content.language == "xml"


def pdf(stream: bytes, *, is_compressed: bool) -> bytes:
    content = zlib.compress(stream) if is_compressed else stream
    head = b"<</Length 9 /Filter /FlateDecode>>" if is_compressed else b"<</Length 9>>"
    return (
        b"%PDF-1.7\n1 0 obj <</Type /Pages /Count 1>> endobj 2 0 obj <</Type /Page>> endobj\n"
        b"3 0 obj <</Title (Report \\(draft\\)) /Author (\xfe\xff\x6c\xb9)>> endobj\n4 0 obj "
        + head
        + b"\nstream\n"
        + content
        + b"\nendstream endobj\n%%EOF"
    )


@pytest.mark.parametrize("is_compressed", [False, True])
def test_a_pdf_shows_its_title_pages_and_plain_text(is_compressed: bool) -> None:
    data = pdf(
        b"BT (Annual \\050net\\051 return) Tj [(0.) -20 (12)] TJ (\x01\x02\x03\x04) Tj ET", is_compressed=is_compressed
    )
    assert views_for(data, "a.pdf").kind == "PDF"
    assert lines(data, "document", "a.pdf") == [
        *("format   PDF 1.7", "pages    1", "title    Report (draft)", "author   油", "", "Annual (net) return", "0.12")
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-",
        b"%PDF-1.4\nstream\n(\\8\\400) Tj\nendstream",
        b"%PDF-1.4\n" + b"stream\n" * 100_000,
        b"%PDF-1.4\nstream\n" + b"(\\" * 100_000,
        b"%PDF-1.4\n" + b"/Title (" * 100_000,
        pdf(b"0" * 50_000_000, is_compressed=True),
        pdf(b"(x) Tj " * 100_000, is_compressed=True),
    ],
    ids=range(7),
)
def test_hostile_documents_are_shown_within_limits(data: bytes) -> None:
    assert len(lines(data, "document", "a.pdf")) < 5_020
