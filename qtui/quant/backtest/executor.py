"""The executor whose settings a config gives: one step a day, everything at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qtui.errors import ConfigError
from qtui.quant.measures.frequency import Frequency

WITHOUT_EFFECT: Mapping[str, tuple[Any, ...]] = {
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
            raise ConfigError(f"The backtest without Qlib trades once a day, not every {time_per_step}.")
        for name, value in kwargs.items():
            if value not in WITHOUT_EFFECT.get(name, ()):
                raise ConfigError(f"The backtest without Qlib cannot heed {name}={value!r} of the executor.")
        self.time_per_step = time_per_step
        self.generate_portfolio_metrics = generate_portfolio_metrics
