"""Commands of the experiments pane."""

from __future__ import annotations

from typing import Any

from qtui.tui.commands.command import Command


class SortExperiments(Command[Any]):
    """Sort the experiments by name, or newest first."""

    KEYS = "s"
    TEXT = "sort"
    FOOTER = True


class FoldExperiments(Command[Any]):
    """Fold or unfold the folder; on an experiment, fold the folder it is in."""

    KEYS = "minus"
    TEXT = "fold"


class CollapseFolder(Command[Any]):
    """Fold the folder, or go to the folder that contains the line."""

    KEYS = "h,left"
    TEXT = "collapse"


class ExpandFolder(Command[Any]):
    """Unfold the folder, or go to its first experiment."""

    KEYS = "l,right"
    TEXT = "expand"


class CopyExperimentId(Command[Any]):
    """Copy the ID of the experiment."""

    ID = "copy-id"
    KEYS = "y"
    TEXT = "copy ID"
    TITLE = "Copy experiment ID"


class CopyExperimentName(Command[Any]):
    """Copy the name of the experiment."""

    ID = "copy-value"
    KEYS = "Y"
    TEXT = "copy name"
