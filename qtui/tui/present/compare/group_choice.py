"""The choice of how compared runs are grouped: not at all, by all params but seeds, or by a param."""

from __future__ import annotations

from qtui.compare.groups import fields_but, seed_fields
from qtui.compare.run_comparison import RowKind, RunComparison
from qtui.query.ast import Field, FieldKind
from qtui.text import display
from qtui.tui.present.choices import Choice
from qtui.tui.present.compare.comparison_plots import category_rows

NO_GROUPS, ALL_BUT_SEED = "runs", "all params but seeds"
"""The choices beside the key of a param."""


def group_fields(comparison: RunComparison, choice: str) -> tuple[Field, ...] | None:
    """Return the fields that group the runs; None for no groups."""
    if choice == NO_GROUPS:
        return None
    if choice == ALL_BUT_SEED:
        frame = comparison.frame
        return fields_but(frame, seed_fields(frame))
    return (Field(FieldKind.PARAM, choice),)


def run_group_choices(comparison: RunComparison) -> list[Choice[str]]:
    """Return the possible choices."""
    frame = comparison.frame
    choices = [Choice(NO_GROUPS, "no groups: every run")]
    if seed_fields(frame):
        names = ", ".join(display(field.key) for field in seed_fields(frame))
        choices.append(Choice(ALL_BUT_SEED, f"all params but {names}", "groups of repetitions"))
    params = [row for row in category_rows(comparison) if row.kind is RowKind.PARAM]
    return choices + [Choice(row.key, display(row.key), row.kind.value) for row in params]
