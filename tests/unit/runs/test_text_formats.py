"""Tables and values as texts of JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from qtui.runs.text_formats import format_json, format_json_value


def test_json_has_printable_characters_of_all_languages_as_they_are() -> None:
    assert format_json_value({"ключ": "日本 é 🎉"}) == '{\n  "ключ": "日本 é 🎉"\n}\n'
    assert "".join(format_json([{"ключ": "日本"}])) == '[\n{"ключ": "日本"}\n]\n'


@given(st.text(st.characters(exclude_categories=())))
def test_json_has_nothing_that_a_terminal_executes_and_is_read_as_the_same_value(text: str) -> None:
    for written, value in ((format_json_value({"a": text}), {"a": text}), ("".join(format_json([text])), [text])):
        assert written.replace("\n", "").isprintable()
        # Two halves of a surrogate pair are read as one character.
        assert json.loads(written) == json.loads(json.dumps(value))
