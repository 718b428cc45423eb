"""A process that uses Qlib on a store: it reads requests and writes responses as lines of JSON.

A request names a function of this module, which is called with Qlib's R and the arguments of the request.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

EXPERIMENT = "互通 interop"
FRAME_ROWS = [0.1, -0.2, 0.3]


def write(R: Any, name: str) -> str:
    """Record a run as a script of a user of Qlib does."""
    import numpy
    import pandas

    with R.start(experiment_name=EXPERIMENT, recorder_name=name):
        R.log_params(**{"model.class": "LGBModel", "lr": 0.05, "名": "值"})
        for step in range(5):
            R.log_metrics(step=step, loss=1 / (step + 1))
        R.log_metrics(IC=0.5)
        R.set_tags(stage="research")
        index = pandas.MultiIndex.from_product([pandas.to_datetime(["2020-01-02"]), ["A", "B", "C"]])
        R.save_objects(
            **{"pred.pkl": pandas.DataFrame({"score": FRAME_ROWS}, index.set_names(["datetime", "instrument"]))}
        )
        R.save_objects(artifact_path="deep/er", array=numpy.arange(3), plain={"a": [1, "二", None]})
        return R.get_recorder().id


def write_position(R: Any, name: str) -> str:
    """Save objects of Qlib's own classes."""
    from qlib.backtest.position import Position
    from qlib.utils.serial import Serializable

    with R.start(experiment_name=EXPERIMENT, recorder_name=name):
        R.save_objects(position=Position(cash=5.0), serializable=Serializable())
        return R.get_recorder().id


def read(R: Any, recorder_id: str) -> dict[str, Any]:
    """Return everything that Qlib reads of a run."""
    recorder = R.get_recorder(recorder_id=recorder_id, experiment_name=EXPERIMENT)
    recorders = R.list_recorders(experiment_name=EXPERIMENT)
    return {
        "name": recorder.name,
        "listed": recorders[recorder_id].name,
        "status": recorder.status,
        "ended": recorder.end_time is not None,
        "experiments": sorted(R.list_experiments()),
        "params": recorder.list_params(),
        "metrics": recorder.list_metrics(),
        "loss": [point.value for point in recorder.client.get_metric_history(recorder_id, "loss")],
        "tags": recorder.list_tags(),
        "artifacts": recorder.list_artifacts(),
        "deeper": recorder.list_artifacts("deep/er"),
        "pred": recorder.load_object("pred.pkl")["score"].tolist(),
        "array": recorder.load_object("deep/er/array").tolist(),
        "plain": recorder.load_object("deep/er/plain"),
        "local": Path(recorder.get_local_dir()).is_dir(),
    }


def resume(R: Any, recorder_id: str) -> str:
    """Resume a run."""
    with R.start(experiment_name=EXPERIMENT, recorder_id=recorder_id, resume=True):
        R.log_metrics(step=5, loss=0.125)
        R.set_tags(resumed="by Qlib")
        R.save_objects(later=[1, 2])
        return R.get_recorder().id


def statuses(R: Any) -> dict[str, str]:
    """Return the statuses of the runs of the experiment."""
    return {run_id: recorder.status for run_id, recorder in R.list_recorders(experiment_name=EXPERIMENT).items()}


def points(R: Any, recorder_id: str, key: str) -> list[tuple[int, float]]:
    """Return the steps and values of a metric."""
    client = R.get_recorder(recorder_id=recorder_id, experiment_name=EXPERIMENT).client
    return [(point.step, point.value) for point in client.get_metric_history(recorder_id, key)]


def names(R: Any) -> dict[str, list[str]]:
    """Return the active experiments and the names of their runs."""
    return {
        name: sorted(recorder.name for recorder in experiment.list_recorders().values())
        for name, experiment in R.list_experiments().items()
    }


def delete(R: Any, recorder_id: str) -> None:
    """Delete a run."""
    R.get_exp(experiment_name=EXPERIMENT).delete_recorder(recorder_id=recorder_id)


def delete_experiment(R: Any) -> None:
    """Delete the experiment."""
    R.delete_exp(experiment_name=EXPERIMENT)


def check_records(R: Any, recorder_id: str) -> dict[str, Any]:
    """Check a run with Qlib's templates, and calculate the analysis with them."""
    from qlib.workflow import record_temp as templates

    recorder = R.get_recorder(recorder_id=recorder_id, experiment_name=EXPERIMENT)
    config = {"strategy": {}, "backtest": {}}
    for record in (
        templates.SignalRecord(recorder=recorder),
        templates.SigAnaRecord(recorder, ana_long_short=True),
        templates.HFSignalRecord(recorder),
        templates.PortAnaRecord(recorder, config),
        templates.MultiPassPortAnaRecord(recorder, config={"strategy": {"kwargs": {"signal": 1}}, "backtest": {}}),
    ):
        record.check(include_self=True)
    ours = recorder.list_metrics()
    recorder.log_metrics = lambda **metrics: result.update(metrics)
    result: dict[str, float] = {}
    templates.SigAnaRecord(recorder, ana_long_short=True)._generate()
    return {"ours": {key: ours[key] for key in result}, "theirs": {key: float(result[key]) for key in result}}


