"""The documentation names files that exist, and every command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qtui.cli.app import command_names

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/library.md")
PATH = re.compile(r"`((?:qtui|tests|docs)/[\w./]+)`")
LINK = re.compile(r"\]\((?!http|#)([^)#]+)")


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text()
    folder = (ROOT / page).parent
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    missing += [link for link in LINK.findall(text) if not (folder / link).exists()]
    assert missing == []


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text()
    assert [command for command in command_names() if f"`qtui {command}" not in text] == []
