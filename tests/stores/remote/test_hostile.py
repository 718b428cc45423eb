"""Any response of a server results in one short message within the deadline, and in no harmful id or path."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from mlflow import MlflowClient

from qtui.entities import RunInfo
from qtui.errors import StoreError, StoreUnreachable, StoreUnreadable
from qtui.store.remote import RemoteStore, client, error_translation
from qtui.store.remote.writer import RemoteWriter
from qtui.store.writer import Batch
from qtui.text import redact
from tests.stores.remote.hostile import Answer, never_end, say, say_json, say_nothing, serving

RUN = RunInfo("ab12", "1")


@pytest.fixture(autouse=True)
def short_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set deadlines that a test can wait for."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "5")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setattr(client, "CALL_TIMEOUT_S", 10.0)


def reason_of(answer: Answer, user: str = "") -> str:
    """Return the message for a server with this response."""
    with serving(answer) as address, pytest.raises(StoreError) as caught:
        RemoteStore(f"http://{user}{address}").experiments()
    return str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(say(500, b"oops"), id="500"),
        pytest.param(say(503, b"{}"), id="503"),
        pytest.param(say(429, b"{}"), id="429"),
        pytest.param(say(404, b"nothing here"), id="404"),
        pytest.param(say(200, b"<html>Log in</html>", "text/html"), id="a page to log in"),
        pytest.param(say(200, b'{"experiments": ['), id="half an answer"),
        pytest.param(say_json({"experiments": "many"}), id="another type"),
        pytest.param(say_json([]), id="a list"),
        pytest.param(say_json({"experiments": [{"experiment_id": {}}]}), id="an id that is an object"),
        pytest.param(say(200, b'{"experiments": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"), id="a deep answer"),
    ],
)
def test_an_invalid_response_gets_one_short_message(answer: Answer) -> None:
    reason = reason_of(answer)
    assert reason.startswith("http://127.0.0.1:")
    assert len(reason) < 500
    assert "\n" not in reason


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_request_names_the_credential_variables(status: int) -> None:
    assert "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD" in reason_of(say(status, b"no"))


def test_a_dead_server_is_reported() -> None:
    with serving(say(200, b"{}")) as address:
        pass
    with pytest.raises(
        StoreUnreachable, match=f"^http://{address} cannot be reached: nothing listens at that address.$"
    ):
        RemoteStore(f"http://{address}").experiments()


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "the host name is unknown"),
        (ConnectionResetError(), "it closed the connection"),
        (TimeoutError(), "it does not answer"),
        (ssl.SSLCertVerificationError(), "its certificate is not trusted"),
        (ssl.SSLError(), "the TLS connection failed"),
        (OSError(), None),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_the_network_error_is_found_in_the_chain_of_causes(cause: OSError, words: str) -> None:
    try:
        try:
            raise cause
        except OSError as error:
            raise ValueError from error
    except ValueError as error:
        assert error_translation.network_cause(error) == words


def test_a_response_that_never_ends_is_abandoned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "CALL_TIMEOUT_S", 0.2)
    with serving(never_end) as address, pytest.raises(StoreUnreachable, match="did not answer completely within"):
        RemoteStore(f"http://{address}").experiments()


def test_a_server_that_repeats_a_page_is_reported() -> None:
    page = {"experiments": [{"experiment_id": "1", "name": "a"}], "next_page_token": "again"}
    assert reason_of(say_json(page)).endswith("sends the same page again and again.")


def test_messages_contain_no_password_and_no_control_character() -> None:
    echo = b"\x1b]0;title\x07 http://alice:hunter2@host/?token=s3cr3t " + b"x" * 10_000
    reason = reason_of(say(400, echo), user="alice:hunter2@")
    assert "hunter2" not in reason
    assert "s3cr3t" not in reason
    assert reason.isprintable()
    assert len(reason) < 500


def test_invalid_ids_are_problems() -> None:
    page = {"experiments": [{"experiment_id": "../../x", "name": "evil"}, {"experiment_id": "1", "name": "good"}]}
    with serving(say_json(page)) as address:
        listing = RemoteStore(f"http://{address}").experiments()
    assert [experiment.name for experiment in listing.items] == ["good"]
    [problem] = listing.problems
    assert (problem.path, problem.reason) == ("../../x", "is not a valid MLflow ID")


def test_artifacts_outside_the_requested_folder_are_problems() -> None:
    paths = ["model/good", "model/../../x", "/etc/passwd", "elsewhere/x", "model/", "model/a/b"]
    store = RemoteStore("http://nowhere")
    files = [SimpleNamespace(path=path, is_dir=False, file_size=1) for path in paths]
    store.__dict__["_client"] = SimpleNamespace(get_run=lambda run_id: None, list_artifacts=lambda run_id, path: files)
    listing = store.artifacts(RunInfo("a", "1"), "model")
    assert [artifact.path for artifact in listing.items] == ["model/good"]
    assert sorted(problem.path for problem in listing.problems) == sorted(paths[1:])


@pytest.fixture
def request_limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, int]]:
    """Return a list of the timeout (s) and the retries of all following requests, with no variable set."""
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_TIMEOUT")
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES")
    limits: list[tuple[float, int]] = []
    request = requests.Session.request

    def recorded(session: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
        limits.append((options["timeout"], session.get_adapter(url).max_retries.total))
        return request(session, method, url, **options)

    monkeypatch.setattr(requests.Session, "request", recorded)
    return limits


def test_only_requests_of_qtui_have_short_limits(
    request_limits: list[tuple[float, int]],
) -> None:
    before = dict(os.environ)
    with serving(say_json({"experiments": []})) as address:
        RemoteStore(f"http://{address}").experiments()
        MlflowClient(f"http://{address}").search_experiments()
    assert request_limits == [(10, 1), (120, 7)]
    assert dict(os.environ) == before


def test_limits_in_the_environment_take_precedence(
    request_limits: list[tuple[float, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "77")
    with serving(say_json({"experiments": []})) as address:
        RemoteStore(f"http://{address}").experiments()
    assert request_limits == [(77, 1)]


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda uri, folder: RemoteStore(uri).experiments(), id="experiments"),
        pytest.param(lambda uri, folder: RemoteStore(uri).artifacts(RUN), id="artifacts"),
        pytest.param(lambda uri, folder: RemoteStore(uri).download(RUN, "model", folder), id="download"),
        pytest.param(lambda uri, folder: RemoteWriter(uri).log(RUN, Batch(tags={"a": "1"})), id="log"),
        pytest.param(lambda uri, folder: RemoteWriter(uri).save_artifact(RUN, folder), id="upload"),
    ],
)
def test_a_hanging_server_is_abandoned_within_the_limits_of_qtui(
    use: Callable[[str, Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_TIMEOUT")
    monkeypatch.setitem(client.REQUEST_LIMITS, "timeout", client.RequestLimit(0.2, "MLFLOW_HTTP_REQUEST_TIMEOUT"))
    with (
        serving(say_nothing) as address,
        pytest.raises(StoreUnreachable, match=f"^http://{address} cannot be reached: it does not answer.$"),
    ):
        use(f"http://{address}", tmp_path)


def test_an_unexpected_error_is_translated() -> None:
    def fail() -> None:
        raise KeyError("experiment")

    with pytest.raises(StoreUnreadable, match="gave an answer that MLflow does not understand"):
        client.call("http://nowhere", fail)


def test_a_timeout_in_the_request_is_not_reported_as_a_missed_deadline() -> None:
    def time_out() -> None:
        raise TimeoutError("the proxy timed out")

    with pytest.raises(StoreError) as caught:
        client.call("http://127.0.0.1:1", time_out)
    assert "did not answer completely" not in str(caught.value)
    assert "it does not answer" in str(caught.value)
    assert isinstance(caught.value, StoreUnreachable)


def test_a_request_is_answered_while_the_interpreter_shuts_down_and_starts_no_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(thread: Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(Thread, "start", refuse)
    assert client.call("http://127.0.0.1:1", lambda: "ended") == "ended"


def test_an_error_of_qtui_itself_is_not_translated() -> None:
    with pytest.raises(AttributeError):
        client.call("http://127.0.0.1:1", lambda: redact(None))
