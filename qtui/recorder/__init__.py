"""The recorder library, the way in for the screen, the commands and scripts: Qlib's shape, over any store."""

from qtui.recorder.exp import RT_D, RT_L, Experiment
from qtui.recorder.expm import ExpManager
from qtui.recorder.health import MovedRun, StaleRun
from qtui.recorder.measures import (
    calc_ic,
    calc_long_short_prec,
    calc_long_short_return,
    indicator_analysis,
    risk_analysis,
)
from qtui.recorder.recorder import Recorder
from qtui.recorder.serial import Serializable
from qtui.recorder.templates import (
    ACRecordTemp,
    HFSignalRecord,
    MultiPassPortAnaRecord,
    PortAnaRecord,
    RecordTemp,
    SigAnaRecord,
    SignalRecord,
    records_of,
)
from qtui.recorder.workflow import fill_placeholder, init_instance_by_config, read_workflow

__all__ = ["RT_D", "RT_L", "ExpManager", "Experiment", "MovedRun", "Recorder", "StaleRun"]
__all__ += ["calc_ic", "calc_long_short_prec", "calc_long_short_return", "indicator_analysis", "risk_analysis"]
__all__ += ["Serializable"]
__all__ += ["ACRecordTemp", "HFSignalRecord", "RecordTemp", "SigAnaRecord", "SignalRecord"]
__all__ += ["fill_placeholder", "init_instance_by_config", "read_workflow", "records_of"]
__all__ += ["MultiPassPortAnaRecord", "PortAnaRecord"]
