"""Stores in MLflow's directory layout (`./mlruns`)."""

from qtui.store.files.store import FileStore

__all__ = ["FileStore"]
