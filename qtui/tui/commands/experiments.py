"""Commands of the experiments pane."""

from __future__ import annotations

from typing import Any

from qtui.tui.commands.command import Command


class SortExperiments(Command[Any], keys="s", text="sort", footer=True):
    """Sort the experiments by name, or newest first."""


class FoldExperiments(Command[Any], keys="minus", text="fold"):
    """Fold or unfold the folder; on an experiment, fold the folder it is in."""


class CollapseFolder(Command[Any], keys="h,left", text="collapse"):
    """Fold the folder, or go to the folder that contains the line."""


class ExpandFolder(Command[Any], keys="l,right", text="expand"):
    """Unfold the folder, or go to its first experiment."""


class CopyExperimentId(Command[Any], keys="y", text="copy ID", id="copy-id", title="Copy experiment ID"):
    """Copy the ID of the experiment."""


class CopyExperimentName(Command[Any], keys="Y", text="copy name", id="copy-value"):
    """Copy the name of the experiment."""
