"""What a helper process and the one that started it say to each other: plain values, marshalled."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import IO, Any

from qtui.entities import DatasetInput, Problem, RunInfo
from qtui.query.wanted import Wanted
from qtui.store.files.reading import Reading
from qtui.store.files.records import Line, run_of, values_of, values_text

_LENGTH = 8
_LONGEST = 1 << 30
_wanted = attrgetter(*Wanted.__dataclass_fields__)
_problem = attrgetter(*Problem.__dataclass_fields__)


def send(pipe: IO[bytes], message: Any) -> None:
    """Write one message."""
    data = marshal.dumps(message)
    pipe.write(len(data).to_bytes(_LENGTH, "big") + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> Any:
    """Read one message; EOFError when there are no more."""
    length = int.from_bytes(_exactly(pipe, _LENGTH), "big")
    return marshal.loads(_exactly(pipe, length))


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length) if length <= _LONGEST else b""
    if len(data) < length:
        raise EOFError
    return data


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
    inputs = [plain_input(each) for each in reading.run.inputs]
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


def plain_input(dataset: DatasetInput) -> tuple[Any, ...]:
    """A dataset, as `DatasetInput(*plain)` takes it."""
    *texts, tags = (getattr(dataset, name) for name in DatasetInput.__dataclass_fields__)
    return *texts, dict(tags)
