"""What a server says when it does not write, as errors of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qtui.errors import (
    BadValue,
    ExperimentExists,
    ExperimentNotFound,
    NotActive,
    NotFound,
    ParamConflict,
    QtuiError,
    RunNotFound,
    StoreUnwritable,
)
from qtui.store.remote.door import reason_of, translated
from qtui.text import redact

Kind = type[QtuiError]

WORDS: Mapping[str, Kind] = {
    "Changing param values is not allowed": ParamConflict,
    "must be in the 'active'": NotActive,
    "must be in 'active'": NotActive,
    "non-active": NotActive,
}
"""What a server says, in words only, beside the code of a wrong value."""

CODES: Mapping[str, Kind] = {
    "RESOURCE_ALREADY_EXISTS": ExperimentExists,
    "INVALID_PARAMETER_VALUE": BadValue,
    "BAD_REQUEST": BadValue,
    "INVALID_STATE": NotActive,
    "PERMISSION_DENIED": StoreUnwritable,
}


def refused(missing: type[NotFound]) -> Callable[[str, Exception], QtuiError]:
    """Translates what comes of a change to something that, when it is missing, is missed so."""

    def translate(uri: str, error: Exception) -> QtuiError:
        code = getattr(error, "error_code", "")
        reason = reason_of(error)
        kind = next((kind for words, kind in WORDS.items() if words in str(error)), CODES.get(code))
        if code == "RESOURCE_DOES_NOT_EXIST":
            kind = missing
        return translated(uri, error) if kind is None else kind(f"{redact(uri)} answers: {reason}")

    return translate


of_run = refused(RunNotFound)
of_experiment = refused(ExperimentNotFound)
