"""Whose runs are shown, and what is said where there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qtui.entities import View


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose runs the pane shows."""

    title: str = ""
    key: str = ""
    """What the layout is remembered under: an experiment, a branch, or everything."""

    view: View = View.ACTIVE
    several: bool = True
    """Whether runs of more than one experiment may come."""

    experiments: Mapping[str, str] = field(default_factory=dict)
    """The names of experiments by id."""

    @property
    def short_names(self) -> Mapping[str, str]:
        """The names without what all of them have in common: the branch that they hang on."""
        if not self.key.endswith("/"):
            return self.experiments
        return {each: name.removeprefix(self.key) for each, name in self.experiments.items()}


def nothing_here(scope: Scope, known: int, *, complete: bool, settled: bool) -> tuple[str, str]:
    """What is said where no run is shown: a heading, and what to do."""
    if known and not settled:
        return "Nothing matches so far.", "Values are still being read. Press esc to clear the filter."
    if known:
        return "Nothing matches.", "No run that is here matches the filter. Press esc to clear the filter."
    if not complete:
        return "Reading …", ""
    if scope.view is View.DELETED:
        return "Nothing is deleted here.", "Press V to see all runs."
    if scope.several and not scope.experiments:
        return "This store has no experiments yet.", "They appear here as soon as something is logged."
    where = f"{scope.title} has" if scope.title and not scope.several else "There are"
    deleted = " Press V to see deleted ones." if scope.view is View.ACTIVE else ""
    return f"{where} no runs yet.", f"They appear here as soon as something is logged.{deleted}"
