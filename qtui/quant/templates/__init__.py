"""Record templates with Qlib's names and formulas: predictions, signal analysis and backtest of a run.

>>> import pandas
>>> from qtui.recorder import SigAnaRecord, SignalRecord, from_config
>>> moments = [pandas.date_range("2020-01-01", periods=4), ["A", "B", "C"]]
>>> index = pandas.MultiIndex.from_product(moments, names=["datetime", "instrument"])
>>> class Model:
...     def predict(self, dataset): return pandas.Series([1.0, 2.0, 3.0] * 4, index)
>>> class Dataset:
...     def prepare(self, segments, col_set, data_key): return pandas.DataFrame({"LABEL0": [0.1, 0.2, 0.3] * 4}, index)
>>> R = from_config("mlruns")
>>> with R.start(experiment_name="trial"):
...     recorder = R.get_recorder()
...     SignalRecord(Model(), Dataset(), recorder).generate()
...     artifacts = SigAnaRecord(recorder).generate()
>>> round(recorder.list_metrics()["IC"], 6), recorder.list_artifacts("sig_analysis")
(1.0, ['sig_analysis/ic.pkl', 'sig_analysis/ric.pkl'])
"""

from qtui.quant.templates.analysis import HFSignalRecord, SigAnaRecord
from qtui.quant.templates.passes import MultiPassPortAnaRecord
from qtui.quant.templates.portfolio import PortAnaRecord
from qtui.quant.templates.signal import SignalRecord
from qtui.quant.templates.template import ACRecordTemp, RecordTemp
from qtui.quant.templates.workflow import records_of

__all__ = ["ACRecordTemp", "HFSignalRecord", "MultiPassPortAnaRecord", "PortAnaRecord", "RecordTemp", "SigAnaRecord"]
__all__ += ["SignalRecord", "records_of"]
