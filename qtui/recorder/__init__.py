"""The recorder library, the way in for the screen, the commands and scripts: Qlib's shape, over any store.

Reading is loaded at once, recording when it is first asked for: who only looks does not wait for it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from qtui.errors import ExpAlreadyExistError, LoadObjectError, QlibException, RecorderInitializationError
from qtui.recorder.exp import RT_D, RT_L, Experiment
from qtui.recorder.expm import ExpManager
from qtui.recorder.health import MovedRun, StaleRun
from qtui.recorder.recorder import Recorder

if TYPE_CHECKING:
    from qtui.recorder.abstract_exp import AbstractExperiment
    from qtui.recorder.abstract_expm import AbstractExpManager
    from qtui.recorder.abstract_recorder import AbstractRecorder
    from qtui.recorder.collect import Collector, MergeCollector, RecorderCollector
    from qtui.recorder.gather import collect_frames, collect_metrics
    from qtui.recorder.measures import (
        calc_ic,
        calc_long_short_prec,
        calc_long_short_return,
        indicator_analysis,
        risk_analysis,
    )
    from qtui.recorder.mlflow_exp import MLflowExperiment
    from qtui.recorder.mlflow_expm import MLflowExpManager
    from qtui.recorder.mlflow_recorder import MLflowRecorder
    from qtui.recorder.qlib_recorder import QlibRecorder
    from qtui.recorder.r import R, RecorderWrapper, from_config, init
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
    from qtui.recorder.with_qlib import WithQlib, use_with_qlib
    from qtui.recorder.workflow import fill_placeholder, init_instance_by_config, read_workflow

__all__ = ["RT_D", "RT_L", "ExpManager", "Experiment", "MovedRun", "Recorder", "StaleRun"]
__all__ += ["QlibRecorder", "R", "RecorderWrapper", "WithQlib", "from_config", "init", "use_with_qlib"]
__all__ += ["MLflowExpManager", "MLflowExperiment", "MLflowRecorder"]
__all__ += ["AbstractExpManager", "AbstractExperiment", "AbstractRecorder"]
__all__ += ["ExpAlreadyExistError", "LoadObjectError", "QlibException", "RecorderInitializationError"]
__all__ += ["Serializable", "fill_placeholder", "init_instance_by_config", "read_workflow", "records_of"]
__all__ += ["ACRecordTemp", "HFSignalRecord", "MultiPassPortAnaRecord", "PortAnaRecord", "RecordTemp", "SigAnaRecord"]
__all__ += ["SignalRecord"]
__all__ += ["Collector", "MergeCollector", "RecorderCollector", "collect_frames", "collect_metrics"]
__all__ += ["calc_ic", "calc_long_short_prec", "calc_long_short_return", "indicator_analysis", "risk_analysis"]

_LATER = {
    "QlibRecorder": "qlib_recorder",
    "R": "r",
    "RecorderWrapper": "r",
    "from_config": "r",
    "init": "r",
    "WithQlib": "with_qlib",
    "use_with_qlib": "with_qlib",
    "MLflowExpManager": "mlflow_expm",
    "MLflowExperiment": "mlflow_exp",
    "MLflowRecorder": "mlflow_recorder",
    "AbstractExpManager": "abstract_expm",
    "AbstractExperiment": "abstract_exp",
    "AbstractRecorder": "abstract_recorder",
    "Serializable": "serial",
    **dict.fromkeys(["Collector", "MergeCollector", "RecorderCollector"], "collect"),
    **dict.fromkeys(["collect_frames", "collect_metrics"], "gather"),
    **dict.fromkeys(["fill_placeholder", "init_instance_by_config", "read_workflow"], "workflow"),
    **dict.fromkeys(["ACRecordTemp", "HFSignalRecord", "MultiPassPortAnaRecord", "PortAnaRecord"], "templates"),
    **dict.fromkeys(["RecordTemp", "SigAnaRecord", "SignalRecord", "records_of"], "templates"),
    **dict.fromkeys(["calc_ic", "calc_long_short_prec", "calc_long_short_return"], "measures"),
    **dict.fromkeys(["indicator_analysis", "risk_analysis"], "measures"),
}
"""Which module has each name of the half that records and works out."""


def __getattr__(name: str) -> object:
    """A name of that half, loaded now."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"qtui.recorder.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    """List the public names, loaded or not, for completion in a shell."""
    return sorted({*globals(), *__all__})
