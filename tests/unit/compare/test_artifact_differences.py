"""The artifacts of two runs: files, texts and frames."""

from __future__ import annotations

import math

import pandas
import pytest

from qtui.compare.artifact_differences import (
    MAX_DIFF_LINES,
    FileMatch,
    compare_files,
    frame_differences,
    frame_rows,
    sort_files,
    text_difference,
)


def test_files_are_compared_by_size_and_then_by_content() -> None:
    first = {"same": 3, "other": 3, "longer": 4, "mine": 1, "huge": 9, "unsized": None}
    second = {"same": 3, "other": 3, "longer": 5, "yours": 1, "huge": 9, "unsized": None}
    asked = []

    def is_equal(path: str) -> bool | None:
        asked.append(path)
        return {"same": True, "unsized": True, "huge": None}.get(path, False)

    files = sort_files(compare_files(first, second, is_equal))
    assert [(file.path, file.match) for file in files] == [
        ("longer", FileMatch.DIFFERENT),
        ("other", FileMatch.DIFFERENT),
        ("mine", FileMatch.ONLY_FIRST),
        ("yours", FileMatch.ONLY_SECOND),
        ("huge", FileMatch.UNKNOWN),
        ("same", FileMatch.EQUAL),
        ("unsized", FileMatch.EQUAL),
    ]
    assert asked == ["huge", "other", "same", "unsized"]


def test_texts_are_a_coloured_unified_diff() -> None:
    rows = text_difference("lr: 0.1\nseed: 1\n", "lr: 0.2\nseed: 1\n", ("a", "b"))
    assert [(row[0].text, row[0].role) for row in rows[2:]] == [
        ("@@ -1,2 +1,2 @@", "accent"),
        ("-lr: 0.1", "error"),
        ("+lr: 0.2", "good"),
        (" seed: 1", "text"),
    ]
    assert text_difference("a\r\n", "a\n", ("a", "b"))[0][0].text == "Only line ends differ."
    assert "not compared" in text_difference("x\n" * (MAX_DIFF_LINES + 1), "y", ("a", "b"))[0][0].text


def test_frames_are_compared_by_the_columns_and_rows_that_both_have() -> None:
    first = pandas.DataFrame({"score": [1.0, 2.0, 3.0, 4.0], "side": ["a", "b", "a", "b"]}, index=[1, 2, 3, 4])
    second = pandas.DataFrame({"side": ["a", "a", "a"], "score": [2.0, 3.5, 5.0], "more": 1}, index=[2, 3, 4])
    score, side = frame_differences(first, second)
    assert (score.name, score.rows, score.equal, score.largest) == ("score", 3, 1, 1)
    assert score.correlation == pytest.approx(first["score"].corr(second["score"]))
    assert (side.name, side.rows, side.equal, side.correlation, side.largest) == ("side", 3, 1, None, None)
    assert frame_rows([score])[1][0].text.split() == ["score", "3", "1", "1.00000", "1"]


def test_missing_and_constant_values_have_no_correlation() -> None:
    first = pandas.DataFrame({"x": [1.0, math.nan], "y": [1.0, 1.0]})
    (x, y) = frame_differences(first, first)
    assert (x.equal, x.correlation, x.largest) == (2, None, 0)
    assert (y.equal, y.correlation) == (2, None)
    assert "in common" in frame_rows(frame_differences(first, pandas.DataFrame()))[0][0].text


def test_frames_with_duplicates_in_the_index_need_the_same_length() -> None:
    first = pandas.DataFrame({"x": [1.0, 2.0]}, index=[1, 1])
    assert frame_differences(first, first.iloc[:1]) == []
    assert frame_differences(first, first)[0].equal == 2
