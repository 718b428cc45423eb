"""Predictions and labels: by day, by instrument, the ranking of a day, and the distribution of the scores."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import DrawingContent, TableContent
from qtui.artifacts.qlib_files.chart_drawing import StackedDrawing, caption_row, format_ratio, plot_part
from qtui.artifacts.qlib_files.day_table import DAY, DayTable
from qtui.artifacts.qlib_files.frames import LazyPickle, day_text
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.artifacts.trees.pickle_file import open_pickle
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.plot.charts.histogram import Histogram

if TYPE_CHECKING:
    from pandas import DataFrame

NAMES = ("pred.pkl", "label.pkl")
INSTRUMENT, SCORE = "instrument", "score"


def scores_of(value: Any) -> DataFrame:
    """Return the first column by day and instrument as rows of a frame; raises ArtifactUnreadable."""
    import pandas

    if isinstance(value, pandas.Series):
        value = value.to_frame()
    names = list(value.index.names) if isinstance(value, pandas.DataFrame) else []
    if "datetime" not in names or INSTRUMENT not in names or not len(value.columns) or value.empty:
        raise ArtifactUnreadable("The file has no scores by datetime and instrument.")
    return pandas.DataFrame(
        {
            DAY: value.index.get_level_values("datetime"),
            INSTRUMENT: value.index.get_level_values(INSTRUMENT).astype(str),
            SCORE: pandas.to_numeric(value.iloc[:, 0], errors="coerce").to_numpy("float64"),
        }
    )


def by_day(value: Any) -> TableContent:
    """Return count, mean, deviation and the names with the highest and the lowest score of each day, the last first."""
    scores = scores_of(value)
    groups = scores.groupby(DAY)[SCORE]
    table = groups.agg(["count", "mean", "std", "min", "max"])
    for title, rows in (("top", groups.idxmax()), ("bottom", groups.idxmin())):
        table[title] = scores[INSTRUMENT].reindex(rows.dropna()).set_axis(rows.dropna().index)
    return FrameTable(table.sort_index(ascending=False))


def by_instrument(value: Any) -> TableContent:
    """Return the statistics of each instrument over the days, the highest mean first."""
    groups = scores_of(value).groupby(INSTRUMENT)[SCORE]
    return FrameTable(groups.agg(["count", "mean", "std", "min", "max"]).sort_values("mean", ascending=False))


def ranking(value: Any) -> TableContent:
    """Return the instruments of a day by score, the highest first."""
    scores = scores_of(value)
    scores["rank"] = scores.groupby(DAY)[SCORE].rank(method="first", ascending=False)
    ordered = scores.sort_values([DAY, "rank"], kind="stable", ignore_index=True)
    return DayTable(ordered[[DAY, "rank", INSTRUMENT, SCORE]])


def draw_scores(value: Any) -> DrawingContent:
    """Return the histogram of all scores."""
    scores = scores_of(value)
    days = scores[DAY]
    caption = caption_row(
        ("scores", f"{scores[SCORE].count():,}"),
        ("mean", format_ratio(scores[SCORE].mean(), 4)),
        ("std", format_ratio(scores[SCORE].std(), 4)),
        ("from", day_text(days.min())),
        ("to", day_text(days.max())),
    )
    return StackedDrawing([caption], [plot_part(Histogram(scores[SCORE].to_list(), "Scores"))])


class PredictionsViewer(Viewer):
    """Predictions or labels by day and instrument."""

    name = "Qlib predictions"

    def recognises(self, sample: Sample) -> bool:
        # A large pickle has the names of its index after its values, beyond the sample.
        has_instruments = sample.is_part or b"instrument" in sample.head
        return sample.name in NAMES and sample.head[:1] == b"\x80" and has_instruments

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        """Return the table as it is, the ranking of a day, the days, the instruments and the histogram."""
        loaded = LazyPickle(source)
        return (
            View("pickle", partial(open_pickle, source)),
            loaded.view("ranking", ranking),
            loaded.view("days", by_day),
            loaded.view("instruments", by_instrument),
            loaded.view("histogram", draw_scores),
        )
