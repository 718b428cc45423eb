"""Queries that read experiments, runs and metrics."""
