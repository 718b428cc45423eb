"""Where runs live: one protocol, and a store for every kind of address."""

from qtui.store.locate import default_uri, open_store
from qtui.store.protocol import ArtifactRoot, Page, RunQuery, Store

__all__ = ["ArtifactRoot", "Page", "RunQuery", "Store", "default_uri", "open_store"]
