"""Translate errors of MLflow's client and of the network into errors of qtui."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from socket import gaierror
from ssl import SSLCertVerificationError, SSLError
from traceback import walk_tb

from qtui.errors import (
    BadValue,
    ExperimentExists,
    ExperimentNotFound,
    NotActive,
    NotFound,
    ParamConflict,
    QtuiError,
    RunNotFound,
    StoreUnreachable,
    StoreUnreadable,
    StoreUnwritable,
)
from qtui.text import display, redact

Translator = Callable[[str, Exception], QtuiError]
"""Returns the error of qtui for a server's address and an error of MLflow's client."""

MAX_REASON_CHARACTERS = 300

NOT_FOUND_CODES = frozenset(
    {"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND", "ENDPOINT_NOT_FOUND", "INVALID_PARAMETER_VALUE", "BAD_REQUEST"}
)
"""Error codes for missing entities; servers answer an invalid name with other codes than a missing one."""

REFUSED_CODES = frozenset({"UNAUTHENTICATED", "PERMISSION_DENIED", "CUSTOMER_UNAUTHORIZED"})

NETWORK_CAUSES: Mapping[type[Exception], str] = {
    SSLCertVerificationError: "its certificate is not trusted",
    SSLError: "the TLS connection failed",
    gaierror: "the host name is unknown",
    ConnectionRefusedError: "nothing listens at that address",
    ConnectionResetError: "it closed the connection",
    TimeoutError: "it does not answer",
}

WRITE_ERROR_TEXTS: Mapping[str, type[QtuiError]] = {
    "Changing param values is not allowed": ParamConflict,
    "must be in the 'active'": NotActive,
    "must be in 'active'": NotActive,
    "non-active": NotActive,
}
"""Parts of messages that identify the error although its code is INVALID_PARAMETER_VALUE."""

WRITE_ERROR_CODES: Mapping[str, type[QtuiError]] = {
    "RESOURCE_ALREADY_EXISTS": ExperimentExists,
    "INVALID_PARAMETER_VALUE": BadValue,
    "BAD_REQUEST": BadValue,
    "INVALID_STATE": NotActive,
    "PERMISSION_DENIED": StoreUnwritable,
}


def translate_error(uri: str, error: Exception) -> QtuiError:
    """Return the error of qtui for an error of MLflow's client."""
    from mlflow.exceptions import MlflowException

    server = redact(uri)
    reason = error_reason(error)
    if not isinstance(error, MlflowException):
        if isinstance(error, OSError) and (cause := network_cause(error)):
            return StoreUnreachable(f"{server} cannot be reached: {cause}.")
        return StoreUnreadable(f"{server} gave an answer that MLflow does not understand: {reason}")
    if error.error_code in NOT_FOUND_CODES:
        return NotFound(f"{server} answers: {reason}")
    if error.error_code in REFUSED_CODES:
        return StoreUnreachable(
            f"{server} refuses the request: {reason} Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, "
            "or MLFLOW_TRACKING_TOKEN."
        )
    if cause := network_cause(error):
        return StoreUnreachable(f"{server} cannot be reached: {cause}.")
    return StoreUnreachable(f"{server} cannot answer: {reason}")


def write_error_translator(missing: type[NotFound]) -> Translator:
    """Return a translator for write errors; `missing` is raised when the target does not exist."""

    def translate(uri: str, error: Exception) -> QtuiError:
        code = getattr(error, "error_code", "")
        by_text = (error_type for text, error_type in WRITE_ERROR_TEXTS.items() if text in str(error))
        error_type = next(by_text, WRITE_ERROR_CODES.get(code))
        if code == "RESOURCE_DOES_NOT_EXIST":
            error_type = missing
        if error_type is None:
            return translate_error(uri, error)
        return error_type(f"{redact(uri)} answers: {error_reason(error)}")

    return translate


translate_run_write_error = write_error_translator(RunNotFound)
translate_experiment_write_error = write_error_translator(ExperimentNotFound)


def error_reason(error: Exception) -> str:
    """Return the message of an error without secrets and control characters, cut to a readable length."""
    return display(redact(str(error)))[:MAX_REASON_CHARACTERS]


def network_cause(error: BaseException) -> str | None:
    """Return the reason in words if a network error is in the chain of causes of an error."""
    cause: BaseException | None = error
    while cause is not None:
        for error_type, words in NETWORK_CAUSES.items():
            if isinstance(cause, error_type):
                return words
        cause = cause.__cause__ or cause.__context__
    return None


def is_raised_by_qtui(error: BaseException) -> bool:
    """Return whether qtui's own code raised an error, so that it must not be translated."""
    module = ""
    for frame, _ in walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__", "")
    return module.partition(".")[0] == "qtui"
