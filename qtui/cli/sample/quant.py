"""Runs of a quant team: Qlib models on CSI 300, and factors with Chinese names."""

from __future__ import annotations

from random import Random

from qtui.cli.sample.artifacts import csv_bytes, heat_map_png, json_bytes
from qtui.cli.sample.curves import cosine, falling_curve, overfitting_curve, rising_curve
from qtui.cli.sample.documents import code_diff, code_zip, curve_svg, factor_note, notebook, predictions, workflow
from qtui.cli.sample.trial import Recipe, Trial
from qtui.entities import DatasetInput

ALPHA158 = DatasetInput(
    name="csi300-alpha158",
    digest="7f3a91c2",
    source_type="local",
    source='{"uri": "~/.qlib/qlib_data/cn_data"}',
    schema='{"mlflow_colspec": [{"type": "double", "name": "KMID", "required": true}]}',
    profile='{"num_rows": 1014000, "num_elements": 160212000}',
    tags={"mlflow.data.context": "training"},
)
SEGMENTS = {
    "dataset.segments.train": "2008-01-01/2014-12-31",
    "dataset.segments.valid": "2015-01-01/2016-12-31",
    "dataset.segments.test": "2017-01-01/2020-08-01",
}


def lightgbm(rng: Random, index: int) -> Trial:
    """Return a run of Qlib's benchmark model with other leaves and rates."""
    leaves = rng.choice([64, 128, 210, 256])
    rate = rng.choice([0.01, 0.03, 0.0421, 0.1])
    steps = rng.randrange(80, 180)
    skill = 0.044 + 0.004 * (leaves == 210) - 0.05 * abs(rate - 0.0421) + rng.gauss(0, 0.003)
    params = {
        "cmd-sys.argv": "qrun workflow_config_lightgbm_Alpha158.yaml",
        "model.class": "LGBModel",
        "model.kwargs.num_leaves": str(leaves),
        "model.kwargs.learning_rate": str(rate),
        "model.kwargs.max_depth": str(rng.choice([6, 8, 10])),
        "model.kwargs.lambda_l1": str(rng.choice([0, 205.6999, 500])),
        "model.kwargs.lambda_l2": str(rng.choice([0, 580.9768])),
        "dataset.handler": "Alpha158",
        **SEGMENTS,
    }
    return Trial(
        name=f"lgb-{leaves}-{rate}-{index:02}",
        params=params,
        curves={
            "l2.train": falling_curve(rng, steps, 0.9981, 0.9702, 3, 0.0002),
            "l2.valid": overfitting_curve(falling_curve(rng, steps, 0.9969, 0.9925, 5, 0.0003), 0.6, 0.002),
        },
        results=_signal_results(rng, skill),
        tags={"hostname": rng.choice(["quant-01", "quant-02"]), "train_status": "end_task_train"},
        inputs=(ALPHA158,),
        artifacts={
            "code_status.txt": b"On branch main\nChanges not staged for commit:\n\tmodified:   workflow.yaml\n",
            "code_diff.txt": code_diff(rate),
            "workflow.yaml": workflow(rate, leaves),
            "task.json": json_bytes({"model": {"class": "LGBModel", "kwargs": {"num_leaves": leaves}}}),
            "sig_analysis/ic.csv": _daily_ic(rng, skill),
            **predictions(Random(f"predictions {index}"), skill),
        },
        seconds_per_step=0.7,
    )


