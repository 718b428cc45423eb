"""Runs as hypothesis makes them up: few keys, few values, everything that is odd."""

from __future__ import annotations

from hypothesis import strategies as st

from qtui.entities import DatasetInput, Point, Run, RunInfo, Summary

KEYS = st.sampled_from(["lr", "model", "IC", "l2.train"])
TEXTS = st.sampled_from(["", "0.1", "0.10", "10", "9", "-3", "1e3", "nan", "inf", "lgb", "LGB", "词", "a\nb", "1_000"])
NUMBERS = st.sampled_from([0.0, -0.0, 0.1, 1.0, -2.5, 1e308, float("inf"), float("-inf"), float("nan")])
TIMES = st.none() | st.sampled_from([0, 1_000, 1_600_000_000_000, 1_600_000_100_000, -5])
IDS = st.text("abc123", min_size=1, max_size=4)
NOW = 1_600_000_200_000

datasets = st.builds(
    DatasetInput,
    name=st.sampled_from(["csi300", "csi500"]),
    digest=st.sampled_from(["d1", "d2"]),
    tags=st.dictionaries(st.just("mlflow.data.context"), st.sampled_from(["train", "test"])),
)
summaries = st.builds(
    Summary,
    first=NUMBERS,
    last=NUMBERS,
    min=st.none() | NUMBERS,
    max=st.none() | NUMBERS,
    count=st.just(3),
    non_finite=st.just(0),
)
infos = st.builds(
    RunInfo,
    run_id=IDS,
    experiment_id=st.sampled_from(["1", "2", "10"]),
    name=st.sampled_from(["", "grid", "Grid", "baseline", "词"]),
    status=st.sampled_from(["RUNNING", "FINISHED", "FAILED"]),
    lifecycle_stage=st.sampled_from(["active", "deleted"]),
    start_time=TIMES,
    end_time=TIMES,
    user=st.sampled_from(["", "li"]),
)
run_values = st.builds(
    Run,
    info=infos,
    params=st.dictionaries(KEYS, TEXTS),
    metrics=st.dictionaries(KEYS, st.builds(Point, st.just(0), st.just(0), NUMBERS)),
    tags=st.dictionaries(KEYS, TEXTS),
    inputs=st.lists(datasets, max_size=2).map(tuple),
    summaries=st.dictionaries(KEYS, summaries),
)
stores = st.lists(run_values, max_size=12, unique_by=lambda run: run.info.run_id)
