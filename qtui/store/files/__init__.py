"""Store over MLflow's file layout (`./mlruns`).

`layout`: folders, IDs, and the format of meta.yaml. `reading`: infos, experiments and values of single runs; damage is
reported as problems. `cached`: the values of many runs, with helper processes and a verified cache. `writing`:
`FileWriter`, which creates, logs, updates and deletes. A package imports only the ones named before it.
"""

from qtui.store.files.store import FileStore

__all__ = ["FileStore"]
