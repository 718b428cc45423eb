"""Documents beside the numbers of a run: code, configurations, notes, notebooks, logs and archives."""

from __future__ import annotations

import io
import json
import time
import zipfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from random import Random

TRAIN_PY = """from model import Transformer

def train(config):
    model = Transformer(config["d_model"], config["num_layers"])
    for epoch in range(config["epochs"]):
        model.fit_epoch(epoch)
    return model
"""
MODEL_PY = """class Transformer:
    def __init__(self, width: int, layers: int) -> None:
        self.width, self.layers = width, layers
"""
DIFF = """diff --git a/workflow.yaml b/workflow.yaml
index 6b1f2c0..93d1e7a 100644
--- a/workflow.yaml
+++ b/workflow.yaml
@@ -12,7 +12,7 @@ task:
     kwargs:
       loss: mse
-      learning_rate: {before}
+      learning_rate: {after}
       max_depth: 8
       num_threads: 20
"""
WORKFLOW = """qlib_init:
  provider_uri: ~/.qlib/qlib_data/cn_data
  region: cn
market: &market csi300
task:
  model:
    class: LGBModel
    module_path: qlib.contrib.model.gbdt
    kwargs:
      loss: mse
      learning_rate: {rate}
      num_leaves: {leaves}
  dataset:
    class: DatasetH
    kwargs:
      handler: {{class: Alpha158, instruments: *market}}
      segments:
        train: [2008-01-01, 2014-12-31]
        valid: [2015-01-01, 2016-12-31]
        test: [2017-01-01, 2020-08-01]
  record:
    - {{class: SignalRecord}}
    - {{class: SigAnaRecord, kwargs: {{ana_long_short: false, ann_scaler: 252}}}}
"""
NOTE = """# 因子 {name}，{window} 日窗口

按**行业**和市值中性化，剔除 ST 股票和上市不足 `60` 日的股票。

| 指标 | 值 |
|---|---:|
| IC均值 | {mean:.4f} |
| ICIR | {ratio:.3f} |

- 因子值取 `Rank(Ref($close, {window}) / $close)`
- 每月末调仓

> 样本外从 2017 年开始。
"""
STEPS_OF_WARNINGS = 17
"""Epochs between two warnings of the log."""


def code_diff(after: float) -> bytes:
    """Return a diff as Qlib saves the uncommitted code of a run."""
    return DIFF.format(before=0.0421, after=after).encode()


def workflow(rate: float, leaves: int) -> bytes:
    """Return a workflow configuration of Qlib."""
    return WORKFLOW.format(rate=rate, leaves=leaves).encode()


def factor_note(name: str, window: int, mean: float, ratio: float) -> bytes:
    """Return a note on a factor in Markdown."""
    return NOTE.format(name=name, window=window, mean=mean, ratio=ratio).encode()


def notebook(monthly: Sequence[float], picture: bytes) -> bytes:
    """Return a notebook with text, tables, an image and an error as outputs."""
    rows = "\n".join(f"{month:>2}  {value:>8.5f}" for month, value in enumerate(monthly[:6], 1))
    image = {"image/png": b64encode(picture).decode(), "text/plain": "<Figure size 480x480 with 1 Axes>"}
    error = {
        "ename": "KeyError",
        "evalue": "'市值'",
        "traceback": ["KeyError                  Traceback", "KeyError: '市值'"],
    }
    cells = [
        {"cell_type": "markdown", "source": "## 月度 IC\n\n前六个月和热力图。"},
        _code(
            1, "ic = pd.read_csv('ic.csv')\nic.head(6)", {"output_type": "execute_result", "data": {"text/plain": rows}}
        ),
        _code(2, "plot_heatmap(ic)", {"output_type": "display_data", "data": image}),
        _code(3, "ic['市值']", {"output_type": "error", **error}),
    ]
    metadata = {"kernelspec": {"display_name": "Python 3", "name": "python3"}, "language_info": {"version": "3.11.7"}}
    return json.dumps(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1
    ).encode()


def curve_svg(values: Sequence[float]) -> bytes:
    """Return a curve as SVG."""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    points = " ".join(
        f"{10 * step / max(1, len(values) - 1) * 30:.1f},{190 - 180 * (value - low) / span:.1f}"
        for step, value in enumerate(values)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200">\n'
        f'  <polyline fill="none" stroke="#3b82f6" points="{points}"/>\n</svg>\n'
    ).encode()


def code_zip() -> bytes:
    """Return the code of a run as a zip archive, with a date that never changes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in (("src/train.py", TRAIN_PY), ("src/model.py", MODEL_PY), ("README.md", "# Transformer\n")):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 5, 9, 30, 0)), text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def predictions(rng: Random, skill: float) -> Mapping[str, bytes]:
    """Return scores and labels by day and instrument as Parquet, if pyarrow is installed."""
    if find_spec("pyarrow") is None:
        return {}
    import pyarrow
    import pyarrow.parquet

    keys = [(f"2020-07-{day:02}", f"SH{600000 + name}") for day in range(1, 11) for name in range(12)]
    labels = [rng.gauss(0, 0.02) for _ in keys]
    table = pyarrow.table(
        {
            "datetime": [day for day, _ in keys],
            "instrument": [name for _, name in keys],
            "score": [round(skill * label + rng.gauss(0, 0.001), 7) for label in labels],
            "label": labels,
        }
    )
    file = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(table, file)
    return {"pred.parquet": file.getvalue().to_pybytes()}


def training_log(curve: Sequence[float], start: int, last: int, traceback: bytes = b"") -> bytes:
    """Return the log of a training, with times from `start` to `last` in milliseconds; a traceback ends it."""
    lines = [_log_line(start, "INFO", "data loaded, training starts")]
    pace = (last - start) / max(1, len(curve))
    for epoch, value in enumerate(curve):
        moment = start + int(pace * (epoch + 1))
        lines.append(_log_line(moment, "INFO", f"epoch {epoch}: validation {value:.4f}"))
        if epoch % STEPS_OF_WARNINGS == STEPS_OF_WARNINGS - 1:
            lines.append(_log_line(moment, "WARNING", "loader waits for the disk, 1.2 s"))
    if traceback:
        lines += [_log_line(last, "ERROR", "training failed"), traceback.decode()]
    return "".join(lines).encode()


def _log_line(moment: int, level: str, message: str) -> str:
    text = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment / 1000))
    return f"{text},{moment % 1000:03}Z {level:<7} train: {message}\n"


def _code(number: int, source: str, output: Mapping[str, object]) -> dict[str, object]:
    return {"cell_type": "code", "execution_count": number, "metadata": {}, "source": source, "outputs": [output]}
