"""Artifacts shown as tables, read by windows."""
