"""Confusion matrices: counts by actual and predicted class, drawn as a heat map."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from qtui.formatting import ABSENT, format_count
from qtui.plot.charts.heat_map import NAME_DIVISOR, HeatMap, draw_heat_map
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece
from qtui.plot.rows import fit_row, fit_rows
from qtui.text import display, width
from qtui.value_classes import dataclass

OTHERS, PRECISION = "others", "precision"
MIN_CLASS_CELLS = 6
"""The cells of a class below which its count has no room."""


@dataclass(frozen=True, slots=True)
class ConfusionMatrix:
    """Counts by class: a row for each actual one, a column for each predicted one."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    title: str = ""
    ascii_only: bool = False

    @property
    def total(self) -> int:
        """The number of pairs."""
        return sum(map(sum, self.counts))

    @property
    def accuracy(self) -> float:
        """The share of pairs that are equal; NaN without pairs."""
        return sum(row[number] for number, row in enumerate(self.counts)) / self.total if self.total else math.nan

    def recall(self, label: int) -> float | None:
        """Return the share of a class that is predicted as it; None if it never occurs."""
        total = sum(self.counts[label])
        return self.counts[label][label] / total if total else None

    def precision(self, label: int) -> float | None:
        """Return the share of the predictions of a class that are right; None if it is never predicted."""
        total = sum(row[label] for row in self.counts)
        return self.counts[label][label] / total if total else None

    def most_frequent(self, count: int) -> ConfusionMatrix:
        """Return at most this many classes: the most frequent ones in their order, and the others as one."""
        if len(self.labels) <= max(1, count):
            return self
        by_total = sorted(range(len(self.labels)), key=lambda number: -sum(self.counts[number]))
        own = sorted(by_total[: max(0, count - 1)])
        parts = [[number] for number in own] + [[number for number in range(len(self.labels)) if number not in own]]
        counts = tuple(
            tuple(sum(self.counts[row][column] for row in rows for column in columns) for columns in parts)
            for rows in parts
        )
        return ConfusionMatrix((*(self.labels[number] for number in own), OTHERS), counts, self.title)


def count_confusions(actual: Sequence[str], predicted: Sequence[str], title: str = "") -> ConfusionMatrix:
    """Return how often each actual class is predicted as each class; numbers are ordered as numbers."""
    pairs = Counter(zip(actual, predicted, strict=True))
    labels = tuple(sorted({label for pair in pairs for label in pair}, key=_label_order))
    return ConfusionMatrix(labels, tuple(tuple(pairs[row, column] for column in labels) for row in labels), title)


def _label_order(label: str) -> tuple[int, float, str]:
    try:
        number = float(label)
    except ValueError:
        return 1, 0.0, label
    return (0, number, label) if math.isfinite(number) else (1, 0.0, label)


def draw_confusion_matrix(matrix: ConfusionMatrix, cells: int, rows: int) -> Picture:
    """Return the matrix in exactly this many cells and rows; rare classes without room are put together.

    A cell is as dark as its share of the actual class; right and wrong predictions have different colours. The last
    column and row are recall and precision.
    """
    cells, rows = max(0, cells), max(0, rows)
    if not matrix.total:
        return Picture(fit_rows([fit_row(cells, Piece("no labels to compare", "muted"))], cells, rows))
    longest = max(width(display(name)) for name in (*matrix.labels, PRECISION))
    room = min(rows - 3, (cells - min(longest, cells // NAME_DIVISOR) - 1) // MIN_CLASS_CELLS - 1)
    visible = matrix.most_frequent(max(1, room))
    classes = range(len(visible.labels))
    shares: list[list[float | None]] = []
    texts: list[list[str]] = []
    for row in classes:
        total = sum(visible.counts[row]) or 1
        shares.append(
            [
                (count if row == column else -count) / total if count else None
                for column, count in enumerate(visible.counts[row])
            ]
        )
        texts.append([f"{count:,}" for count in visible.counts[row]])
        shares[-1].append(None)
        texts[-1].append(_percent(visible.recall(row)))
    shares.append([None] * (len(classes) + 1))
    texts.append([*(_percent(visible.precision(column)) for column in classes), ""])
    hidden = f", {len(matrix.labels):,} classes" if len(visible.labels) < len(matrix.labels) else ""
    title = f"accuracy {matrix.accuracy:.1%} of {format_count(matrix.total, 'row')}{hidden}"
    title += f" · {matrix.title or 'actual (rows) by predicted'}"
    heat_map = HeatMap(
        (*visible.labels, PRECISION),
        (*visible.labels, "recall"),
        shares,
        title=title,
        ascii_only=matrix.ascii_only,
        texts=texts,
    )
    return draw_heat_map(heat_map, cells, rows)


def _percent(share: float | None) -> str:
    return ABSENT if share is None else f"{share:.0%}"
