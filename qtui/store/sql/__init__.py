"""The store in a database of MLflow's: sqlite, PostgreSQL or MySQL, by SQLAlchemy Core, reading only."""

from __future__ import annotations

from qtui.store.sql.store import SqlStore

__all__ = ["SqlStore"]
