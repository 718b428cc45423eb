"""The scope of the runs table, and the notice where the scope has no runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from qtui.entities import ViewType
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """The experiments and the view whose runs are shown."""

    title: str = ""
    key: str = ""
    """The key of the remembered layout: an experiment, a folder, or all experiments."""

    view: ViewType = ViewType.ACTIVE
    several: bool = True
    """Whether the scope can hold runs of more than one experiment."""

    experiments: Mapping[str, str] = field(default_factory=dict)
    """The names of experiments by ID."""

    @property
    def short_names(self) -> Mapping[str, str]:
        """The names of the experiments without the folder that contains all of them."""
        if not self.key.endswith("/"):
            return self.experiments
        return {experiment_id: name.removeprefix(self.key) for experiment_id, name in self.experiments.items()}


def empty_notice(scope: Scope, loaded: int, *, complete: bool, settled: bool) -> tuple[str, str]:
    """Return the heading and the text of the notice of an empty table, with command IDs in braces for their keys.

    `loaded` counts the runs before the filter.
    """
    if loaded and not settled:
        return "Nothing matches so far.", "Values are still being read. Press {back} to clear the filter."
    if loaded:
        return "Nothing matches.", "No run matches the filter. Press {back} to clear the filter."
    if not complete:
        return "Reading …", ""
    if scope.view is ViewType.DELETED:
        return "Nothing is deleted here.", "Press {switch-view} to see all runs."
    if scope.several and not scope.experiments:
        return "This store has no experiments yet.", "They appear here as soon as something is logged."
    where = f"{scope.title} has" if scope.title and not scope.several else "There are"
    deleted = " Press {switch-view} to see deleted ones." if scope.view is ViewType.ACTIVE else ""
    return f"{where} no runs yet.", f"They appear here as soon as something is logged.{deleted}"
