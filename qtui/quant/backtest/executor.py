"""The executor of the built-in backtest: one step a day, all orders at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qtui.errors import ConfigError
from qtui.quant.measures.frequency import Frequency

IGNORED_KWARGS: Mapping[str, tuple[Any, ...]] = {
    "verbose": (False, True),
    "track_data": (False, True),
    "indicator_config": ({}, None),
    "settle_type": ("None", None),
    "trade_type": ("serial",),
    "start_time": (None,),
    "end_time": (None,),
}


class SimulatorExecutor:
    """Trades once a day, sales before purchases, as Qlib's executor of this name."""

    def __init__(self, time_per_step: str = "day", generate_portfolio_metrics: bool = False, **kwargs: Any) -> None:
        if Frequency.parse(time_per_step) != Frequency(1, "day"):
            raise ConfigError(f"The built-in backtest trades once a day; time_per_step={time_per_step!r} needs Qlib.")
        for name, value in kwargs.items():
            if value not in IGNORED_KWARGS.get(name, ()):
                raise ConfigError(f"executor: {name}={value!r} is not supported by the built-in backtest.")
        self.time_per_step = time_per_step
        self.generate_portfolio_metrics = generate_portfolio_metrics
