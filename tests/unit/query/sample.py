"""Runs for the corpus: nearly every filter in it matches some of them but not all."""

from __future__ import annotations

import itertools
import math

from qtui.entities import DatasetInput, Point, Run, RunInfo

BEGIN = 1_760_000_000_000
MINUTE = 60_000

MODELS = [
    "lgb",
    None,
    "lgb",
    "xgb",
    "lgb",
    None,
    "lgb",
    "linear.",
    "LGB",
    "linear.v2",
    "linear_v2",
    "a+b",
    "aab",
    "(x)y",
    "[x]",
    "^x$",
    "a*b",
    "why?",
    "a|b",
    "a{2}",
    "100%",
    "snake_case",
    "snakeXcase",
    "x",
    "AND",
    "",
    " lgb",
    "lgb ",
    "a  b",
    "a\tb",
    "it's",
    "it''s",
    'say "hi"',
    "a `b` c",
    "C:\\data",
    "x AND y",
    "metrics.ic > 1",
    "-- no comment",
    "# none",
    "/* none */",
    "a;b",
    "(x)",
    "NULL",
    "模型",
    "🙂",
    None,
    "xgb",
]
NUMBERS = (0.05, -0.02, 0.0, math.nan, 1.0, math.inf, 0.08, -math.inf, 0.03, 1e-9, 5e-324, 1e300)
NAMES = ("first", "second run", "First", "运行", "run with spaces", "100% run", "first", "LAST")
STATUSES = ("FINISHED", "FAILED", "RUNNING", "KILLED", "SCHEDULED", "FINISHED", "FINISHED")
USERS = ("alice", "bob", "Alice", "alina", "")
METRICS = [
    "ic",
    "loss",
    "rank ic",
    "m/nested",
    "m/deep/er",
    "l2.train",
    "test-acc",
    "1day.excess_return_with_cost.max_drawdown",
    "excess_return.max_drawdown",
    "5",
    "1x",
    "_x",
    "收益",
    "收益 率",
    "é",
    "order",
    "time",
    "count",
    "select",
]
PARAMS = {
    "lr": ("0.1", "0.10", "0.01", "1e-1", "001"),
    "text": ("a\nb", "plain", "a\r\nb\n"),
    "a b": ("1", "10", "x"),
    "a.b": ("dots", "."),
    "a-b": ("dash", "-"),
    "a/b": ("slash", "/"),
    "模型": ("线性", "树"),
    "cmd-sys.argv": ("python train.py --all", "qrun"),
    "select": ("all", "none"),
    "order": ("desc", "asc"),
    "user": ("alice", "bob"),
    "null": ("none", "null"),
}
TAGS = {
    "team": ("alpha", "beta", "Alpha", "al"),
    "mlflow.user": ("alice", "bob", "Anna"),
    "mlflow.source.name": ("train.py", "jobs/train.py", "train.ipynb"),
    "mlflow.note.content": ("a good one", "**good**\nindeed", "bad"),
    "mlflow.parentRunId": ("00000000000000000000000000000001",),
    "团队": ("甲", "乙", "甲乙"),
    "团队 名": ("乙", "丙"),
    "a b": ("x", "y"),
    "a-b": ("x", "y"),
    "empty": ("",),
    "like": ("x", "y"),
    "time": ("noon", "night"),
}
DATASETS = (
    DatasetInput("alpha158", "d1", "local", "{}", tags={"mlflow.data.context": "train"}),
    DatasetInput("alpha360", "d2", "local", "{}", tags={"mlflow.data.context": "eval"}),
    DatasetInput("csi 300", "d1", "local", "{}"),
    DatasetInput("Alpha158", "e1", "local", "{}", tags={"mlflow.data.context": "Train", "other": "x"}),
)


def sample_runs() -> list[Run]:
    """Return one run per model, with different logged and missing values."""
    return [_run(number, model) for number, model in enumerate(MODELS, start=1)]


def _run(number: int, model: str | None) -> Run:
    name = NAMES[number % len(NAMES)]
    start = BEGIN + (number % 9 - 4) * MINUTE
    info = RunInfo(
        run_id=f"{number:032x}",
        experiment_id="1",
        name=name,
        status=STATUSES[number % len(STATUSES)],
        start_time=start,
        end_time=None if number % 5 == 0 else start + number % 4 * 10 * MINUTE,
        artifact_uri=f"/store/1/{number:032x}/artifacts",
        user=USERS[number % len(USERS)],
    )
    params = _some(PARAMS, number, 3) | ({} if model is None else {"model": model})
    tags = _some(TAGS, number, 2) | {"mlflow.runName": name}
    metrics = {
        key: Point(step=number, timestamp=start, value=NUMBERS[(number * 5 + place) % len(NUMBERS)])
        for place, key in enumerate(METRICS)
        if (number + place) % 5
    }
    inputs = tuple(itertools.compress(DATASETS, ((number >> bit) & 1 for bit in range(len(DATASETS)))))
    return Run(info, params, metrics, tags, inputs)


def _some(choices: dict[str, tuple[str, ...]], number: int, gap: int) -> dict[str, str]:
    return {
        key: values[(number // 2 + place) % len(values)]
        for place, (key, values) in enumerate(choices.items())
        if (number + place) % (gap + 1)
    }
