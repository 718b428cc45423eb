"""Store over MLflow's file layout (`./mlruns`)."""

from qtui.store.files.store import FileStore

__all__ = ["FileStore"]
