"""The recorder library: Qlib's API for any store, used by the screen, the commands and scripts.

Modules that record or compute are imported at their first use, so that reading a store starts fast.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING
from warnings import warn

from qtui import UNSUPPORTED_PLATFORM

if sys.platform == "win32":
    raise ImportError(UNSUPPORTED_PLATFORM)

from qtui.errors import ExpAlreadyExistError, LoadObjectError, QlibException, RecorderInitializationError
from qtui.recorder.library import Library
from qtui.recorder.reading.health import MovedRun, StaleRun

if TYPE_CHECKING:
    from qtui.quant.collectors import Collector, MergeCollector, RecorderCollector
    from qtui.quant.measures import (
        calc_ic,
        calc_long_short_prec,
        calc_long_short_return,
        indicator_analysis,
        risk_analysis,
    )
    from qtui.quant.recorder_frames import collect_frames, collect_metrics
    from qtui.quant.templates import (
        ACRecordTemp,
        HFSignalRecord,
        MultiPassPortAnaRecord,
        PortAnaRecord,
        RecordTemp,
        SigAnaRecord,
        SignalRecord,
        records_of,
    )
    from qtui.quant.workflow import fill_placeholder, init_instance_by_config, read_workflow
    from qtui.recorder.editing.editor import EditResult
    from qtui.recorder.editing.journal import JournalEntry
    from qtui.recorder.exp_manager import ExpManager
    from qtui.recorder.experiment import RT_D, RT_L, Experiment
    from qtui.recorder.mlflow_exp_manager import MLflowExpManager
    from qtui.recorder.mlflow_experiment import MLflowExperiment
    from qtui.recorder.mlflow_recorder import MLflowRecorder
    from qtui.recorder.qlib_recorder import QlibRecorder
    from qtui.recorder.r import R, RecorderWrapper, from_config, init
    from qtui.recorder.recorder import Recorder

    AbstractExpManager, AbstractExperiment, AbstractRecorder = ExpManager, Experiment, Recorder

    from qtui.recorder.recording.process_exit import experiment_exit_handler
    from qtui.recorder.serial import Serializable
    from qtui.recorder.with_qlib import WithQlib, use_with_qlib
    from qtui.store.edits import (
        CreateExperiment,
        Delete,
        DropTags,
        Finish,
        Rename,
        Restore,
        SetNote,
        SetStatus,
        SetTags,
    )

__all__ = ["RT_D", "RT_L", "ExpManager", "Experiment", "Library", "MovedRun", "Recorder", "StaleRun"]
__all__ += ["QlibRecorder", "R", "RecorderWrapper", "WithQlib", "experiment_exit_handler", "from_config", "init"]
__all__ += ["use_with_qlib"]
__all__ += ["MLflowExpManager", "MLflowExperiment", "MLflowRecorder"]
__all__ += ["AbstractExpManager", "AbstractExperiment", "AbstractRecorder"]
__all__ += ["ExpAlreadyExistError", "LoadObjectError", "QlibException", "RecorderInitializationError"]
__all__ += ["CreateExperiment", "Delete", "DropTags", "EditResult", "Finish", "JournalEntry", "Rename", "Restore"]
__all__ += ["SetNote", "SetStatus", "SetTags"]
__all__ += ["Serializable", "fill_placeholder", "init_instance_by_config", "read_workflow", "records_of"]
__all__ += ["ACRecordTemp", "HFSignalRecord", "MultiPassPortAnaRecord", "PortAnaRecord", "RecordTemp", "SigAnaRecord"]
__all__ += ["SignalRecord"]
__all__ += ["Collector", "MergeCollector", "RecorderCollector", "collect_frames", "collect_metrics"]
__all__ += ["calc_ic", "calc_long_short_prec", "calc_long_short_return", "indicator_analysis", "risk_analysis"]

_LAZY = {
    "qtui.recorder.exp_manager": ["ExpManager"],
    "qtui.recorder.experiment": ["RT_D", "RT_L", "Experiment"],
    "qtui.recorder.recorder": ["Recorder"],
    "qtui.recorder.qlib_recorder": ["QlibRecorder"],
    "qtui.recorder.recording.process_exit": ["experiment_exit_handler"],
    "qtui.recorder.r": ["R", "RecorderWrapper", "from_config", "init"],
    "qtui.recorder.with_qlib": ["WithQlib", "use_with_qlib"],
    "qtui.recorder.mlflow_exp_manager": ["MLflowExpManager"],
    "qtui.recorder.mlflow_experiment": ["MLflowExperiment"],
    "qtui.recorder.mlflow_recorder": ["MLflowRecorder"],
    "qtui.recorder.serial": ["Serializable"],
    "qtui.recorder.editing.editor": ["EditResult"],
    "qtui.recorder.editing.journal": ["JournalEntry"],
    "qtui.store.edits": [
        *("CreateExperiment", "Delete", "DropTags", "Finish", "Rename", "Restore", "SetNote", "SetStatus", "SetTags"),
    ],
    "qtui.quant.collectors": ["Collector", "MergeCollector", "RecorderCollector"],
    "qtui.quant.recorder_frames": ["collect_frames", "collect_metrics"],
    "qtui.quant.workflow": ["fill_placeholder", "init_instance_by_config", "read_workflow"],
    "qtui.quant.templates": [
        *("ACRecordTemp", "HFSignalRecord", "MultiPassPortAnaRecord", "PortAnaRecord", "RecordTemp", "SigAnaRecord"),
        *("SignalRecord", "records_of"),
    ],
    "qtui.quant.measures": [
        *("calc_ic", "calc_long_short_prec", "calc_long_short_return", "indicator_analysis", "risk_analysis"),
    ],
}
"""Public names by the module that is imported at their first use."""

_DEPRECATED = {
    "AbstractExpManager": "ExpManager",
    "AbstractExperiment": "Experiment",
    "AbstractRecorder": "Recorder",
}
"""Former public names and their replacements."""

_MODULE_OF = {name: module for module, names in _LAZY.items() for name in names}


def __getattr__(name: str) -> object:
    """Import the module of a public name at its first use."""
    if name in _DEPRECATED:
        warn(f"{name} is deprecated: use {_DEPRECATED[name]}.", DeprecationWarning, stacklevel=2)
        name = _DEPRECATED[name]
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    """Return the public names, loaded or not, for completion in a shell."""
    return sorted({*globals(), *__all__})
