"""Diffs, logs, Markdown and notebooks as rows of text."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from qtui.artifacts.content import LogContent, RowCount
from qtui.artifacts.text.log_times import log_time_problem
from qtui.errors import ArtifactUnreadable, BadValue
from qtui.plot.pieces import Piece
from tests.unit.artifacts.sources import open_rows, open_view, texts, views_for

DIFF = b"""diff --git a/train.py b/train.py
index 1..2 100644
--- a/train.py
+++ b/train.py
@@ -1,3 +1,3 @@
 import os
-rate = 0.1
+rate = 0.2
"""
LOG = """[4242:MainThread](2024-01-01 10:00:00,123) INFO - qlib.Initialization - [config.py:416] - default_conf: client.
[4242:MainThread](2024-01-01 10:00:05,000) WARNING - qlib.data - 缺失数据
2024-01-01T10:01:00Z ERROR training failed
Traceback (most recent call last):
  File "train.py", line 3
ValueError: no data
2024-01-01 10:02:00 DEBUG \x1b[32mdone\x1b[0m
plain line
"""


def roles(data: bytes, title: str, path: str) -> list[tuple[str, str]]:
    return [(piece.text, piece.role) for row in open_rows(data, title, path).rows(0, 100) for piece in row]


def log_view(data: bytes, path: str = "run.log") -> LogContent:
    content = open_view(data, "log", path)
    assert isinstance(content, LogContent)
    return content


@pytest.mark.parametrize("path", ["code_diff.txt", "a.patch", "file"])
def test_a_diff_is_coloured_by_line(path: str) -> None:
    assert views_for(DIFF, path).kind == "diff"
    assert [role for _, role in roles(DIFF, "diff", path)] == [
        *("heading", "strong", "strong", "strong", "accent", "text", "error", "good")
    ]


@pytest.mark.parametrize("path", ["run.log", "log.txt", "stderr", "file"])
def test_a_log_shows_times_and_levels_in_colour_and_no_escape_sequences(path: str) -> None:
    assert views_for(LOG.encode(), path).kind == "log"
    marked = [(text, role) for text, role in roles(LOG.encode(), "log", path) if role not in ("text", "muted")]
    assert marked == [
        ("INFO", "accent"),
        ("WARNING", "warning"),
        ("ERROR", "error"),
        ("Traceback (most recent call last):", "error"),
    ]
    assert texts(open_rows(LOG.encode(), "log", path).rows(6, 7)) == ["2024-01-01 10:02:00 DEBUG done"]


def test_the_warnings_of_a_log_are_shown_with_their_tracebacks_and_line_numbers() -> None:
    content = open_rows(LOG.encode(), "warnings", "run.log")
    list(content.scan())
    assert content.row_count() == RowCount(5)
    lines = LOG.split("\n")
    assert texts(content.rows(0, 9)) == [f"{number + 1:>7}  {lines[number]}" for number in range(1, 6)]


def test_a_large_log_is_filtered_and_searched_by_time() -> None:
    start = datetime(2024, 1, 1, tzinfo=UTC).timestamp()
    lines = [
        f"{datetime.fromtimestamp(start + number, UTC).isoformat()} {'ERROR' if number % 1000 == 0 else 'INFO'} step"
        for number in range(20_000)
    ]
    log = log_view("\n".join(lines).encode())
    errors = log.at_least("ERROR")
    assert texts(errors.rows(18, 30)) == [f"{18001:>7}  {lines[18000]}", f"{19001:>7}  {lines[19000]}"]
    for line in (0, 12_345, 19_999):
        assert list(log.find_time(round(start + line) * 1000))[-1] == line
        assert log.time_at(line) == round(start + line) * 1000
    assert all(place is None for place in log.find_time(round(start + 30_000) * 1000))


def test_the_first_warnings_of_a_large_log_without_any_are_answered_before_the_whole_log_is_read() -> None:
    log = log_view(b"2024-01-01 10:00:00 INFO step\n" * 120_000 + b"2024-01-01 10:00:01 ERROR end\n")
    errors = log.at_least("ERROR")
    assert errors.rows(0, 10) == []
    assert errors.row_count() == RowCount(0, is_complete=False)
    assert [line for line in errors.search("end", 0, 1) if line is not None] == [0]
    assert texts(errors.rows(0, 10)) == [" 120001  2024-01-01 10:00:01 ERROR end"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("2024-03-01 08:00:20", 2),
        ("2024/03/01 08:00", 0),
        ("2024-03-01", 0),
        ("08:00:15", 2),
        ("8:00:30", 3),
        ("+20s", 3),
        ("-1h", 0),
        ("2024-03-02", None),
    ],
)
@pytest.mark.parametrize(
    "pattern",
    [
        "[4242:MainThread]({time:%Y-%m-%d %H:%M:%S},123) INFO - qlib.workflow - [exp.py:258] - step",
        "{time:%Y-%m-%d %H:%M:%S},123 - trainer - INFO - step",
        "{time:%Y-%m-%dT%H:%M:%S}.123Z info step",
        "{time:%Y-%m-%dT%H:%M:%S}+08:00 INFO step",
        "{time:%Y/%m/%d %H:%M:%S} [error] 31#31: *1 open() failed",
        '10.0.0.1 - - [{time:%d/%b/%Y:%H:%M:%S} +0800] "GET / HTTP/1.1" 200 612',
    ],
)
def test_a_log_goes_to_the_time_that_is_typed_in_its_own_zone(pattern: str, text: str, line: int | None) -> None:
    start = datetime(2024, 3, 1, 8)
    lines = "\n".join(pattern.format(time=start + timedelta(seconds=10 * number)) for number in range(4))
    log = log_view(lines.encode())
    assert next((place for place in log.find_time(log.parse_time(text, 1)) if place is not None), None) == line


def test_the_entries_of_a_level_go_to_a_time_too() -> None:
    lines = [f"2024-03-01 08:00:{second:02} {'ERROR' if second % 5 == 0 else 'INFO'} step" for second in range(60)]
    errors = log_view("\n".join(lines).encode()).at_least("ERROR")
    assert list(errors.find_time(errors.parse_time("08:00:12", 0)))[-1] == 3
    assert errors.time_at(3) is not None


@pytest.mark.parametrize("text", ["", "soon", "25:00", "12:61", "+", "+5 parsecs", "2024-13-01", "99999-01-01"])
def test_a_text_that_is_no_time_is_refused(text: str) -> None:
    assert log_time_problem(text)
    with pytest.raises(BadValue):
        log_view(LOG.encode()).parse_time(text, 0)


def test_levels_of_nginx_are_levels() -> None:
    log = log_view(b"2024/03/01 08:00:00 [notice] 1#1: start\n2024/03/01 08:00:01 [emerg] 1#1: bind() failed\n")
    assert texts(log.at_least("CRITICAL").rows(0, 9)) == ["      2  2024/03/01 08:00:01 [emerg] 1#1: bind() failed"]


def test_a_log_without_times_finds_none() -> None:
    log = log_view(b"plain\nwords\n" * 3000)
    assert all(place is None for place in log.find_time(0))
    assert log.time_at(0) is None


def test_a_time_that_does_not_exist_is_no_time() -> None:
    assert log_view(b"2024-99-99 99:99:99 ERROR x\n").time_at(0) is None


@pytest.mark.parametrize("data", [b"", b"\n", b"x" * 100_000, b"\xff\xfe" + b"[2024-01-01".hex().encode()])
def test_any_text_named_like_a_log_opens(data: bytes) -> None:
    if views_for(data, "a.log").kind == "log":
        open_rows(data, "log", "a.log").rows(0, 10)
        open_rows(data, "warnings", "a.log").rows(0, 10)


def test_markdown_is_rendered_with_its_structure() -> None:
    text = """# Notes on *momentum*

See [the paper](https://example.org/x) and `Ref($close, 5)`.
Second line **bold**.

- first
- second
  1. inner
  2. more

> quoted

```python
x = 1
```

| factor | IC |
|---|---:|
| 动量 | 0.05 |

![curve](ic.png)
"""
    assert texts(open_rows(text.encode(), "rendered", "note.md").rows(0, 100)) == [
        "Notes on momentum",
        "═════════════════",
        "",
        "See the paper (https://example.org/x) and Ref($close, 5).",
        "Second line bold.",
        "",
        "• first",
        "• second",
        "  1. inner",
        "  2. more",
        "",
        "│ quoted",
        "",
        "    x = 1",
        "",
        "factor  IC",
        "──────  ────",
        "动量    0.05",
        "",
        "[image: curve] (ic.png)",
    ]
    assert [view.title for view in views_for(text.encode(), "note.md").views] == ["rendered", "source", "text", "hex"]


@pytest.mark.parametrize(
    "text",
    [
        "> " * 20_000 + "x",
        "- " * 5_000 + "x",
        "[" * 50_000,
        "*a **a " * 1_500,
        "`" * 100_000,
        "|" * 20_000 + "\n" + "|-" * 20_000,
        "<" * 100_000,
        "![" * 4_000,
    ],
    ids=["quotes", "lists", "brackets", "stars", "ticks", "table", "tags", "images"],
)
def test_hostile_markdown_is_rendered_or_refused(text: str) -> None:
    try:
        open_rows(text.encode(), "rendered", "note.md")
    except ArtifactUnreadable as error:
        assert str(error)


def test_long_markdown_says_its_limit() -> None:
    with pytest.raises(ArtifactUnreadable, match="the limit for rendered Markdown is 524 kB"):
        open_rows(b"x" * 600_000, "rendered", "note.md")


def notebook(*cells: object) -> bytes:
    metadata = {"kernelspec": {"display_name": "Python 3"}, "language_info": {"version": "3.11.7"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}).encode()


def test_a_notebook_shows_cells_outputs_and_errors() -> None:
    data = notebook(
        {"cell_type": "markdown", "source": ["# Title\n", "text"]},
        {
            "cell_type": "code",
            "execution_count": 3,
            "source": "print(1)\nplot()",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["1\n"]},
                {"output_type": "stream", "name": "stderr", "text": "careful\n"},
                {"output_type": "display_data", "data": {"image/png": "A" * 4000, "text/plain": "<Figure>"}},
                {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["\x1b[31mline 1\x1b[0m"]},
            ],
        },
        {"cell_type": "raw", "source": "raw"},
    )
    rows = open_rows(data, "notebook", "a.ipynb").rows(0, 100)
    rule = "─" * 60
    assert Piece("print", "run-0") in [piece for row in rows for piece in row]
    assert texts(rows) == [
        "3 cells, Python 3, version 3.11.7",
        "",
        "Title",
        "═════",
        "",
        "text",
        "",
        f"[3] cell 2 {rule}",
        "print(1)",
        "plot()",
        "  │ 1",
        "  │ careful",
        "  │ <Figure>",
        "  │ [image/png, 3.0 kB]",
        "  │ ValueError: no",
        "  │ line 1",
        "",
        f"raw cell 3 {rule}",
        "raw",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b'{"cells": 3}',
        b'{"cells": [',
        b'{"worksheets": []}',
        b"{",
    ],
)
def test_a_broken_notebook_says_why(data: bytes) -> None:
    with pytest.raises(ArtifactUnreadable):
        open_rows(data, "notebook", "a.ipynb")


def test_a_notebook_with_wrong_types_is_shown_as_far_as_it_can_be() -> None:
    data = notebook(3, None, {"cell_type": 5, "source": 7, "outputs": [1, {"data": 3}, {"output_type": "stream"}]})
    assert texts(open_rows(data, "notebook", "a.ipynb").rows(0, 3))[0].startswith("3 cells")


def test_long_outputs_and_many_cells_are_counted() -> None:
    output = {"output_type": "stream", "text": "line\n" * 100_000}
    data = notebook({"cell_type": "code", "source": "x", "outputs": [output]}, *({"cell_type": "code"},) * 6000)
    lines = texts(open_rows(data, "notebook", "a.ipynb").rows(0, 100_000))
    assert "  │ … 99,800 more lines" in lines
    assert lines[-1] == "… 1,001 more cells"


def test_code_in_markdown_has_the_colours_of_its_language() -> None:
    rows = open_rows(b"```python\nimport os\n```\n\n```\nplain\n```\n", "rendered", "a.md").rows(0, 9)
    assert Piece("import", "accent") in rows[0]
    assert rows[2] == (Piece("    "), Piece("plain", "accent"))
