"""What a helper that reads runs and the process that started it say to each other, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from qtui.entities import DatasetInput, Problem, RunInfo
from qtui.query.wanted import Wanted
from qtui.store.files.reading import Reading
from qtui.store.files.records import Line, run_of, values_of, values_text
from qtui.store.helper_process import row_with_tags

_wanted = attrgetter(*Wanted.__dataclass_fields__)
_problem = attrgetter(*Problem.__dataclass_fields__)


def plain_wanted(wanted: Wanted) -> tuple[Any, ...]:
    """What is wanted, as `Wanted(*plain)` takes it."""
    plain: tuple[Any, ...] = _wanted(wanted)
    return plain


def plain_question(info: RunInfo, known: Line | None) -> tuple[Any, ...]:
    """A run to be read and what is known of it."""
    return info.experiment_id, info.run_id, known and tuple(known)


def question_of(plain: Sequence[Any]) -> tuple[RunInfo, Line | None]:
    """The run that a helper is to read; it needs no more of an info than where the run is."""
    experiment_id, run_id, known = plain
    return RunInfo(run_id, experiment_id), Line(*known) if known else None


def plain_reading(reading: Reading, known: Line | None) -> tuple[Any, ...] | None:
    """What came of reading a run; no text of values when the known one still holds."""
    if reading.run is None:
        return None
    line = reading.line
    text = line.values if line else values_text(reading.run)
    inputs = [row_with_tags(each) for each in reading.run.inputs]
    problems = [_problem(each) for each in reading.problems]
    return None if reading.is_known else text, line.fingerprint if line else "", inputs, problems


def reading_of(info: RunInfo, known: Line | None, plain: Sequence[Any] | None) -> Reading:
    """What a helper found of a run."""
    if plain is None:
        return Reading(None)
    text, fingerprint, inputs, problems = plain
    line = known
    if text is not None:
        line = Line(text, fingerprint) if fingerprint else None
    run = run_of(info, values_of(known.values if text is None and known else text))
    run = replace(run, inputs=tuple(DatasetInput(*each) for each in inputs)) if inputs else run
    return Reading(run, tuple(Problem(*each) for each in problems), line, is_known=text is None)
