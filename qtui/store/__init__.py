"""Where runs live: one protocol, and a store for every kind of address."""

from qtui.store.locate import default_uri, open_store
from qtui.store.protocol import ArtifactRoot, Growth, Page, RunQuery, Store

__all__ = ["ArtifactRoot", "Growth", "Page", "RunQuery", "Store", "default_uri", "open_store"]
