"""Statements that create, log to and edit experiments and runs."""
