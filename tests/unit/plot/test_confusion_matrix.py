"""Confusion matrices."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.charts.confusion_matrix import ConfusionMatrix, count_confusions, draw_confusion_matrix
from qtui.text import width

labels = st.sampled_from(["cat", "dog", "反转", "", "x\x1b"])


@given(st.lists(st.tuples(labels, labels), max_size=12), st.booleans(), st.integers(0, 80), st.integers(0, 16))
def test_any_labels_fill_exactly_the_cells(
    pairs: list[tuple[str, str]], ascii_only: bool, cells: int, rows: int
) -> None:
    matrix = count_confusions([actual for actual, _ in pairs], [predicted for _, predicted in pairs])
    picture = draw_confusion_matrix(replace(matrix, ascii_only=ascii_only), cells, rows)
    assert [width(line) for line in picture.lines()] == [cells] * rows


def test_pairs_are_counted_by_actual_and_predicted_label() -> None:
    matrix = count_confusions(["cat", "cat", "dog", "dog"], ["cat", "dog", "dog", "dog"])
    assert matrix.labels == ("cat", "dog")
    assert matrix.counts == ((1, 1), (0, 2))
    assert matrix.accuracy == 0.75
    assert matrix.recall(0) == 0.5 and matrix.precision(1) == 2 / 3


def test_numbers_of_classes_are_ordered_as_numbers() -> None:
    assert count_confusions(["10", "9", "2"], ["10", "9", "2"]).labels == ("2", "9", "10")


def test_a_class_that_never_occurs_has_no_recall() -> None:
    matrix = ConfusionMatrix(("a", "b"), ((1, 1), (0, 0)))
    assert matrix.recall(1) is None
    assert matrix.precision(1) == 0.0


def test_the_picture_has_the_counts_the_recall_and_the_accuracy() -> None:
    matrix = count_confusions(["cat", "cat", "dog"], ["cat", "dog", "dog"])
    lines = draw_confusion_matrix(matrix, 70, 12).lines()
    assert "accuracy 66.7%" in lines[0]
    assert lines[1].split() == ["cat", "dog", "recall"]
    cat = next(line for line in lines if line.startswith("cat"))
    assert cat.split()[-1] == "50%"
    assert [word for word in cat.split() if word.isdigit()] == ["1", "1"]
    assert any(line.startswith("precision") for line in lines)


def test_right_and_wrong_counts_have_different_colours() -> None:
    matrix = count_confusions(["cat", "cat", "dog"], ["cat", "dog", "dog"])
    roles = {piece.role for row in draw_confusion_matrix(matrix, 70, 12).rows for piece in row if "▓" in piece.text}
    assert roles <= {"run-0", "run-5"}


def test_rare_classes_without_room_are_put_together() -> None:
    actual = [str(number) for number in range(30) for _ in range(number + 1)]
    matrix = count_confusions(actual, actual)
    lines = draw_confusion_matrix(matrix, 80, 10).lines()
    assert any(line.startswith("others") for line in lines)
    assert "30 classes" in lines[0]
    assert matrix.most_frequent(3).labels == ("28", "29", "others")
    assert sum(map(sum, matrix.most_frequent(3).counts)) == len(actual)


def test_a_missing_pair_is_reported() -> None:
    assert "no labels" in "".join(draw_confusion_matrix(count_confusions([], []), 40, 6).lines())
