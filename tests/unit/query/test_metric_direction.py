"""Tests of the direction of metrics by name."""

from __future__ import annotations

import pytest

from qtui.query import higher_is_better

HIGHER = [
    "ic", "rank_ic", "icir", "Rank_ICIR", "accuracy", "val_acc", "AUC", "train/auc", "f1", "r2", "r2_score",
    "sharpe", "information_ratio", "reward", "score", "1day.excess_return_without_cost.annualized_return",
    "1day.excess_return_with_cost.information_ratio", "tokens_per_second",
    "1day.excess_return_with_cost.max_drawdown", "explained_variance_score", "learning_rate", "epoch", "x",
    "收益", "IC.mean",
]  # fmt: skip
LOWER = [
    "loss", "train_loss", "valLoss", "val/loss", "loss.train", "logloss", "binary_logloss", "multi_error",
    "rmse", "RMSE", "val_mse", "MAE", "mape", "error", "error_rate", "WER", "perplexity", "ppl", "max_drawdown",
    "drawdown", "mdd", "volatility", "latency", "latency_ms", "train_time", "runtime", "time_to_accuracy", "l2",
    "l2.valid", "valid.l1", "nll", "cross_entropy", "gpu_memory", "duration", "std",
]  # fmt: skip


@pytest.mark.parametrize("key", HIGHER)
def test_higher_is_better(key: str) -> None:
    assert higher_is_better(key)


@pytest.mark.parametrize("key", LOWER)
def test_lower_is_better(key: str) -> None:
    assert not higher_is_better(key)
