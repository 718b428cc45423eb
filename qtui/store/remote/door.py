"""The one place where MLflow's client is called: within a deadline, its errors translated into ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from socket import gaierror
from ssl import SSLCertVerificationError, SSLError
from threading import Thread
from traceback import walk_tb
from typing import TypeVar

from qtui.errors import NotFound, QtuiError, StoreUnreachable, StoreUnreadable
from qtui.text import display, redact

T = TypeVar("T")

ANSWER_WITHIN = 30.0
"""Seconds after which an answer that is still dripping in is given up."""

LONGEST_REASON = 300
NOTHING_THERE = frozenset(
    {"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND", "ENDPOINT_NOT_FOUND", "INVALID_PARAMETER_VALUE", "BAD_REQUEST"}
)
"""A name that cannot be is answered like one that is not there."""

REFUSED = frozenset({"UNAUTHENTICATED", "PERMISSION_DENIED", "CUSTOMER_UNAUTHORIZED"})

CAUSES: Mapping[type[Exception], str] = {
    SSLCertVerificationError: "its certificate is not to be trusted",
    SSLError: "it does not speak TLS as it should",
    gaierror: "no machine of that name is known",
    ConnectionRefusedError: "nothing listens at that address",
    ConnectionResetError: "it broke off the connection",
    TimeoutError: "it does not answer",
}
"""What may be wrong between here and a server."""


def ask(
    uri: str,
    question: Callable[[], T],
    translate: Callable[[str, Exception], QtuiError] | None = None,
    *,
    patiently: bool = False,
) -> T:
    """What MLflow's client answers to a question, or an error of ours; one who is patient waits without a limit."""
    answer: Future[T] = Future()

    def wait_for_it() -> None:
        try:
            answer.set_result(question())
        except BaseException as error:
            answer.set_exception(error)

    # Nobody joins this thread: a server whose answer never ends must not keep the program from ending.
    Thread(target=wait_for_it, daemon=True).start()
    try:
        return answer.result(timeout=None if patiently else ANSWER_WITHIN)
    except TimeoutError as error:
        if answer.done() and answer.exception() is error:
            # The question itself ran into a timeout.
            raise (translate or translated)(uri, error) from error
        raise StoreUnreachable(f"{redact(uri)} did not answer in full within {ANSWER_WITHIN:.0f} seconds.") from None
    except Exception as error:
        if is_raised_by_qtui(error):
            raise
        raise (translate or translated)(uri, error) from error


def is_raised_by_qtui(error: BaseException) -> bool:
    """Whether qtui's own code raised an error, so that it is no answer of MLflow's."""
    module = ""
    for frame, _ in walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__", "")
    return module.partition(".")[0] == "qtui"


def reason_of(error: Exception) -> str:
    """What MLflow says, without secrets and cut to a readable length: servers echo what they please."""
    return display(redact(str(error)))[:LONGEST_REASON]


def translated(uri: str, error: Exception) -> QtuiError:
    """Our error for one of MLflow's."""
    from mlflow.exceptions import MlflowException

    server = redact(uri)
    reason = reason_of(error)
    if not isinstance(error, MlflowException):
        if isinstance(error, OSError) and (cause := network_cause(error)):
            return StoreUnreachable(f"{server} cannot be reached: {cause}.")
        return StoreUnreadable(f"{server} gave an answer that MLflow does not understand: {reason}")
    if error.error_code in NOTHING_THERE:
        return NotFound(f"{server} answers: {reason}")
    if error.error_code in REFUSED:
        return StoreUnreachable(
            f"{server} refuses to answer: {reason} Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, "
            "or MLFLOW_TRACKING_TOKEN."
        )
    if cause := network_cause(error):
        return StoreUnreachable(f"{server} cannot be reached: {cause}.")
    return StoreUnreachable(f"{server} cannot answer: {reason}")


def network_cause(error: BaseException) -> str | None:
    """What keeps the network from it, where that is what went wrong at the bottom of it."""
    at: BaseException | None = error
    while at is not None:
        for kind, words in CAUSES.items():
            if isinstance(at, kind):
                return words
        at = at.__cause__ or at.__context__
    return None
