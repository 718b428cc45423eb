"""Artifacts shown as trees of values."""
