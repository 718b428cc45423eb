"""Signal analysis: daily IC and Rank IC, and long-short returns."""

from __future__ import annotations

import builtins
import logging
from typing import TYPE_CHECKING, Any

from qtui.quant.measures import calc_ic, calc_long_short_prec, calc_long_short_return
from qtui.quant.templates.signal import SignalRecord
from qtui.quant.templates.template import ACRecordTemp, FillableRecorder

if TYPE_CHECKING:
    from pandas import DataFrame, Series

logger = logging.getLogger(__name__)


class SigAnaRecord(ACRecordTemp):
    """Save the daily IC and Rank IC of predictions and labels, and with `ana_long_short` long-short returns."""

    artifact_path = "sig_analysis"
    depend_cls = SignalRecord

    def __init__(
        self,
        recorder: FillableRecorder | None,
        ana_long_short: bool = False,
        ann_scaler: float = 252,
        label_col: int = 0,
        skip_existing: bool = False,
    ) -> None:
        super().__init__(recorder, skip_existing)
        self.ana_long_short = ana_long_short
        self.ann_scaler = ann_scaler
        self.label_col = label_col

    def _generate(self, label: DataFrame | None = None, **kwargs: Any) -> dict[str, Any] | None:
        """Return the daily series and log their means as metrics."""
        import pandas

        pred = self.load("pred.pkl")
        label = self.load("label.pkl") if label is None else label
        if not isinstance(label, pandas.DataFrame) or label.empty:
            logger.warning("SigAnaRecord skipped: the run has no labels.")
            return None
        return self._analyse(pred.iloc[:, 0], label.iloc[:, self.label_col])

    def _analyse(self, pred: Series, label: Series) -> dict[str, Any]:
        ic, rank_ic = calc_ic(pred, label)
        metrics = correlation_metrics(ic, rank_ic)
        artifacts = {"ic.pkl": ic, "ric.pkl": rank_ic}
        if self.ana_long_short:
            long_short, average = calc_long_short_return(pred, label)
            artifacts |= {"long_short_r.pkl": long_short, "long_avg_r.pkl": average}
            for name, returns in (("Long-Short", long_short), ("Long-Avg", average)):
                metrics[f"{name} Ann Return"] = returns.mean() * self.ann_scaler
                metrics[f"{name} Ann Sharpe"] = ratio(returns) * self.ann_scaler**0.5
        self.log(metrics)
        return artifacts

    def list(self) -> builtins.list[str]:
        return ["ic.pkl", "ric.pkl", *(["long_short_r.pkl", "long_avg_r.pkl"] if self.ana_long_short else [])]


class HFSignalRecord(SignalRecord):
    """Save correlation, precision and long-short returns of intraday predictions."""

    artifact_path = "hg_sig_analysis"
    depend_cls = SignalRecord

    def __init__(self, recorder: FillableRecorder | None, **kwargs: Any) -> None:
        super().__init__(recorder=recorder)

    def generate(self, *args: Any, **kwargs: Any) -> None:
        """Analyse the saved predictions and labels."""
        pred, label = (self.load(name).iloc[:, 0] for name in ("pred.pkl", "label.pkl"))
        ic, rank_ic = calc_ic(pred, label)
        long, short = calc_long_short_prec(pred, label, is_alpha=True)
        long_short, average = calc_long_short_return(pred, label)
        self.log(
            {
                **correlation_metrics(ic, rank_ic),
                "Long precision": long.mean(),
                "Short precision": short.mean(),
                "Long-Short Average Return": long_short.mean(),
                "Long-Short Average Sharpe": ratio(long_short),
            }
        )
        self.save(**dict(zip(self.list(), (ic, rank_ic, long, short, long_short, average), strict=True)))

    def list(self) -> builtins.list[str]:
        return ["ic.pkl", "ric.pkl", "long_pre.pkl", "short_pre.pkl", "long_short_r.pkl", "long_avg_r.pkl"]


def correlation_metrics(ic: Series, rank_ic: Series) -> dict[str, float]:
    """Return the means of both correlations and their ratios of mean to standard deviation."""
    return {"IC": ic.mean(), "ICIR": ratio(ic), "Rank IC": rank_ic.mean(), "Rank ICIR": ratio(rank_ic)}


def ratio(values: Series) -> float:
    """Return the mean divided by the standard deviation."""
    import numpy

    with numpy.errstate(all="ignore"):
        return float(numpy.float64(values.mean()) / numpy.float64(values.std()))
