"""The language of a text, for syntax colours."""

from __future__ import annotations

import pytest
from pygments.lexers import get_all_lexers

from qtui.artifacts.text.languages import BY_CONTENT, BY_NAME, BY_SUFFIX
from tests.unit.artifacts.sources import open_rows, views_for


@pytest.mark.parametrize(
    ("path", "data", "language"),
    [
        ("train.py", b"x = 1\n", "python"),
        ("conf.YML", b"a: 1\n", "yaml"),
        ("run.sh", b"ls\n", "bash"),
        ("query.sql", b"select 1\n", "sql"),
        ("README.md", b"# Title\n", "markdown"),
        ("Dockerfile", b"FROM x\n", "docker"),
        ("code_diff.txt", b"diff --git a/x b/x\n", "diff"),
        ("run", b"#!/usr/bin/env python3\nx\n", "python"),
        ("script", b"#!/bin/bash\nls\n", "bash"),
        ("module", b"# a comment\nimport os\n", "python"),
        ("query", b"SELECT a\nFROM b\n", "sql"),
        ("notes.txt", b"import os\n", ""),
        ("notes", b"plain words\n", ""),
        ("empty.py", b"", "python"),
    ],
)
def test_a_text_has_the_language_of_its_name_or_else_of_its_first_lines(path: str, data: bytes, language: str) -> None:
    assert open_rows(data, "text", path).language == language


def test_bytes_named_like_source_code_have_no_language() -> None:
    assert views_for(bytes(range(256)), "lies.py").kind == "binary"


def test_pygments_has_a_lexer_for_every_language() -> None:
    names = {*BY_SUFFIX.values(), *BY_NAME.values(), *(language for _, language in BY_CONTENT)}
    assert names <= {alias for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases}
