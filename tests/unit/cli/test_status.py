"""One word for a status on the screen, in the commands and in the filter; JSON keeps MLflow's."""

from __future__ import annotations

import pytest

from qtui import formatting
from qtui.cli.terminal import Terminal
from qtui.entities import Status
from qtui.query import parse_filter


@pytest.mark.parametrize("status", list(Status))
def test_a_filter_accepts_the_status_words_of_the_screen(status: Status) -> None:
    word = formatting.status_word(status)

    assert Terminal().format_status(status).split()[-1] == word
    assert parse_filter(f"status = {word}").expr == parse_filter(f"status = '{status.value}'").expr
