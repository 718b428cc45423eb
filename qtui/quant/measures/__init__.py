"""Statistics of signals and portfolios with Qlib's formulas, vectorised over days."""

from qtui.quant.measures.correlation import calc_ic
from qtui.quant.measures.execution import indicator_analysis
from qtui.quant.measures.quantiles import calc_long_short_prec, calc_long_short_return
from qtui.quant.measures.risk import risk_analysis

__all__ = ["calc_ic", "calc_long_short_prec", "calc_long_short_return", "indicator_analysis", "risk_analysis"]
