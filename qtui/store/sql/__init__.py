"""Stores in MLflow's databases (sqlite, PostgreSQL, MySQL), accessed with SQLAlchemy Core."""

from __future__ import annotations

from qtui.store.sql.store import SqlStore

__all__ = ["SqlStore"]
