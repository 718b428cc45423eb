"""The built-in backtest, which needs prices but no Qlib: top-k dropout with costs, limits, lots and a benchmark."""

from qtui.quant.backtest.executor import SimulatorExecutor
from qtui.quant.backtest.simulation import backtest
from qtui.quant.backtest.strategy import Decision, MarketState, Strategy, TopkDropoutStrategy

__all__ = ["Decision", "MarketState", "SimulatorExecutor", "Strategy", "TopkDropoutStrategy", "backtest"]
