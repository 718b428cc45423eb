"""Where runs live: one protocol, and a store for every kind of address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtui.store.locate import default_uri, open_store
from qtui.store.protocol import ArtifactRoot, Growth, Page, RunQuery, Store

if TYPE_CHECKING:
    from qtui.store.writer import Writer

__all__ = ["ArtifactRoot", "Growth", "Page", "RunQuery", "Store", "default_uri", "open_store", "open_writer"]


def open_writer(uri: str, *, allow_migrate: bool = False, keep_schema: bool = False) -> Writer:
    """What writes into the store at an address; a program that only looks never loads it.

    A database that an older MLflow made is refused, unless it may be migrated or is to be written as it is.
    """
    from qtui.store import writing

    return writing.open_writer(uri, allow_migrate=allow_migrate, keep_schema=keep_schema)
