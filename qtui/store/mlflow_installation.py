"""Check the installed MLflow: `mlflow` and `mlflow-skinny` contain the same files, so their versions must be equal."""

from __future__ import annotations

import logging
from functools import cache

logger = logging.getLogger(__name__)

PACKAGES = ("mlflow", "mlflow-skinny")


def mixed_installation() -> str | None:
    """Return a message with the remedy for a mixed installation of MLflow, or None when it is not mixed."""
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
    """Log a mixed installation once. It takes some milliseconds: call it only where MLflow is imported."""
    if message := mixed_installation():
        logger.warning("%s", message)