def our_templates(R: Any, name: str) -> dict[str, Any]:
    """Record with qtui's templates into Qlib's recorder."""
    from qtui.recorder import SigAnaRecord, SignalRecord
    from tests.unit.quant.templates.signals import Dataset, Model

    with R.start(experiment_name=EXPERIMENT, recorder_name=name):
        recorder = R.get_recorder()
        recorder.async_log.wait()
        recorder.async_log = None
        SignalRecord(Model(), Dataset(), recorder).generate()
        SigAnaRecord(recorder).generate()
        SigAnaRecord(recorder).generate()
        points = recorder.client.get_metric_history(recorder.id, "IC")
        return {"artifacts": recorder.list_artifacts("sig_analysis"), "points": len(points)}


def portfolio(R: Any, seed: int, config: Mapping[str, Any]) -> dict[str, Any]:
    """Run Qlib's backtest on Qlib's data with our template, and our backtest on the same prices."""
    from qtui.recorder import PortAnaRecord, init_instance_by_config
    from tests.data.qlib_market import prices, scores
    from tests.data.write_numbers import as_list
    from tests.unit.quant.templates.double import MemoryRecorder

    result: dict[str, Any] = {}
    for name, market in (("theirs", None), ("ours", prices(seed))):
        recorder = MemoryRecorder(**{"pred.pkl": scores(seed).to_frame(), "label.pkl": None})
        record = PortAnaRecord(recorder, config, prices=market)
        report = record.generate()["report_normal_1day.pkl"]
        result[name] = {column: as_list(report[column]) for column in report}
        result[f"{name} artifacts"] = recorder.list_artifacts("portfolio_analysis")
    config_of_qlib = {"class": "SignalRecord", "module_path": "qlib.workflow.record_temp"}
    return {**result, "record": type(init_instance_by_config(config_of_qlib)).__module__}


def write_analysis(R: Any, seed: int, config: Mapping[str, Any]) -> dict[str, Any]:
    """Record a signal analysis and a backtest with Qlib's templates; return Qlib's numbers."""
    import numpy
    from qlib.contrib.eva.alpha import calc_ic
    from qlib.contrib.evaluate import risk_analysis
    from qlib.workflow import record_temp as templates

    from tests.data.qlib_market import scores

    pred = scores(seed)
    label = pred + numpy.random.default_rng(seed).normal(size=len(pred))
    with R.start(experiment_name=EXPERIMENT, recorder_name="analysis"):
        recorder = R.get_recorder()
        recorder.save_objects(**{"pred.pkl": pred.to_frame("score"), "label.pkl": label.to_frame("label")})
        templates.SigAnaRecord(recorder).generate()
        templates.PortAnaRecord(recorder, config).generate()
        report = recorder.load_object("portfolio_analysis/report_normal_1day.pkl")
        recorder_id = recorder.id
    net = report["return"] - report["cost"]
    returns = {
        "excess with cost": net - report["bench"],
        "excess without cost": report["return"] - report["bench"],
        "with cost": net,
        "benchmark": report["bench"],
    }
    risks = {name: risk_analysis(values, freq="day")["risk"] for name, values in returns.items()}
    ic, rank_ic = calc_ic(pred, label)
    return {
        "recorder_id": recorder_id,
        "risk": {name: {key: float(risk[key]) for key in risk.index} for name, risk in risks.items()},
        **{
            name: [float(value.mean()), float(value.mean() / value.std())]
            for name, value in (("IC", ic), ("Rank IC", rank_ic))
        },
    }


def backtest(R: Any, seed: int, strategy: Mapping[str, Any], account: float, exchange: Mapping[str, Any]) -> Any:
    """Return the result of a strategy on a market of `tests.data.qlib_market`."""
    from qlib.backtest import backtest as run

    from tests.data.qlib_market import BENCHMARK, DAYS, scores
    from tests.data.write_numbers import EXECUTOR, as_list

    strategy_config = {
        "class": "TopkDropoutStrategy",
        "module_path": "qlib.contrib.strategy",
        "kwargs": {**strategy, "signal": scores(seed).to_frame()},
    }
    portfolio, _ = run(DAYS[1], DAYS[-2], strategy_config, EXECUTOR, BENCHMARK, account, dict(exchange))
    report = portfolio["1day"][0]
    return {name: as_list(report[name]) for name in report}


