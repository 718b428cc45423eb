"""MLflow's client with request limits and a deadline of qtui's own; other users of MLflow keep MLflow's limits."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from copy import copy
from functools import partial
from inspect import signature
from threading import Thread
from time import monotonic
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from qtui.cancellation import check_cancelled
from qtui.errors import StoreUnreachable
from qtui.store.mlflow_installation import warn_of_mixed_installation
from qtui.store.remote.error_translation import Translator, is_raised_by_qtui, translate_error
from qtui.text import redact

if TYPE_CHECKING:
    from mlflow import MlflowClient

T = TypeVar("T")

CALL_TIMEOUT_S = 30.0
"""Seconds after which a call is abandoned, even if its response is still arriving byte by byte."""
CANCEL_CHECK_S = 0.1
"""Seconds between two checks whether the answer is still wanted."""


class RequestLimit(NamedTuple):
    """A limit of a request, and the environment variable that sets it for all requests of MLflow."""

    value: float
    variable: str


REQUEST_LIMITS: Mapping[str, RequestLimit] = {
    "timeout": RequestLimit(10, "MLFLOW_HTTP_REQUEST_TIMEOUT"),
    "max_retries": RequestLimit(1, "MLFLOW_HTTP_REQUEST_MAX_RETRIES"),
    "backoff_factor": RequestLimit(1, "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR"),
    "respect_retry_after_header": RequestLimit(False, "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER"),
}
"""Keyword arguments of MLflow's `http_request`; with MLflow's defaults a user waits for minutes."""


def call(
    uri: str, request: Callable[[], T], translate: Translator = translate_error, *, has_deadline: bool = True
) -> T:
    """Return the result of a request of MLflow's client, with its errors translated.

    `request` runs on a daemon thread. It is abandoned when the work is cancelled, and after CALL_TIMEOUT_S unless
    `has_deadline` is False.
    """
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(request())
        except BaseException as error:
            result.set_exception(error)

    try:
        # The thread is not joined: a server that never stops answering must not keep the program from ending.
        Thread(target=run, daemon=True).start()
    except RuntimeError:
        # Python 3.12 starts no threads while it shuts down, which is when forgotten runs are ended.
        run()
    deadline = monotonic() + CALL_TIMEOUT_S
    while not wait([result], CANCEL_CHECK_S).done:
        check_cancelled()
        if has_deadline and monotonic() >= deadline:
            raise StoreUnreachable(f"{redact(uri)} did not answer completely within {CALL_TIMEOUT_S:.0f} seconds.")
    try:
        return result.result()
    except Exception as error:
        if is_raised_by_qtui(error):
            raise
        raise translate(uri, error) from error


def limited_client(uri: str) -> MlflowClient:
    """Return a client of a tracking server whose requests have these limits, unless the user has set others.

    Artifacts are transferred within the limits of MLflow.
    """
    warn_of_mixed_installation()
    from mlflow import MlflowClient

    client = call(uri, lambda: MlflowClient(uri))
    tracking = client._tracking_client
    # MLflow shares the store of an address between all its clients: those of the user must not get our limits.
    store = with_limits(tracking.store)
    tracking.__class__ = type(type(tracking).__name__, (type(tracking),), {"store": store})
    return client


def request_limits(http_request: Callable[..., Any]) -> dict[str, Any]:
    """Return our limits as arguments of MLflow's `http_request`, without those that the user has set."""
    parameters = signature(http_request).parameters
    return {
        name: limit.value
        for name, limit in REQUEST_LIMITS.items()
        if name in parameters and limit.variable not in os.environ
    }


def with_limits(store: Any) -> Any:
    """Return a copy of a store of MLflow whose requests have our limits."""
    from mlflow.utils import rest_utils

    http_request = partial(rest_utils.http_request, **request_limits(rest_utils.http_request))
    names = {
        "http_request": http_request,
        "call_endpoint": with_globals(rest_utils.call_endpoint, {"http_request": http_request}),
    }
    store_class = type(store)
    methods = {
        name: with_globals(method, names)
        for base in reversed(store_class.__mro__)
        for name, method in vars(base).items()
        if isinstance(method, FunctionType) and not names.keys().isdisjoint(method.__code__.co_names)
    }
    limited = copy(store)
    limited.__class__ = type(store_class.__name__, (store_class,), methods)
    return limited


def with_globals(function: FunctionType, names: Mapping[str, object]) -> FunctionType:
    """Return a copy of a function with some of its global names replaced."""
    copied = FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copied.__kwdefaults__ = function.__kwdefaults__
    return copied
