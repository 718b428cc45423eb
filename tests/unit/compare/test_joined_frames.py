"""Two tables beside each other: columns, differences, and rows that only one of them has."""

from __future__ import annotations

import pandas
import pytest

from qtui.compare.joined_frames import join_frames
from qtui.errors import ArtifactUnreadable

NAMES = ("a", "b")


def predictions(scores: dict[tuple[str, str], float]) -> pandas.DataFrame:
    index = pandas.MultiIndex.from_tuples(scores, names=["datetime", "instrument"])
    return pandas.DataFrame({"score": list(scores.values())}, index=index)


def test_rows_are_matched_by_the_index_and_the_difference_is_that_of_pandas() -> None:
    first = predictions({("d1", "x"): 0.5, ("d1", "y"): 0.25, ("d2", "x"): 1.0})
    second = predictions({("d2", "x"): 1.5, ("d1", "x"): 0.5, ("d3", "z"): 2.0})
    joined = join_frames(first, second, NAMES)
    assert list(joined.frame.columns) == ["score a", "score b", "difference"]
    expected = second["score"] - first["score"]
    pandas.testing.assert_series_equal(joined.frame["difference"].sort_index(), expected, check_names=False)
    assert (joined.only_first, joined.only_second) == (1, 1)
    assert list(joined.sentences()) == [
        "score: correlation 1.00000, 1 of 2 rows equal, largest difference 0.5",
        "1 row only in a, 1 row only in b",
    ]


def test_the_correlation_is_that_of_pandas() -> None:
    first, second = pandas.DataFrame({"x": [1.0, 2.0, 4.0, 3.0]}), pandas.DataFrame({"x": [1.0, 3.0, 2.0, 5.0]})
    assert f"correlation {first['x'].corr(second['x']):.5f}" in next(join_frames(first, second, NAMES).sentences())


def test_texts_have_no_difference_and_other_columns_are_left_out() -> None:
    first = pandas.DataFrame({"name": ["x", "x"], "n": [1, 2], "only": [0, 0]})
    second = pandas.DataFrame({"n": [1, 4], "name": ["x", "z"]})
    joined = join_frames(first, second, NAMES)
    assert list(joined.frame.columns) == ["name a", "name b", "n a", "n b", "n difference"]
    assert joined.frame["n difference"].tolist() == [0, 2]


def test_tables_without_an_index_are_matched_by_the_columns_of_texts_and_times_that_identify_a_row() -> None:
    first = predictions({("d1", "x"): 0.5, ("d1", "y"): 0.25, ("d2", "x"): 1.0}).reset_index()
    second = predictions({("d2", "x"): 1.5, ("d1", "x"): 0.5}).reset_index()[["score", "instrument", "datetime"]]
    joined = join_frames(first, second, NAMES)
    assert joined.frame.index.names == ["datetime", "instrument"]
    assert joined.frame["difference"].dropna().to_dict() == {("d1", "x"): 0.0, ("d2", "x"): 0.5}
    assert (joined.only_first, joined.only_second) == (1, 0)


def test_equal_indexes_with_duplicates_are_matched_row_by_row_and_others_refused() -> None:
    first = pandas.DataFrame({"x": [1, 2]}, index=["d", "d"])
    assert join_frames(first, first + 1, NAMES).frame["difference"].tolist() == [1, 1]
    with pytest.raises(ArtifactUnreadable, match="duplicates"):
        join_frames(first, pandas.DataFrame({"x": [1]}, index=["d"]), NAMES)
    with pytest.raises(ArtifactUnreadable, match="no column"):
        join_frames(first, pandas.DataFrame({"y": [1]}), NAMES)


def test_columns_of_lists_are_compared_row_by_row() -> None:
    frame = pandas.DataFrame({"path": [["a"], ["b"]], "x": [1, 2]})
    assert list(join_frames(frame, frame, NAMES).frame.columns) == ["path a", "path b", "x a", "x b", "x difference"]