def qlibs_code(R: Any, seed: int) -> dict[str, Any]:
    """Run all of Qlib's code that uses R with qtui's R, after it ran with Qlib's own."""
    from qlib.cli.run import workflow
    from qlib.model.trainer import DelayTrainerR, TrainerR, task_train
    from qlib.utils.exceptions import LoadObjectError
    from qlib.workflow.online.utils import OnlineToolR
    from qlib.workflow.task.collect import RecorderCollector
    from qlib.workflow.task.gen import RollingGen, task_generator
    from qlib.workflow.task.utils import list_recorders

    from qtui.recorder import use_with_qlib
    from tests.interop.task import task

    task_config = task(Path.cwd(), seed)
    native = task_train(task_config, experiment_name="native").list_metrics()["IC"]
    recorders: dict[str, Any] = {}
    with use_with_qlib():
        recorders["task_train"] = task_train(task_config, experiment_name=EXPERIMENT)
        for trainer in (TrainerR("TrainerR"), DelayTrainerR("DelayTrainerR")):
            recorders[trainer.experiment_name] = trainer.end_train(trainer.train([task_config]))[0]
        rolling_tasks = task_generator([task_config], RollingGen(step=8))
        for number, recorder in enumerate(TrainerR("rolling").train(rolling_tasks)):
            recorders[f"rolling {number}"] = recorder
        uri = R.get_uri()
        manager = {"class": "MLflowExpManager", "module_path": "qlib.workflow.expm"}
        init = {"provider_uri": "data", "exp_manager": {**manager, "kwargs": {"uri": uri, "default_exp_name": "x"}}}
        Path("workflow.yaml").write_text(json.dumps({"qlib_init": init, "task": task_config}))
        workflow("workflow.yaml", experiment_name="qrun")
        (recorders["qrun"],) = list_recorders("qrun").values()
        tool = OnlineToolR(EXPERIMENT)
        tool.set_online_tag(tool.ONLINE_TAG, recorders["task_train"])
        paths = {"pred": "pred.pkl", "IC": "sig_analysis/ic.pkl", "none": "none.pkl"}
        collected = RecorderCollector(EXPERIMENT, artifacts_path=paths).collect()
        try:
            recorders["qrun"].load_object("none.pkl")
        except LoadObjectError:
            caught = True
        online = {"tag": tool.get_online_tag(recorders["task_train"]), "models": len(tool.online_models())}
    return {
        "native": native,
        "makers": sorted({type(recorder).__module__ for recorder in recorders.values()}),
        "statuses": sorted({recorder.status for recorder in recorders.values()}),
        "IC": {name: recorder.list_metrics()["IC"] for name, recorder in recorders.items()},
        "collected": {name: sorted(by_recorder) for name, by_recorder in collected.items()},
        "online": online,
        "errors": {"caught as Qlib's": caught, "after undo": type(R._provider).__module__},
    }


def replaced_and_back(R: Any) -> dict[str, str]:
    """Return which R Qlib's code uses in a `with` block, after another `qlib.init` in it, and after the block."""
    import qlib
    from qlib.config import C

    from qtui.recorder import use_with_qlib

    result: dict[str, str] = {}
    with use_with_qlib("file:elsewhere"):
        result["with"] = type(R._provider).__module__
        with use_with_qlib("file:inner"):
            pass
        result["after an inner with"] = Path(R.get_uri()).name
        qlib.init(provider_uri=str(Path.cwd()), exp_manager=C["exp_manager"], logging_level=50)
        result["after init"] = type(R._provider).__module__
    return {**result, "after": type(R._provider).__module__}


READERS = (read, statuses, points, names, check_records)
WRITERS = (write, write_position, resume, delete, delete_experiment, our_templates, qlibs_code, replaced_and_back)
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function for function in (*READERS, *WRITERS, portfolio, backtest, write_analysis)
}


def call(function: str, uri: str, folder: str, arguments: Mapping[str, Any]) -> Any:
    """Initialize Qlib with a store, and call a function in a folder."""
    import qlib
    from qlib.workflow import R

    os.chdir(folder)
    data = Path.cwd() / "data"
    if "seed" in arguments and not data.exists():
        from tests.data.qlib_market import prices, write_qlib_data

        write_qlib_data(prices(arguments["seed"]), data)
    manager = {"class": "MLflowExpManager", "module_path": "qlib.workflow.expm"}
    kwargs = {"uri": uri, "default_exp_name": "Experiment"}
    qlib.init(provider_uri=str(data), exp_manager={**manager, "kwargs": kwargs}, logging_level=50)
    return FUNCTIONS[function](R, **arguments)


def main() -> None:
    """Answer every request on stdin with a response on stdout."""
    warnings.simplefilter("ignore")
    sys.argv = ["train.py"]
    for line in sys.stdin:
        with redirect_stdout(sys.stderr):
            try:
                response = {"result": call(**json.loads(line))}
            except Exception:
                response = {"failure": traceback.format_exc()}
        print(json.dumps(response), flush=True)


if __name__ == "__main__":
    main()
