"""Stores of experiments and runs: a protocol for reading, one for writing, and an implementation for every kind."""

from __future__ import annotations

from qtui.store.addresses import open_store, open_writer
from qtui.store.environment import default_uri
from qtui.store.protocol import ArtifactRoot, MetricUpdate, Page, RunQuery, Store

__all__ = ["ArtifactRoot", "MetricUpdate", "Page", "RunQuery", "Store", "default_uri", "open_store", "open_writer"]
