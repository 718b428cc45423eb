"""The line above a large chart: the options that are not the default, and the curves that are not drawn."""

from __future__ import annotations

from collections.abc import Mapping

from qtui.plot.curves.band import BandSpread
from qtui.plot.curves.chart_options import ChartOptions

BAND_TEXTS: Mapping[BandSpread, str] = {
    BandSpread.DEVIATION: "mean ± std",
    BandSpread.QUARTILES: "median and quartiles",
    BandSpread.INTERVAL: "95 % interval of the mean",
    BandSpread.RANGE: "min to max",
}
"""The texts of the bands in the line of the state."""


def describe_state(options: ChartOptions | None, loading: int, failed: int, hidden: int) -> str:
    """Return the options that are not the default (None for bars), and the numbers of curves that are not drawn."""
    parts = _changed_options(options) if options else ["single values, the best first"]
    if loading:
        parts.append(f"reading {loading:,} …")
    if failed:
        parts.append(f"{failed:,} cannot be read")
    if hidden:
        parts.append(f"{hidden:,} hidden")
    return "   ".join(parts)


def _changed_options(options: ChartOptions) -> list[str]:
    """Return the x-axis and the options that are not the default."""
    flags = (
        (options.log_y, "log"),
        (options.log_x, "log x"),
        (options.clip_outliers, "outliers clipped"),
        (options.normalised, "normalised"),
        (options.mark_extremes, "extremes"),
        (options.band_spread is not BandSpread.DEVIATION, f"band: {BAND_TEXTS[options.band_spread]}"),
        (options.show_members, "all runs"),
        (options.sort_lines, "lines by value"),
    )
    smoothing = [f"smoothed {options.smoothing:g}"] if options.smoothing else []
    return [f"by {options.x_title}", *smoothing, *(text for flag, text in flags if flag)]
