"""A backtest on given prices for where Qlib is not: top-k dropout with costs, limits, lots and a benchmark."""

from qtui.recorder.backtest.executor import SimulatorExecutor
from qtui.recorder.backtest.simulation import backtest
from qtui.recorder.backtest.strategy import Decision, Morning, Strategy, TopkDropoutStrategy

__all__ = ["Decision", "Morning", "SimulatorExecutor", "Strategy", "TopkDropoutStrategy", "backtest"]
