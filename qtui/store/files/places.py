"""Where the runs of a store are, also when their experiment lies in the trash."""

from __future__ import annotations

from qtui.entities import RunInfo
from qtui.store.files import layout
from qtui.store.files.layout import Folder


class Places:
    """Finds the folders of runs, looking for each experiment once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._experiments: dict[str, Folder | None] = {}

    def experiment(self, experiment_id: str) -> Folder | None:
        """The folder of an experiment."""
        if experiment_id not in self._experiments:
            self._experiments[experiment_id] = layout.experiment_folder(self.root, experiment_id)
        return self._experiments[experiment_id]

    def run(self, info: RunInfo) -> str | None:
        """Where a run's folder must be; None when there is no such experiment."""
        experiment = self.experiment(info.experiment_id)
        if experiment is None or not layout.is_folder_name(info.run_id):
            return None
        return f"{experiment.path}/{info.run_id}"
