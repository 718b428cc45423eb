"""A store of each kind that a command can log into."""

from tests.unit.recorder.recording.conftest import database, store_uri

__all__ = ["database", "store_uri"]
