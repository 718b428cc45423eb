"""Artifacts shown as lines of text."""
