"""The positions of a backtest, read without Qlib: holdings by day, what changed, and weights over time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qtui.artifacts.content import DrawingContent, TableContent
from qtui.artifacts.qlib_files.chart_drawing import StackedDrawing, caption_row, chart_part
from qtui.artifacts.qlib_files.day_table import DAY, DayTable
from qtui.artifacts.qlib_files.frames import LazyPickle, day_text
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable
from qtui.pickles import Node

if TYPE_CHECKING:
    from pandas import DataFrame

NAME = re.compile(r"positions_normal(?:_\w+)?\.pkl")
TOTALS = ("cash", "now_account_value", "cash_delay")
"""Entries of a position that are no instruments."""
CURVES = 6
"""The holdings with the largest mean weight, whose weights are drawn."""


def position_of(value: Any) -> Mapping[Any, Any]:
    """Return the entries of a position: a dict, or an object of Qlib's class, which is not imported."""
    if isinstance(value, Node) and isinstance(value.state, Mapping):
        value = value.state.get("position")
    if not isinstance(value, Mapping):
        raise ArtifactUnreadable("The file has no positions by day.")
    return value


def holdings_of(value: Any) -> DataFrame:
    """Return the holdings as rows of day and instrument, the largest first; raises ArtifactUnreadable."""
    import pandas

    if not isinstance(value, Mapping) or not value:
        raise ArtifactUnreadable("The file has no positions by day.")
    frame = pandas.DataFrame(
        _holding_rows(value), columns=[DAY, "instrument", "weight", "amount", "price", "value", "days held"]
    )
    return frame.sort_values([DAY, "weight"], ascending=[True, False], kind="stable", ignore_index=True)


def _holding_rows(positions: Mapping[Any, Any]) -> Iterator[tuple[Any, ...]]:
    for day, value in positions.items():
        position = position_of(value)
        account = float(position.get("now_account_value", float("nan")))
        for instrument, holding in position.items():
            if instrument in TOTALS or not isinstance(holding, Mapping):
                continue
            amount, price = float(holding.get("amount", 0)), float(holding.get("price", float("nan")))
            yield day, str(instrument), amount * price / account, amount, price, amount * price, _days_held(holding)
        cash = float(position.get("cash", 0))
        yield day, "cash", cash / account, cash, 1.0, cash, None


def _days_held(holding: Mapping[Any, Any]) -> int | None:
    """Return the number of days a holding is in the account; its key names the frequency."""
    return next((int(count) for key, count in holding.items() if str(key).startswith("count_")), None)


def changes_of(holdings: DataFrame) -> DataFrame:
    """Return the holdings whose amount differs from the day before, the last day first."""
    import pandas

    shares = holdings[holdings["instrument"] != "cash"]
    amounts = shares.pivot_table(index=DAY, columns="instrument", values="amount", aggfunc="sum").fillna(0.0)
    amounts = amounts.reindex(holdings[DAY].drop_duplicates(), fill_value=0.0)
    before = amounts.shift(fill_value=0.0)
    table = pandas.DataFrame({"amount": amounts.stack(), "before": before.stack()})
    table = table[table["amount"] != table["before"]].reset_index()
    table["change"] = [_change(old, new) for old, new in zip(table["before"], table["amount"], strict=True)]
    ordered = table.sort_values([DAY, "change", "instrument"], ascending=[False, True, True], ignore_index=True)
    return ordered[[DAY, "instrument", "change", "before", "amount"]]


def _change(before: float, after: float) -> str:
    if not before:
        return "bought"
    if not after:
        return "sold"
    return "increased" if after > before else "reduced"


def draw_weights(value: Any) -> DrawingContent:
    """Return the weights of the largest holdings over time, and the share of cash and the number of holdings."""
    holdings = holdings_of(value)
    weights = holdings.pivot_table(index=DAY, columns="instrument", values="weight", aggfunc="sum")
    shares = weights.drop(columns="cash", errors="ignore")
    largest = shares.fillna(0).mean().sort_values(ascending=False).index[:CURVES]
    curves = [(str(name), f"run-{number}", shares[name]) for number, name in enumerate(largest)]
    parts = [chart_part("Weights of the largest holdings", curves, 2)] if curves else []
    parts.append(chart_part("Share of cash", [("cash", "run-7", weights["cash"])]))
    days = weights.index
    instrument_counts = (shares > 0).sum(axis="columns")
    caption = caption_row(
        ("days", f"{len(days):,}"),
        ("from", day_text(days[0])),
        ("to", day_text(days[-1])),
        ("instruments", f"{len(shares.columns):,}"),
        ("held a day, mean", f"{instrument_counts.mean():.1f}"),
    )
    return StackedDrawing([caption], parts)


class PositionsViewer(Viewer):
    """The positions of a backtest by day."""

    name = "Qlib positions"

    def recognises(self, sample: Sample) -> bool:
        return NAME.fullmatch(sample.name) is not None and sample.head[:1] == b"\x80"

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        """Return the holdings by day, what changed, and the weights over time."""
        loaded = LazyPickle(source)

        def holdings(value: Any) -> TableContent:
            return DayTable(holdings_of(value))

        def changes(value: Any) -> TableContent:
            return FrameTable(changes_of(holdings_of(value)))

        return (
            loaded.view("holdings", holdings),
            loaded.view("changes", changes),
            loaded.view("weights", draw_weights),
        )
