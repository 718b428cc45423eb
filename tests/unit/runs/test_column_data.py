"""A pool of texts finds those that contain a word."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from qtui.runs.column_data import COMMON_WORD_FRACTION, ValuePool

TEXTS = st.text("abÄ\n", max_size=5)


@given(st.lists(TEXTS, max_size=40), st.lists(TEXTS, max_size=5), st.text("abä\n", min_size=1, max_size=3))
@example(["b", "a"], [], "b\na")
@example(["ab"] + ["b"] * 3 * COMMON_WORD_FRACTION, ["Ab"], "ab")
def test_the_texts_that_contain_a_word_in_any_case_are_found_also_after_more_were_added(
    texts: list[str], more: list[str], word: str
) -> None:
    pool = ValuePool[str]()
    for added in (texts, more):
        pool.codes(added)
        matches = pool.containing(word)
        assert [text for code, text in enumerate(pool.values) if matches[code]] == [
            text for text in pool.values if word in text.casefold()
        ]
        assert matches[len(pool.values)] == 0
