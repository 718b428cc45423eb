"""The direction of metrics (higher or lower is better), judged by their names."""

from __future__ import annotations

import re

from qtui.lazy_pattern import lazy_pattern

_LOWER = lazy_pattern(
    r"""
    \w*(loss|losses|error|errors|entropy) | err | nll | perplexity | ppl | deviance | regret | brier | ece
  | [rs]?mse | rmsle | msle | s?mape | mae | rse | wer | cer | eer | bce | fid | kid | lpips | l1 | l2
  | distance | divergence | violations? | misses | costs? | slippage | turnover
  | drawdown | mdd | volatility | std | var
  | latency | time | duration | elapsed | runtime | seconds | secs | memory
    """,
    re.VERBOSE,
)
_HIGHER = lazy_pattern(
    r"""
    accuracy | acc | precision | recall | f1 | f2 | fscore | aucs? | auroc | aucpr | auprc | ap | map | ndcg | mrr
  | rankic | ic | icir | ir | ratio | sharpe | sortino | calmar | returns? | profit | gain | alpha | win | hits?
  | r2 | scores? | rewards? | bleu | rouge | meteor | psnr | ssim | iou | dice | kappa | mcc | corr | correlation
  | likelihood | throughput | speed
    """,
    re.VERBOSE,
)
_QUALIFIER = lazy_pattern(r"with|without|per|at|to|of|by|after|before|under|over|vs|no")
_WORDS = lazy_pattern(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*")
_QLIB_DRAWDOWN = lazy_pattern(r"return_with(out)?_cost\.max_drawdown$")


def higher_is_better(key: str) -> bool:
    """Return whether the maximum of a metric is its best value, judging by the words in its name.

    Loss, error, risk and time are better when lower. The last known word decides; without one, higher is better.
    """
    if _QLIB_DRAWDOWN.search(key):
        # Qlib logs drawdowns as negative numbers.
        return True
    words = [word.lower() for word in _WORDS.findall(key)]
    heads = [word for before, word in zip(["", *words], words, strict=False) if not _QUALIFIER.fullmatch(before)]
    for word in reversed(heads):
        if _HIGHER.fullmatch(word):
            return True
        if _LOWER.fullmatch(word):
            return False
    return True
