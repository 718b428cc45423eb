"""The dialogs and the export of a large chart, as messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from textual.message import Message

from qtui.errors import UsageError
from qtui.formatting import now_ms
from qtui.plot.charts.bar_chart import BarChart
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.chart_options import ChartOptions
from qtui.plot.curves.limits_text import format_limits, parse_limits
from qtui.plot.export.bar_export import bars_csv, bars_svg
from qtui.plot.export.csv_export import chart_csv
from qtui.plot.export.svg_export import chart_svg
from qtui.tui.messages import AskText, ChooseOne, ChooseSeveral, CopyText, SaveFile
from qtui.tui.present.choices import Choice
from qtui.tui.widgets.chart_pane.chart_model import ChartModel

TEXT = "text"
EXPORT_CHOICES = (
    Choice(TEXT, "Copy as text", note="into the clipboard of the terminal"),
    Choice("svg", "Save as SVG", note="a drawing for documents and the web"),
    Choice("csv", "Save as CSV", note="the visible points"),
)
CHART_EXPORTS: Mapping[str, Callable[[Chart], str]] = {"svg": chart_svg, "csv": chart_csv}
BAR_EXPORTS: Mapping[str, Callable[[BarChart], str]] = {"svg": bars_svg, "csv": bars_csv}


def ask_limits(model: ChartModel, use: Callable[[ChartOptions], None]) -> AskText:
    """Return the request for the limits of the axes; `use` gets the options with these limits."""

    def parse(text: str) -> ChartOptions:
        return parse_limits(text, model.options, model.curve_set.scales, now_ms())

    def problem(text: str) -> str | None:
        try:
            parse(text)
        except UsageError as error:
            return str(error)
        return None

    return AskText(
        "Limits",
        value=format_limits(model.options),
        placeholder="x 0:500 y 1e-3:1",
        problem=problem,
        on_answer=lambda text: use(parse(text)),
    )


def ask_x_metric(model: ChartModel, use: Callable[[str], None]) -> ChooseOne[str]:
    """Return the request for the metric of the x-axis; `use` gets its name, empty for none."""
    choices = [Choice("", f"no metric: {model.options.x_axis.value}"), *_metric_choices(model)]
    return ChooseOne("X-axis", choices, model.options.x_metric, on_answer=use)


def ask_metrics(model: ChartModel, use: Callable[[Sequence[str]], None]) -> ChooseSeveral[str]:
    """Return the request for the metrics to draw."""

    def draw(metrics: Sequence[str]) -> None:
        if metrics:
            use(metrics)

    return ChooseSeveral("Metrics", _metric_choices(model), chosen=model.spec.metrics, on_answer=draw)


def _metric_choices(model: ChartModel) -> list[Choice[str]]:
    return [Choice(metric, metric) for metric in model.spec.available_metrics]


def ask_export_kind(export: Callable[[str], object]) -> ChooseOne[str]:
    """Return the request for the format of an export."""
    return ChooseOne("Export", EXPORT_CHOICES, chosen=TEXT, on_answer=export)


def export_message(model: ChartModel, kind: str, cells: int, lines: int) -> Message:
    """Return the message that exports the chart or the bars; as text they have this size."""
    if kind == TEXT:
        return CopyText(model.as_text(cells, lines), "the chart")
    bars = model.bars_document()
    make = partial(BAR_EXPORTS[kind], bars) if bars else partial(CHART_EXPORTS[kind], model.chart_document())
    return SaveFile(f"Save as {kind.upper()}", model.spec.title(), kind, make, "the chart")
