"""The installed packages of MLflow: `mlflow` and `mlflow-skinny` hold the same files, so their versions must agree."""

from __future__ import annotations

import logging
from functools import cache

logger = logging.getLogger(__name__)

PACKAGES = ("mlflow", "mlflow-skinny")


def mixed_installation() -> str | None:
    """Return a sentence that names a mixed installation of MLflow and the remedy; None when there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        full, skinny = (version(package) for package in PACKAGES)
    except PackageNotFoundError:
        return None
    if full == skinny:
        return None
    return (
        f"mlflow {full} and mlflow-skinny {skinny} are installed together, and one has overwritten files of the other: "
        f"pip install --force-reinstall mlflow=={full} mlflow-skinny=={full}"
    )


@cache
def warn_of_mixed_installation() -> None:
    """Log a mixed installation once; call it where MLflow is imported, for it takes some milliseconds."""
    if sentence := mixed_installation():
        logger.warning("%s", sentence)
