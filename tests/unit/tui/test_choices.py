"""The search among the choices of a dialog."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qtui.tui.present.choices import Choice, ChoiceModel

TEXTS = st.text("ab c", max_size=6)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=12), TEXTS)
def test_typing_a_query_finds_the_same_as_pasting_it(texts: list[tuple[str, str]], query: str) -> None:
    choices = [Choice(index, text, note) for index, (text, note) in enumerate(texts)]
    typed, pasted = ChoiceModel(choices), ChoiceModel(choices)
    for end in range(1, len(query) + 1):
        typed.search(query[:end].strip())

    assert typed.search(query.strip()) == pasted.search(query.strip())
    assert typed.search("a") == ChoiceModel(choices).search("a")
