"""Stores that MLflow's own client reads and writes: tracking servers, Databricks, and stores of MLflow plugins."""

from qtui.store.remote.store import RemoteStore

__all__ = ["RemoteStore"]
