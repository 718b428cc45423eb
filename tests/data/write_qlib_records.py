"""Write a sample store with Qlib's own record templates: `python -m tests.data.write_qlib_records`.

Run it from the root of the repository with a Python that has pyqlib 0.9.7 and MLflow 3.17; it writes
`tests/data/qlib-VERSION-records.tar.xz`: a run with predictions, labels, both analyses of them and a backtest on the
market of `tests.data.qlib_market`, whose prices are beside them, and a run with several passes of the backtest.
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from tests.data.packing import pack
from tests.data.qlib_market import BENCHMARK, CODES, DAYS, prices, scores, write_qlib_data
from tests.data.write_qlib import PERSON, QUIET

HERE = Path(__file__).parent.resolve()
BACKTEST = {
    "start_time": DAYS[2],
    "end_time": DAYS[-2],
    "account": 1e7,
    "benchmark": BENCHMARK,
    "exchange_kwargs": {"limit_threshold": 0.095, "deal_price": "open", "open_cost": 0.0005, "close_cost": 0.0015},
}
STRATEGY = {
    "class": "TopkDropoutStrategy",
    "module_path": "qlib.contrib.strategy",
    "kwargs": {"signal": "<PRED>", "topk": 4, "n_drop": 2},
}
PORTFOLIO = {"strategy": STRATEGY, "backtest": BACKTEST}


def write() -> None:
    """Record in a new process, as a user's script does, and pack the store."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        environ = {**os.environ, **QUIET, **PERSON, "PYTHONPATH": str(HERE.parent.parent)}
        subprocess.run([sys.executable, "-m", "tests.data.write_qlib_records", str(root)], check=True, env=environ)
        pack(root, HERE / f"qlib-{importlib.metadata.version('pyqlib')}-records.tar.xz")


def record(root: Path) -> None:
    """Record a run with all of Qlib's templates, and one with several passes."""
    os.chdir(root)
    sys.argv = ["qrun", "workflow_config_lightgbm.yaml"]
    warnings.simplefilter("ignore")
    market = prices(seed=3)
    write_qlib_data(market, root / "data")
    import qlib
    from qlib.workflow import R
    from qlib.workflow import record_temp as templates

    kwargs = {"uri": f"file:{root}/mlruns", "default_exp_name": "Experiment"}
    manager = {"class": "MLflowExpManager", "module_path": "qlib.workflow.expm", "kwargs": kwargs}
    qlib.init(provider_uri=str(root / "data"), exp_manager=manager, logging_level=50)
    dataset = labelled(scores(seed=4))
    with R.start(experiment_name="workflow", recorder_name="mlflow_recorder"):
        recorder = without_log_thread(R.get_recorder())
        R.save_objects(**{"prices.pkl": market})
        templates.SignalRecord(Model(), dataset, recorder).generate()
        templates.SigAnaRecord(recorder, ana_long_short=True).generate()
        templates.HFSignalRecord(recorder).generate()
        templates.PortAnaRecord(recorder, PORTFOLIO).generate()
    with R.start(experiment_name="workflow", recorder_name="passes"):
        recorder = without_log_thread(R.get_recorder())
        templates.SignalRecord(Model(), dataset, recorder).generate()
        templates.MultiPassPortAnaRecord(recorder, 2, shuffle_init_score=False, config=PORTFOLIO).generate()


def without_log_thread(recorder: Any) -> Any:
    """Return the recorder without Qlib's logging thread, whose late metrics make the templates fail."""
    recorder.async_log.wait()
    recorder.async_log = None
    return recorder


def labelled(pred: Any) -> Any:
    """Return a dataset whose labels correlate with the scores."""
    import numpy
    import pandas
    from qlib.data.dataset import DatasetH
    from qlib.data.dataset.handler import DataHandlerLP
    from qlib.data.dataset.loader import StaticDataLoader

    noise = numpy.random.default_rng(1).normal(0, 0.5, len(pred))
    table = pandas.DataFrame({("feature", "F0"): pred, ("label", "LABEL0"): ((pred - 0.5 + noise) / 10).round(6)})
    table.columns = pandas.MultiIndex.from_tuples(table.columns)
    handler = DataHandlerLP(data_loader=StaticDataLoader(config=table))
    assert list(handler.fetch(data_key="raw").index.get_level_values("instrument").unique()) == CODES
    return DatasetH(handler, segments={"test": (DAYS[0], DAYS[-1])})


class Model:
    """A model that predicts the scores of the market."""

    def predict(self, dataset: Any) -> Any:
        """Return the predictions."""
        return scores(seed=4).rename(None)


if __name__ == "__main__":
    if sys.argv[1:]:
        record(Path(sys.argv[1]))
    else:
        write()
