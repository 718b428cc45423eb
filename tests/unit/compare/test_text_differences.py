"""The parts of a text that differ from another one."""

from __future__ import annotations

import random

from qtui.compare.text_differences import DIFFERENT, MAX_COMPARED_LENGTH, difference_row, differing_parts


def test_words_that_differ_are_marked_as_a_whole() -> None:
    parts = list(differing_parts('{"lr": 0.12, "seed": 1}', '{"lr": 0.15, "seed": 1}'))
    assert parts == [('{"lr": 0.', False), ("12", True), (', "seed": 1}', False)]


def test_the_parts_are_the_whole_text_and_the_equal_ones_occur_in_the_other_text() -> None:
    picks = random.Random(1)
    for _ in range(100):
        text, other = ("".join(picks.choice("ab 1,") for _ in range(picks.randint(0, 20))) for _ in range(2))
        parts = list(differing_parts(text, other))
        assert "".join(part for part, _ in parts) == text
        position = 0
        for part, is_different in parts:
            if not is_different:
                position = other.index(part, position) + len(part)


def test_equal_texts_have_no_differing_part() -> None:
    assert list(differing_parts("same", "same")) == [("same", False)]
    assert list(differing_parts("", "")) == []


def test_a_long_text_is_compared_quickly_from_its_ends() -> None:
    text = "a " * MAX_COMPARED_LENGTH + ","
    parts = list(differing_parts(f"{text}x,{text}", f"{text}y,{text}"))
    assert [part for part, is_different in parts if is_different] == ["x"]


def test_the_start_that_is_common_gives_way_to_the_difference() -> None:
    row = difference_row("/data/projects/market/model-a", "/data/projects/market/model-b", 16)
    assert "".join(piece.text for piece in row) == "…model-a"
    assert [piece.text for piece in row if piece.role == DIFFERENT] == ["a"]


def test_a_text_that_fits_is_shown_whole() -> None:
    assert [piece.text for piece in difference_row("model-a", "model-b", 16)] == ["model-", "a"]
