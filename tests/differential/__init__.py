"""Differential tests: qtui and the real MlflowClient read copies of one store alike."""
