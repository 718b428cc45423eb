"""Stores behind MLflow's own client: tracking servers, Databricks, and whatever its plugins open."""

from qtui.store.remote.store import RemoteStore

__all__ = ["RemoteStore"]
