"""A run as the details show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from qtui.entities import Artifact, Run, Summary
from qtui.runs.run_overview import RunContext
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class RunView:
    """A run and its context, as far as they are loaded."""

    run: Run
    context: RunContext = field(default_factory=RunContext)
    summaries: Mapping[str, Summary] = field(default_factory=dict)
    sparklines: Mapping[str, str] = field(default_factory=dict)
    """A sparkline for each metric."""

    levels: Mapping[str, Sequence[Artifact]] | None = None
    """The contents of the open artifact folders by path; None before the root is loaded."""

    failure: str = ""
    """Why the run could not be read."""

    def without_folder(self, path: str) -> RunView:
        """Return the run with a folder of artifacts closed, and all folders in it."""
        levels = {
            folder: contents
            for folder, contents in (self.levels or {}).items()
            if folder != path and not folder.startswith(path + "/")
        }
        return replace(self, levels=levels)


def merge_reloaded(before: RunView, after: RunView) -> RunView:
    """Return a run that was loaded again, with the earlier values of what is not loaded again yet."""
    return replace(
        after,
        levels=before.levels,
        summaries={**before.summaries, **after.summaries},
        sparklines={**before.sparklines, **after.sparklines},
    )
