"""An empty database, as the installed MLflow makes it."""

from __future__ import annotations

from pathlib import Path


def create_database(path: Path) -> None:
    """Let MLflow create its tables, and nothing but the default experiment in them."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    SqlAlchemyStore(f"sqlite:///{path}", str(path.parent / "mlruns")).engine.dispose()
