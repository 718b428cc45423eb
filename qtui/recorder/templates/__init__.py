"""Records: predictions, their analysis and their backtest, worked out for a run in Qlib's names and formulas."""

from qtui.recorder.templates.analysis import HFSignalRecord, SigAnaRecord
from qtui.recorder.templates.passes import MultiPassPortAnaRecord
from qtui.recorder.templates.portfolio import PortAnaRecord
from qtui.recorder.templates.signal import SignalRecord
from qtui.recorder.templates.template import ACRecordTemp, RecordTemp
from qtui.recorder.templates.workflow import records_of

__all__ = ["ACRecordTemp", "HFSignalRecord", "MultiPassPortAnaRecord", "PortAnaRecord", "RecordTemp", "SigAnaRecord"]
__all__ += ["SignalRecord", "records_of"]
