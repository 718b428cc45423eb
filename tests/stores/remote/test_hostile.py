"""Whatever a server answers, the user gets one clean sentence in time, and no id or path that could do harm."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from mlflow import MlflowClient

from qtui.entities import RunInfo
from qtui.errors import StoreError, StoreUnreachable, StoreUnreadable
from qtui.store.remote import RemoteStore, client, door
from qtui.store.remote.writer import RemoteWriter
from qtui.store.writer import Batch
from qtui.text import redact
from tests.stores.remote.hostile import Answer, never_end, say, say_json, say_nothing, serving

RUN = RunInfo("ab12", "1")


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a test can wait for."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "5")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setattr(door, "ANSWER_WITHIN", 10.0)


def reason_of(answer: Answer, user: str = "") -> str:
    """What is told of a server that answers so."""
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
def test_a_wrong_answer_is_told_in_one_short_sentence(answer: Answer) -> None:
    reason = reason_of(answer)
    assert reason.startswith("http://127.0.0.1:")
    assert len(reason) < 500
    assert "\n" not in reason


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_tells_how_to_authenticate(status: int) -> None:
    assert "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD" in reason_of(say(status, b"no"))


def test_a_server_that_is_not_there_is_told_so() -> None:
    with serving(say(200, b"{}")) as address:
        pass
    with pytest.raises(
        StoreUnreachable, match=f"^http://{address} cannot be reached: nothing listens at that address.$"
    ):
        RemoteStore(f"http://{address}").experiments()


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no machine of that name is known"),
        (ConnectionResetError(), "it broke off the connection"),
        (TimeoutError(), "it does not answer"),
        (ssl.SSLCertVerificationError(), "its certificate is not to be trusted"),
        (ssl.SSLError(), "it does not speak TLS as it should"),
        (OSError(), None),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_wrong_with_the_network_is_found_below_what_others_made_of_it(cause: OSError, words: str) -> None:
    try:
        try:
            raise cause
        except OSError as error:
            raise ValueError from error
    except ValueError as error:
        assert door.network_cause(error) == words


def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "ANSWER_WITHIN", 0.2)
    with serving(never_end) as address, pytest.raises(StoreUnreachable, match="did not answer in full within"):
        RemoteStore(f"http://{address}").experiments()


def test_a_server_that_repeats_a_page_is_left() -> None:
    page = {"experiments": [{"experiment_id": "1", "name": "a"}], "next_page_token": "again"}
    assert reason_of(say_json(page)).endswith("gives the same page again and again.")


def test_no_password_and_no_control_character_gets_into_an_error() -> None:
    echo = b"\x1b]0;title\x07 http://alice:hunter2@host/?token=s3cr3t " + b"x" * 10_000
    reason = reason_of(say(400, echo), user="alice:hunter2@")
    assert "hunter2" not in reason
    assert "s3cr3t" not in reason
    assert reason.isprintable()
    assert len(reason) < 500


def test_ids_that_lead_elsewhere_are_problems() -> None:
    page = {"experiments": [{"experiment_id": "../../x", "name": "evil"}, {"experiment_id": "1", "name": "good"}]}
    with serving(say_json(page)) as address:
        listing = RemoteStore(f"http://{address}").experiments()
    assert [each.name for each in listing.items] == ["good"]
    [problem] = listing.problems
    assert (problem.path, problem.reason) == ("../../x", "is not an id that MLflow gives")


def test_artifacts_outside_of_their_folder_are_problems() -> None:
    paths = ["model/good", "model/../../x", "/etc/passwd", "elsewhere/x", "model/", "model/a/b"]
    store = RemoteStore("http://nowhere")
    files = [SimpleNamespace(path=path, is_dir=False, file_size=1) for path in paths]
    store.__dict__["_client"] = SimpleNamespace(get_run=lambda run_id: None, list_artifacts=lambda run_id, path: files)
    listing = store.artifacts(RunInfo("a", "1"), "model")
    assert [each.path for each in listing.items] == ["model/good"]
    assert sorted(each.path for each in listing.problems) == sorted(paths[1:])


@pytest.fixture
def asked_with(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, int]]:
    """Return the timeout (s) and the retries of all requests that are made from now on, with no variable set."""
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_TIMEOUT")
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES")
    asked: list[tuple[float, int]] = []
    request = requests.Session.request

    def watched(session: requests.Session, method: str, url: str, **given: Any) -> requests.Response:
        asked.append((given["timeout"], session.get_adapter(url).max_retries.total))
        return request(session, method, url, **given)

    monkeypatch.setattr(requests.Session, "request", watched)
    return asked


def test_requests_of_qtui_have_short_limits_and_those_of_the_user_keep_mlflows(
    asked_with: list[tuple[float, int]],
) -> None:
    before = dict(os.environ)
    with serving(say_json({"experiments": []})) as address:
        RemoteStore(f"http://{address}").experiments()
        MlflowClient(f"http://{address}").search_experiments()
    assert asked_with == [(10, 1), (120, 7)]
    assert dict(os.environ) == before


def test_limits_that_the_user_has_set_count_for_qtui_too(
    asked_with: list[tuple[float, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "77")
    with serving(say_json({"experiments": []})) as address:
        RemoteStore(f"http://{address}").experiments()
    assert asked_with == [(77, 1)]


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
def test_a_server_that_hangs_is_given_up_within_the_limits_of_qtui(
    use: Callable[[str, Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_TIMEOUT")
    monkeypatch.setitem(client.REQUEST_LIMITS, "timeout", client.Limit(0.2, "MLFLOW_HTTP_REQUEST_TIMEOUT"))
    with (
        serving(say_nothing) as address,
        pytest.raises(StoreUnreachable, match=f"^http://{address} cannot be reached: it does not answer.$"),
    ):
        use(f"http://{address}", tmp_path)


def test_an_error_of_the_program_that_is_no_error_of_mlflows_is_still_one_of_ours() -> None:
    def stumble() -> None:
        raise KeyError("experiment")

    with pytest.raises(StoreUnreadable, match="gave an answer that MLflow does not understand"):
        door.ask("http://nowhere", stumble)


def test_a_timeout_within_the_question_is_not_told_as_a_late_answer() -> None:
    def time_out() -> None:
        raise TimeoutError("the proxy timed out")

    with pytest.raises(StoreError) as caught:
        door.ask("http://127.0.0.1:1", time_out)
    assert "did not answer in full" not in str(caught.value)
    assert "it does not answer" in str(caught.value)
    assert isinstance(caught.value, StoreUnreachable)


def test_a_mistake_of_qtui_is_not_told_as_an_answer() -> None:
    with pytest.raises(TypeError):
        door.ask("http://127.0.0.1:1", lambda: redact(None))
