"""The daily IC and Rank IC of a signal, and other daily series of a signal analysis."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from qtui.artifacts.content import DrawingContent
from qtui.artifacts.qlib_files.chart_drawing import (
    StackedDrawing,
    caption_row,
    chart_part,
    format_ratio,
    plot_part,
)
from qtui.artifacts.qlib_files.frames import LazyPickle, day_text, series_of_numbers, total
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.formatting import ABSENT
from qtui.plot.charts.heat_map import HeatMap
from qtui.plot.charts.histogram import Histogram
from qtui.plot.pieces import Row

if TYPE_CHECKING:
    from pandas import Series

TITLES = {
    "ic.pkl": "IC",
    "ric.pkl": "Rank IC",
    "long_short_r.pkl": "Long-short return",
    "long_avg_r.pkl": "Average return",
    "long_pre.pkl": "Long precision",
    "short_pre.pkl": "Short precision",
}
"""The series of SigAnaRecord and HFSignalRecord by the name of their file."""
ROLLING_DAYS = 20
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class CorrelationSummary(NamedTuple):
    """The numbers that decide on a daily series; the ratio of mean to standard deviation of the IC is the ICIR."""

    mean: float
    std: float
    ratio: float
    positive_share: float
    days: int


def summarise(series: Series) -> CorrelationSummary:
    """Return mean, standard deviation and their ratio with Qlib's formulas; days without a value do not count."""
    from qtui.quant.templates.analysis import ratio

    valid = series.dropna()
    share = float((valid > 0).mean()) if len(valid) else float("nan")
    return CorrelationSummary(float(series.mean()), float(series.std()), ratio(series), share, len(valid))


def caption(title: str, series: Series) -> Row:
    """Return the line with the numbers of a series."""
    summary = summarise(series)
    ratio_name = f"{title}IR" if title.endswith("IC") else "mean/std"
    return caption_row(
        ("mean", format_ratio(summary.mean, 4)),
        ("std", format_ratio(summary.std, 4)),
        (ratio_name, format_ratio(summary.ratio)),
        ("above 0", f"{summary.positive_share:.0%}" if summary.days else ABSENT),
        ("days", f"{summary.days:,}"),
    )


def monthly_heat_map(title: str, series: Series) -> HeatMap:
    """Return the means by year and month; raises ArtifactUnreadable for an index without times."""
    import pandas

    if not isinstance(series.index, pandas.DatetimeIndex):
        raise ArtifactUnreadable("The series has no days, so there are no months to show.")
    keys = series.index.strftime("%Y %m")
    means = [(str(key), mean) for key, mean in series.groupby(keys).mean().items()]
    by_month = {(int(key[:-3]), int(key[-2:])): float(mean) for key, mean in means}
    years = sorted({year for year, _ in by_month})
    values = [[by_month.get((year, month)) for month in range(1, 13)] for year in years]
    return HeatMap([str(year) for year in years], MONTHS, values, format_short, f"{title} by month, mean")


def format_short(value: float) -> str:
    """Return a number with its sign and three decimals, without the zero before the point."""
    return f"{value:+.3f}".replace("0.", ".", 1)


def draw_series(title: str, path: str, value: Any) -> DrawingContent:
    """Return the series with its rolling mean, and its cumulative sum."""
    series = series_of_numbers(value, path)
    rolling = series.rolling(ROLLING_DAYS, min_periods=1).mean()
    curves = [("daily", "run-7-dim", series), (f"mean of {ROLLING_DAYS} days", "run-0", rolling)]
    parts = [
        chart_part(title, curves),
        chart_part(f"Cumulative {title}", [("cumulative", "run-2", total(series))]),
    ]
    return StackedDrawing([caption(title, series)], parts)


def draw_months(title: str, path: str, value: Any) -> DrawingContent:
    """Return the means by month."""
    series = series_of_numbers(value, path)
    return StackedDrawing([caption(title, series)], [plot_part(monthly_heat_map(title, series))])


def draw_distribution(title: str, path: str, value: Any) -> DrawingContent:
    """Return the histogram."""
    series = series_of_numbers(value, path)
    facts = series.dropna()
    row = caption_row(
        ("lowest", f"{format_ratio(facts.min(), 4)} on {day_text(facts.idxmin())}" if len(facts) else ABSENT),
        ("highest", f"{format_ratio(facts.max(), 4)} on {day_text(facts.idxmax())}" if len(facts) else ABSENT),
    )
    return StackedDrawing([caption(title, series), row], [plot_part(Histogram(series.to_list(), f"{title}, days"))])


class CorrelationViewer(Viewer):
    """A daily series of a signal analysis."""

    name = "Qlib signal analysis"

    def recognises(self, sample: Sample) -> bool:
        return sample.name in TITLES and sample.head[:1] == b"\x80"

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        title, loaded = TITLES[sample.name], LazyPickle(source)
        return (
            loaded.view("series", partial(draw_series, title, source.path)),
            loaded.view("months", partial(draw_months, title, source.path)),
            loaded.view("distribution", partial(draw_distribution, title, source.path)),
        )
