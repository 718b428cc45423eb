"""Runs of a vision team: image classifiers, and a sweep with nested runs."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from qtui.cli.sample.artifacts import confusion_matrix_csv, heat_map_png, json_bytes
from qtui.cli.sample.curves import cosine, falling_curve, overfitting_curve, rising_curve
from qtui.cli.sample.trial import Trial
from qtui.entities import DatasetInput

LABELS = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
CIFAR10 = DatasetInput(
    name="cifar10",
    digest="b2a4d8e0",
    source_type="http",
    source='{"url": "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"}',
    profile='{"num_rows": 50000}',
    tags={"mlflow.data.context": "training"},
)


def resnet(rng: Random, index: int) -> Trial:
    """Return a run of a residual network."""
    depth = rng.choice([18, 34, 50])
    params = {"model": f"resnet{depth}", "augment": rng.choice(["none", "flip", "randaugment"])}
    ceiling = 0.925 + 0.008 * (depth > 18) + 0.012 * (params["augment"] == "randaugment")
    return _classifier(rng, f"resnet{depth}-{index:02}", params, ceiling, 30 + depth)


def vit(rng: Random, index: int) -> Trial:
    """Return a run of a vision transformer."""
    patch = rng.choice([4, 8])
    params = {"model": "vit-tiny", "patch_size": str(patch), "warmup_epochs": "5"}
    return _classifier(rng, f"vit-p{patch}-{index:02}", params, 0.89 + 0.02 * (patch == 4), 61)


def _classifier(rng: Random, name: str, own: Mapping[str, str], ceiling: float, seconds: float) -> Trial:
    """Return the values that an image classifier logs."""
    rate = rng.choice([0.01, 0.03, 0.1, 0.3])
    decay = rng.choice([0.0, 1e-4, 5e-4])
    steps = rng.choice([30, 60, 90])
    best = ceiling - 0.02 * (rate == 0.3) + 0.004 * (decay > 0) + rng.gauss(0, 0.004)
    accuracy = rising_curve(rng, steps, 0.1, best, 6)
    params = {
        **own,
        "lr": str(rate),
        "weight_decay": str(decay),
        "epochs": str(steps),
        "batch_size": str(rng.choice([128, 256, 512])),
        "optimizer": rng.choice(["sgd", "adamw"]),
        "seed": str(rng.randrange(100)),
    }
    return Trial(
        name=name,
        params=params,
        curves={
            "train/loss": falling_curve(rng, steps, 2.3, 0.02, 5, 0.03),
            "val/loss": overfitting_curve(falling_curve(rng, steps, 2.3, 0.28, 6, 0.03), 0.6, 0.5),
            "val/acc": accuracy,
            "lr": cosine(steps, rate, 5),
        },
        results={"test/acc": round(max(accuracy) - abs(rng.gauss(0, 0.003)), 4)},
        tags={"gpu": rng.choice(["A100", "RTX 4090"])},
        inputs=(CIFAR10,),
        artifacts={
            "config.json": json_bytes(params),
            "confusion.csv": confusion_matrix_csv(rng, LABELS, best),
            "plots/saliency.png": heat_map_png(rng),
        },
        log_of="val/acc",
        seconds_per_step=seconds,
    )
