"""qtui: a full-screen terminal UI and a recorder library for MLflow and Qlib experiments."""

__version__ = "0.1.0"
