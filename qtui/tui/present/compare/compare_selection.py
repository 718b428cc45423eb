"""The runs to compare, with the values that are loaded already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from qtui.entities import RunInfo
from qtui.runs.runs_frame import RunsFrame
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class CompareSelection:
    """The runs to compare in their order, with the experiments and directions of the previous screen."""

    runs: tuple[RunInfo, ...]
    frame: RunsFrame = field(default_factory=RunsFrame)
    """Those of the runs whose values are loaded."""
    experiments: Mapping[str, str] = field(default_factory=dict)
    """The names of experiments by ID."""
    directions: Mapping[str, bool] = field(default_factory=dict)
    """Whether higher is better, for metrics for which the user chose it."""

    @property
    def missing(self) -> tuple[RunInfo, ...]:
        """The runs whose values are not loaded yet."""
        return tuple(info for info in self.runs if self._is_missing(info.run_id))

    def _is_missing(self, run_id: str) -> bool:
        row = self.frame.row(run_id)
        return row is None or not self.frame.loaded[row]


def select_runs(
    frame: RunsFrame,
    run_ids: Iterable[str],
    others: Mapping[str, RunInfo],
    experiments: Mapping[str, str],
    directions: Mapping[str, bool],
) -> CompareSelection:
    """Return the selection of these runs: those of the frame, and those only in `others`, by ID."""
    rows = {run_id: frame.row(run_id) for run_id in run_ids}
    runs = (others.get(run_id) if row is None else frame.infos[row] for run_id, row in rows.items())
    return CompareSelection(tuple(info for info in runs if info is not None), frame.take(rows), experiments, directions)
