"""A backtest on given prices for where Qlib is not: top-k dropout with costs, limits, lots and a benchmark."""

from qtui.quant.backtest.executor import SimulatorExecutor
from qtui.quant.backtest.simulation import backtest
from qtui.quant.backtest.strategy import Decision, Morning, Strategy, TopkDropoutStrategy

__all__ = ["Decision", "Morning", "SimulatorExecutor", "Strategy", "TopkDropoutStrategy", "backtest"]
