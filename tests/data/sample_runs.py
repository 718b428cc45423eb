"""The content of the sample stores, written with the installed MlflowClient, 1.30 to 3."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path

from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

START = 1_600_000_000_000
WRITER = {"mlflow.user": "researcher", "mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL"}
STATUSES = ("FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED")

ODD_PARAMS = {
    "plain": "0.1",
    "empty": "",
    "crlf": "one\r\ntwo\r\n",
    "lines": "one\ntwo\n\n",
    "chinese": "沪深300 成分股",
    "emoji": "📈 up",
    "quotes": 'it\'s "quoted"',
    "spaces": "  padded  ",
    "long": "x" * 450,
    "dict": "{'lr': 0.01, 'layers': [64, 64]}",
    "model/kwargs/lr": "0.01",
    "model/kwargs/depth": "8",
    "with space": "1e-3",
    "with.dot-dash_": "True",
    "窗口": "20",
}
ODD_TAGS = {
    "stage": "research",
    "mlflow.note.content": "# Note\n\nTwo paragraphs, *one* star.\n",
    "group/part": "a",
    "空": "",
    "escape": "\x1b[31mred\x1b[0m",
}
METRICS = {
    "ic": [(5, 0.05), (3, 0.03), (9, 0.09), (1, 0.01)],
    "twice": [(0, 1.0), (0, 2.0), (0, 1.5), (0, 2.0)],
    "nan last": [(0, 1.0), (1, math.nan)],
    "nan first": [(0, math.nan), (1, 1.0)],
    "up": [(0, 1.0), (1, math.inf)],
    "down": [(0, -math.inf), (1, -1.0)],
    "infinite": [(0, -math.inf)],
    "early": [(-3, 3.0), (-1, 1.0), (-2, 2.0)],
    "valid/l2": [(0, 0.5), (1, 0.25), (2, 0.125)],
    "valid/deep/l1": [(2_000_000_000, 1e-300)],
    "big": [(0, 1e300), (1, -1e300)],
    "Rank IC": [(0, 0.1 + 0.2)],
    "损失": [(0, 1.0), (1, 0.5)],
}


def write_sample_runs(client: MlflowClient, folder: Path) -> None:
    """Write all sample runs into the store of the client; `folder` is for files to log as artifacts."""
    chinese = client.create_experiment("阿尔法 因子", tags={"team": "quant", "mlflow.note.content": "一个实验"})
    slashed = client.create_experiment("team/alpha")
    gone = client.create_experiment("deleted one")
    client.create_experiment("empty")
    _log_family(client, chinese)
    _log_oddities(client, slashed, folder)
    _log_plain(client, gone, "in a deleted experiment")
    client.delete_run(_log_plain(client, gone, "deleted before its experiment"))
    client.delete_experiment(gone)
    _log_plain(client, "0", "default's own")


def _log_plain(client: MlflowClient, experiment: str, name: str, at: int = START, **tags: str) -> str:
    run_id = client.create_run(experiment, start_time=at, tags={**WRITER, **tags}, run_name=name).info.run_id
    client.log_batch(run_id, [Metric("loss", 1.0, at + 1, 0), Metric("loss", 0.5, at + 2, 1)], [Param("lr", "0.1")])
    client.set_terminated(run_id, "FINISHED", end_time=at + 1000)
    return str(run_id)


def _log_family(client: MlflowClient, experiment: str) -> None:
    """Log a run of each status, a parent with children, a deleted run, and two runs with the same start time."""
    for number, status in enumerate(STATUSES):
        at = START + number * 60_000
        run_id = client.create_run(experiment, at, tags=WRITER, run_name=f"run {status.lower()}").info.run_id
        client.log_batch(
            run_id,
            [Metric("ic", 0.01 * number, at + 5, 0), Metric("loss", 1.0 / (number + 1), at + 5, number)],
            [Param("lr", str(0.1**number)), Param("model", "lgbm" if number % 2 else "LSTM")],
            [RunTag("fold", str(number))],
        )
        if status != "RUNNING":
            client.set_terminated(run_id, status, end_time=at + 30_000)
        if status == "SCHEDULED":
            client.update_run(run_id, status=status)
    parent = _log_plain(client, experiment, "parent", START + 600_000)
    for name in ("child", "child"):
        _log_plain(client, experiment, name, START + 660_000, **{"mlflow.parentRunId": parent})
    client.delete_run(_log_plain(client, experiment, "deleted", START + 720_000))


def _log_oddities(client: MlflowClient, experiment: str, folder: Path) -> None:
    """Log a run with every unusual value that MLflow accepts, and artifacts."""
    run_id = client.create_run(experiment, START, tags={**WRITER, **ODD_TAGS}, run_name="odd 数据").info.run_id
    client.log_batch(run_id, params=[Param(key, value) for key, value in ODD_PARAMS.items()])
    client.log_batch(
        run_id,
        metrics=[
            Metric(key, value, START + 1000 + number, step)
            for key, points in METRICS.items()
            for number, (step, value) in enumerate(points)
        ],
    )
    client.log_batch(run_id, metrics=[Metric("tie", 1.0, START, 7), Metric("tie", 3.0, START, 7)])
    _log_artifacts(client, run_id, folder)
    _log_datasets(client, run_id)
    _log_models(client, experiment, run_id)
    client.set_terminated(run_id, "FINISHED", end_time=START + 5000)


def _log_artifacts(client: MlflowClient, run_id: str, folder: Path) -> None:
    small = folder / "report.txt"
    small.write_text("Sharpe 1.5\n")
    client.log_artifact(run_id, str(small))
    chinese = folder / "因子 ic.csv"
    chinese.write_text("date,ic\n2020-01-02,0.05\n")
    client.log_artifact(run_id, str(chinese), "sig_analysis/daily")
    client.log_artifact(run_id, str(small), "sig_analysis")


def _log_datasets(client: MlflowClient, run_id: str) -> None:
    """Log two datasets if this MLflow supports them (2.4)."""
    if not hasattr(client, "log_inputs"):
        return
    from mlflow.entities import Dataset, DatasetInput, InputTag

    train = Dataset("csi300", "abc123", "local", '{"uri": "data/csi300"}', '{"cols": 158}', '{"rows": 10}')
    valid = Dataset("验证 集", "def456", "http", '{"url": "http://localhost/valid"}')
    context = [InputTag("mlflow.data.context", "training"), InputTag("fold", "1")]
    client.log_inputs(run_id, [DatasetInput(train, context)])
    client.log_inputs(run_id, [DatasetInput(valid, [InputTag("mlflow.data.context", "validation")])])


def _log_models(client: MlflowClient, experiment: str, run_id: str) -> None:
    """Log a registered model (not in MLflow 1's files), a logged model, and metrics of model and dataset (MLflow 3)."""
    with suppress(MlflowException):
        client.create_registered_model("lgbm")
    if not hasattr(client, "create_logged_model"):
        return
    model = client.create_logged_model(experiment, "booster", source_run_id=run_id, params={"lr": "0.1"})
    client.log_metric(run_id, "auc", 0.75, START + 9, 2, model_id=model.model_id)
    client.log_metric(
        run_id, "auc", 0.5, START + 8, 1, dataset_name="csi300", dataset_digest="abc123", model_id=model.model_id
    )
