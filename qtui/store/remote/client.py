"""MLflow's client with limits for each request that are qtui's own: the process keeps MLflow's for its other calls."""

from __future__ import annotations

import os
from collections.abc import Mapping
from copy import copy
from functools import partial
from inspect import signature
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from qtui.store.mlflow_installation import warn_of_mixed_installation
from qtui.store.remote.door import ask

if TYPE_CHECKING:
    from mlflow import MlflowClient


class Limit(NamedTuple):
    """A limit of a request, and the variable by which users set it for all requests of MLflow."""

    value: float
    variable: str


REQUEST_LIMITS: Mapping[str, Limit] = {
    "timeout": Limit(10, "MLFLOW_HTTP_REQUEST_TIMEOUT"),
    "max_retries": Limit(1, "MLFLOW_HTTP_REQUEST_MAX_RETRIES"),
    "backoff_factor": Limit(1, "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR"),
    "respect_retry_after_header": Limit(False, "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER"),
}
"""Keyword arguments of MLflow's `http_request`; with its own defaults it keeps a user waiting for minutes."""


def limited_client(uri: str) -> MlflowClient:
    """Return a client of a tracking server whose requests have these limits, unless the user has set others.

    Artifacts are transferred within the limits of MLflow.
    """
    warn_of_mixed_installation()
    from mlflow import MlflowClient

    client = ask(uri, lambda: MlflowClient(uri))
    tracking = client._tracking_client
    # MLflow shares the store of an address between all its clients: those of the user must not get our limits.
    store = with_limits(tracking.store)
    tracking.__class__ = type(type(tracking).__name__, (type(tracking),), {"store": store})
    return client


def with_limits(store: Any) -> Any:
    """Return a copy of a store of MLflow that makes its requests within our limits."""
    from mlflow.utils import rest_utils

    takes = signature(rest_utils.http_request).parameters
    limits = {
        name: limit.value
        for name, limit in REQUEST_LIMITS.items()
        if name in takes and limit.variable not in os.environ
    }
    http_request = partial(rest_utils.http_request, **limits)
    names = {
        "http_request": http_request,
        "call_endpoint": rebound(rest_utils.call_endpoint, {"http_request": http_request}),
    }
    kind = type(store)
    methods = {
        name: rebound(method, names)
        for base in reversed(kind.__mro__)
        for name, method in vars(base).items()
        if isinstance(method, FunctionType) and not names.keys().isdisjoint(method.__code__.co_names)
    }
    limited = copy(store)
    limited.__class__ = type(kind.__name__, (kind,), methods)
    return limited


def rebound(function: FunctionType, names: Mapping[str, object]) -> FunctionType:
    """Return a copy of a function for which these global names mean something else."""
    copied = FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copied.__kwdefaults__ = function.__kwdefaults__
    return copied
