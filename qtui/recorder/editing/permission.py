"""The reason why a store cannot be edited."""

from __future__ import annotations

import os

from qtui import settings
from qtui.store import Store
from qtui.store.addresses import parse_address
from qtui.store.combined import CombinedStore
from qtui.store.writer import Writer


def option_reason(*, read_only: bool) -> str:
    """Return why the options or the settings refuse every change, as a sentence; empty if they do not."""
    if read_only:
        return "The store is open read-only (--read-only)."
    return "Edits are turned off by the setting read_only." if settings.current().read_only else ""


def read_only_reason(store: Store, *, read_only: bool) -> str:
    """Return why edits are refused, as a sentence; empty if they are not."""
    if reason := option_reason(read_only=read_only):
        return reason
    if isinstance(store, CombinedStore):
        reasons = (read_only_reason(part.store, read_only=False) for part in store.parts.values())
        return next(filter(None, reasons), "")
    if store.kind == "memory":
        return "" if isinstance(store, Writer) else "This in-memory store cannot be edited."
    path = parse_address(store.uri).path
    if path is None:
        return ""
    paths = (path, path.parent) if store.kind == "sqlite" else (path,)
    for needed in paths:
        if needed.exists() and not os.access(needed, os.W_OK):
            return f"You have no permission to write {needed}."
    return ""
