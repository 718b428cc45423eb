"""Texts of any size and encoding as lines."""

from __future__ import annotations

from collections.abc import Sequence
from tempfile import TemporaryFile

import pytest

from qtui.artifacts.content import Content, RowCount, TextContent
from qtui.artifacts.source import Source
from qtui.artifacts.text.text_file import BLOCK_BYTES, MAX_LINE_BYTES, MAX_LINE_SCAN_BYTES, open_text
from qtui.artifacts.viewers import views_of
from qtui.plot.pieces import Row
from tests.unit.artifacts.sources import source_of


def texts(rows: Sequence[Row]) -> list[str]:
    return ["".join(piece.text for piece in row) for row in rows]


def view(data: bytes, title: str = "text", path: str = "file") -> Content:
    with_title = {view.title: view for view in views_of(source_of(data, path)).views}
    return with_title[title].open()


def text_view(data: bytes, title: str = "text") -> TextContent:
    content = view(data, title)
    assert isinstance(content, TextContent)
    return content


def scan(content: TextContent) -> None:
    assert list(content.scan())[-1] == 1.0


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"one", ["one"]),
        (b"one\n", ["one"]),
        (b"one\r\ntwo\r\n", ["one", "two"]),
        (b"\n\n", ["", ""]),
        ("阿尔法 因子\n净值".encode(), ["阿尔法 因子", "净值"]),
        ("阿尔法 因子\n净值\n".encode("gb18030"), ["阿尔法 因子", "净值"]),
        ("阿尔法\n净值\n".encode("utf-16"), ["阿尔法", "净值"]),
        (b"\xef\xbb\xbfdate,close\n", ["date,close"]),
    ],
)
def test_the_lines_of_a_text_are_shown_in_its_encoding(data: bytes, lines: list[str]) -> None:
    content = text_view(data)
    scan(content)
    assert content.row_count() == RowCount(len(lines))
    assert texts(content.rows(0, 100)) == lines


def test_any_window_of_a_large_text_is_read() -> None:
    lines = [f"line {number} {'x' * (number % 300)}" for number in range(20_000)]
    content = text_view("\n".join(lines).encode())
    for start in (0, 12_345, 19_990, 3, 8_000):
        assert texts(content.rows(start, start + 20)) == lines[start : start + 20]


def test_the_first_window_of_a_large_text_is_read_without_the_rest() -> None:
    content = text_view(b"0123456789\n" * 1_000_000)
    assert len(content.rows(0, 50)) == 50
    count = content.row_count()
    assert not count.is_complete and count.count < 10 * BLOCK_BYTES
    scan(content)
    assert content.row_count() == RowCount(1_000_000)


def test_a_long_line_is_cut_and_the_next_lines_are_shown() -> None:
    content = text_view(b"short\n" + b"x" * 100_000 + b"\nnext\n")
    first, long, following = texts(content.rows(0, 10))
    assert (first, following) == ("short", "next")
    assert long == "x" * MAX_LINE_BYTES + f" … {100_000 - MAX_LINE_BYTES:,} more bytes"
    assert texts(content.rows(2, 3)) == ["next"]


def test_a_line_without_end_does_not_make_the_view_read_the_whole_file() -> None:
    size = 3 * MAX_LINE_SCAN_BYTES
    content = text_view(b"x" * size)
    assert texts(content.rows(0, 10)) == ["x" * MAX_LINE_BYTES + f" … {size - MAX_LINE_BYTES:,} more bytes"]
    assert not content.row_count().is_complete


def test_a_growing_file_shows_its_new_lines() -> None:
    with TemporaryFile(buffering=0) as file:
        file.write(b"one\n")
        content = open_text(Source.of_file(file, "file"), "utf-8")
        scan(content)
        file.write(b"two\n")
    scan(content)
    assert content.row_count() == RowCount(2)
    assert texts(content.rows(0, 5)) == ["one", "two"]


@pytest.mark.parametrize(("start", "step", "line"), [(0, 1, 300), (301, 1, 900), (899, -1, 300), (299, -1, None)])
def test_a_search_goes_to_the_next_match_in_both_directions(start: int, step: int, line: int | None) -> None:
    lines = [f"line {number}" for number in range(1_000)]
    lines[300] = lines[900] = "Rank IC 因子"
    content = text_view("\n".join(lines).encode())
    assert [place for place in content.search("rank ic", start, step) if place is not None] == [line] * (
        line is not None
    )


def test_a_binary_file_is_shown_as_bytes() -> None:
    data = bytes(range(40))
    views = views_of(source_of(data))
    assert (views.kind, [view.title for view in views.views]) == ("binary", ["hex"])
    assert texts(text_view(data, "hex").rows(1, 9)) == [
        "00000010  10 11 12 13 14 15 16 17  18 19 1a 1b 1c 1d 1e 1f  ................",
        "00000020  20 21 22 23 24 25 26 27                            !\"#$%&'",
    ]


def test_text_is_text_whatever_its_suffix_and_can_be_seen_as_bytes() -> None:
    views = views_of(source_of(b"plain words\n", "picture.png"))
    assert (views.kind, [view.title for view in views.views]) == ("text", ["text", "hex"])