def transformer(rng: Random, index: int) -> Trial:
    """Return a run of a sequence model, trained by epochs."""
    width = rng.choice([64, 128])
    rate = rng.choice([1e-4, 3e-4, 1e-3])
    steps = rng.randrange(40, 90)
    skill = 0.041 + 0.006 * (width == 128) + rng.gauss(0, 0.004)
    return Trial(
        name=f"transformer-d{width}-{index:02}",
        params={
            "d_model": str(width),
            "n_heads": "4",
            "num_layers": str(rng.choice([2, 4])),
            "dropout": str(rng.choice([0.0, 0.1, 0.3])),
            "lr": str(rate),
            "batch_size": "2048",
            "seed": str(index),
            **SEGMENTS,
        },
        curves={
            "loss/train": falling_curve(rng, steps, 1.02, 0.86, 3, 0.004),
            "loss/valid": overfitting_curve(falling_curve(rng, steps, 1.01, 0.955, 5, 0.003), 0.55, 0.08),
            "valid/IC": rising_curve(rng, steps, 0.0, skill, 5, 0.004),
            "lr": cosine(steps, rate, 5),
        },
        results=_signal_results(rng, skill),
        tags={"hostname": "gpu-07", "gpu": "A100"},
        inputs=(ALPHA158,),
        artifacts={
            "sig_analysis/ic.csv": _daily_ic(rng, skill),
            "attention.png": heat_map_png(rng),
            "plots/learning_rate.svg": curve_svg(cosine(steps, rate, 5)),
            "code.zip": code_zip(),
        },
        seconds_per_step=95,
    )


def factor(name: str) -> Recipe:
    """Return a recipe for the runs of a factor."""

    def recipe(rng: Random, index: int) -> Trial:
        window = rng.choice([5, 10, 20, 60, 120])
        skill = 0.03 - 0.0001 * abs(window - 20) + rng.gauss(0, 0.006)
        monthly = [round(rng.gauss(skill, 0.05), 5) for _ in range(72)]
        total = [round(sum(monthly[: month + 1]), 5) for month in range(len(monthly))]
        return Trial(
            name=f"{name}-{window}日-{index:02}",
            params={
                "窗口": str(window),
                "半衰期": str(rng.choice([5, 10, 20])),
                "中性化": rng.choice(["行业", "行业+市值", "无"]),
                "股票池": rng.choice(["沪深300", "中证500", "中证1000"]),
                "调仓": rng.choice(["日", "周", "月"]),
            },
            curves={"月度IC": monthly, "累计IC": total},
            results={
                "IC均值": round(skill, 5),
                "ICIR": round(skill / 0.05, 4),
                "换手率": round(rng.uniform(0.1, 0.6), 4),
                "年化收益": round(rng.gauss(skill * 3, 0.04), 4),
            },
            tags={"研究员": rng.choice(["林", "王强"])},
            artifacts={
                "分组收益.csv": csv_bytes({"组": range(1, 11), "收益": _group_returns(rng, skill)}),
                "说明.md": factor_note(name, window, skill, skill / 0.05),
                "分析.ipynb": notebook(monthly, heat_map_png(Random(f"heat map {index}"))),
            },
            seconds_per_step=0.4,
        )

    return recipe


def _group_returns(rng: Random, skill: float) -> list[float]:
    """Return the returns of the ten groups of a factor."""
    return [round(skill * (group - 4.5) + rng.gauss(0, 0.01), 4) for group in range(10)]


def _daily_ic(rng: Random, skill: float) -> bytes:
    """Return the daily correlations as CSV."""
    days = [f"2017-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29, 3)]
    return csv_bytes({"datetime": days, "ic": [round(rng.gauss(skill, 0.12), 6) for _ in days]})


def _signal_results(rng: Random, skill: float) -> dict[str, float]:
    """Return the metrics that Qlib's signal and portfolio records log."""
    rank = skill * 1.06 + rng.gauss(0, 0.001)
    gain = skill * 3.2 + rng.gauss(0, 0.02)
    risk = rng.uniform(0.055, 0.075)
    return {
        "IC": skill,
        "ICIR": skill / 0.12,
        "Rank IC": rank,
        "Rank ICIR": rank / 0.118,
        "1day.excess_return_with_cost.annualized_return": gain,
        "1day.excess_return_with_cost.information_ratio": gain / risk,
        "1day.excess_return_with_cost.max_drawdown": -rng.uniform(0.05, 0.14),
    }
