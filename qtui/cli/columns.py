"""The columns of a list of runs: names such as `metrics.ic`, and the text of their values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from qtui.cli.table import Column
from qtui.cli.terminal import Terminal
from qtui.entities import RUN_NAME_TAG, USER_TAG, Run
from qtui.formatting import ABSENT, format_age, format_duration, format_number, format_time
from qtui.query import KeyLookup, required_values
from qtui.query.ast import Field, FieldKind, OrderBy
from qtui.query.column_names import parse_column
from qtui.query.field_values import field_getter
from qtui.query.projection import Projection
from qtui.query.render import field_name
from qtui.runs.display_names import run_name
from qtui.runs.run_overview import STATUS_ROLES
from qtui.text import display, display_within, redact

SHORT_ID = Field(FieldKind.ATTRIBUTE, "short_id")
EXPERIMENT = Field(FieldKind.ATTRIBUTE, "experiment")
NAMES = Projection(tags=frozenset({RUN_NAME_TAG, USER_TAG}))
"""Tags in which MLflow 1 stores attributes of later versions."""


MAX_NUMBER_LENGTH = 20
"""Characters of a text that is aligned right because it is a number."""


class Pick(NamedTuple):
    """A chosen column."""

    title: str
    field: Field
    is_optional: bool = False


class FormatContext(NamedTuple):
    """The context in which the values of a run are formatted."""

    terminal: Terminal
    now: int
    experiments: Mapping[str, str]


def parse_pick(name: str, lookup: KeyLookup) -> Pick:
    """Return the column with a name that the user typed; keys without prefix are looked up."""
    text = name.strip()
    if text.lower() == "experiment":
        return Pick(text, EXPERIMENT)
    field = parse_column(text, lookup)
    is_key = field.kind is not FieldKind.ATTRIBUTE and text.partition(".")[2].strip('"`') == field.key
    return Pick(field.key if is_key else text, field)


def projection_of(picks: Iterable[Pick]) -> Projection:
    """Return the values to read for these columns."""
    own = [OrderBy(pick.field) for pick in picks if pick.field not in (SHORT_ID, EXPERIMENT)]
    return NAMES.union(required_values(None, own))


def make_columns(picks: Sequence[Pick], runs: Sequence[Run], context: FormatContext) -> list[Column]:
    """Return the columns of the table with their cells."""
    titles = _titles(picks)
    return [_column(title, pick, runs, context) for title, pick in zip(titles, picks, strict=True)]


def raw_getter(field: Field, context: FormatContext) -> Callable[[Run], Any]:
    """Return the function from a run to its raw value in a column."""
    if field == EXPERIMENT:
        return lambda run: context.experiments.get(run.info.experiment_id, run.info.experiment_id)
    if field == SHORT_ID:
        return lambda run: run.info.run_id
    if field == Field(FieldKind.ATTRIBUTE, "run_name"):
        return run_name
    if field == Field(FieldKind.ATTRIBUTE, "artifact_uri"):
        return lambda run: redact(run.info.artifact_uri)
    if field == Field(FieldKind.ATTRIBUTE, "user_id"):
        return lambda run: run.info.user or run.tags.get(USER_TAG, "")
    return field_getter(field, context.now)


def qualified_name(pick: Pick) -> str:
    """Return the name of a column as `--columns` accepts it."""
    is_key = pick.field.kind is not FieldKind.ATTRIBUTE and pick.title == pick.field.key
    return field_name(pick.field) if is_key else pick.title


def _column(title: str, pick: Pick, runs: Sequence[Run], context: FormatContext) -> Column:
    """Return a column with its cells."""
    get = raw_getter(pick.field, context)
    values = [get(run) for run in runs]
    if pick.field.key == "status" and pick.field.kind is FieldKind.ATTRIBUTE:
        words = [context.terminal.format_status(value) for value in values]
        return Column(title, words, can_be_cut=False, styles=[STATUS_ROLES.get(value, "") for value in values])
    plain: Callable[[Any], str] = (
        format_number if pick.field.kind is FieldKind.METRIC else _text_within(context.terminal.width)
    )
    format_value = _formats(context).get(pick.field, plain)
    numeric = pick.field.kind is FieldKind.METRIC or pick.field.key == "duration" or _all_numbers(values)
    texts = [ABSENT if value is None else format_value(value) for value in values]
    cut = not numeric and pick.field.key not in ("start_time", "end_time", "short_id")
    return Column(display(title), texts, ">" if numeric else "<", cut, pick.is_optional)


def _formats(context: FormatContext) -> Mapping[Field, Callable[[Any], str]]:
    """Return the formats of attributes that are not text: ages on a terminal, times elsewhere."""

    def format_start(value: int) -> str:
        return format_age(value, context.now) if live else format_time(value)

    live = context.terminal.width is not None
    return {
        SHORT_ID: lambda value: display(value[:8] if live else value),
        Field(FieldKind.ATTRIBUTE, "start_time"): format_start,
        Field(FieldKind.ATTRIBUTE, "end_time"): format_start,
        Field(FieldKind.ATTRIBUTE, "duration"): format_duration,
    }


def _text_within(cells: int | None) -> Callable[[Any], str]:
    """Return a function that formats any value for a column of this width; None formats it whole."""
    return lambda value: display_within(", ".join(map(str, value)) if isinstance(value, list) else str(value), cells)


def _all_numbers(values: Sequence[Any]) -> bool:
    """Return whether all values are numbers, so that the column is aligned right."""
    present = [value for value in values if isinstance(value, str)]
    return bool(present) and all(_is_number(value) for value in present)


def _is_number(text: str) -> bool:
    if len(text) > MAX_NUMBER_LENGTH:
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def _titles(picks: Sequence[Pick]) -> list[str]:
    """Return the titles; those shared by a metric and a param are qualified."""
    title_counts = Counter(pick.title for pick in picks)
    return [qualified_name(pick) if title_counts[pick.title] > 1 else pick.title for pick in picks]
