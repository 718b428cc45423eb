"""After each edit, MLflow's client says of a run or experiment what it says of a twin that it edited itself."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qtui.entities import NOTE_TAG, RUN_NAME_TAG, ExperimentInfo, RunInfo
from qtui.recorder import Library
from qtui.store import open_writer
from qtui.store.edits import Delete, DropTags, Edit, Rename, Restore, SetNote, SetStatus, SetTags, apply_edits
from qtui.store.writer import Batch, Writer
from tests.stores.sides import Theirs

if TYPE_CHECKING:
    from mlflow import MlflowClient

KINDS = ("files", "sqlite", "postgresql", "remote")
START = 1_700_000_000_000
END = START + 5


@dataclass(frozen=True)
class Twin:
    """An experiment with an active and a deleted run."""

    experiment: ExperimentInfo
    run: RunInfo
    deleted: RunInfo


def create_twin(writer: Writer) -> Twin:
    """Create a twin."""
    experiment = writer.create_experiment(uuid.uuid4().hex, tags={"team": "red"})
    run, deleted = (writer.create_run(experiment, name="name", start_time=START) for _ in range(2))
    writer.log(run, Batch(tags={"team": "blue", "a/b": "c"}))
    apply_edits(writer, Delete([deleted]))
    return Twin(experiment, run, deleted)


@dataclass(frozen=True)
class Case:
    """An edit, and what MLflow's client does instead."""

    ours: Callable[[Twin], Edit]
    theirs: Callable[[MlflowClient, Twin], object]


def set_tags(client: MlflowClient, twin: Twin) -> None:
    client.set_tag(twin.run.run_id, "team", "green")
    client.set_tag(twin.run.run_id, "neu/线", "a\r\nb ")


CASES: Mapping[str, Case] = {
    "tags": Case(lambda twin: SetTags([twin.run], {"team": "green", "neu/线": "a\r\nb "}), set_tags),
    "drop": Case(
        lambda twin: DropTags([twin.run], ["a/b"]), lambda client, twin: client.delete_tag(twin.run.run_id, "a/b")
    ),
    "rename": Case(
        lambda twin: Rename([twin.run], "0x10: 'q' # 线"),
        lambda client, twin: client.update_run(twin.run.run_id, name="0x10: 'q' # 线"),
    ),
    "name tag": Case(
        lambda twin: SetTags([twin.run], {RUN_NAME_TAG: "other " * 40}),
        lambda client, twin: client.set_tag(twin.run.run_id, RUN_NAME_TAG, "other " * 40),
    ),
    "note": Case(
        lambda twin: SetNote([twin.run], "# x\n\n| a |\n"),
        lambda client, twin: client.set_tag(twin.run.run_id, NOTE_TAG, "# x\n\n| a |\n"),
    ),
    "status": Case(
        lambda twin: SetStatus([twin.run], "FAILED", END),
        lambda client, twin: client.set_terminated(twin.run.run_id, "FAILED", END),
    ),
    "resume": Case(
        lambda twin: SetStatus([twin.run], "SCHEDULED"),
        lambda client, twin: client.update_run(twin.run.run_id, "SCHEDULED"),
    ),
    "delete": Case(lambda twin: Delete([twin.run]), lambda client, twin: client.delete_run(twin.run.run_id)),
    "restore": Case(lambda twin: Restore([twin.deleted]), lambda client, twin: client.restore_run(twin.deleted.run_id)),
    "tag experiment": Case(
        lambda twin: SetTags([twin.experiment], {"team": "green"}),
        lambda client, twin: client.set_experiment_tag(twin.experiment.experiment_id, "team", "green"),
    ),
    "drop experiment tag": Case(
        lambda twin: DropTags([twin.experiment], ["team"]),
        lambda client, twin: client.delete_experiment_tag(twin.experiment.experiment_id, "team"),
    ),
    "rename experiment": Case(
        lambda twin: Rename([twin.experiment], f"new {twin.experiment.name}"),
        lambda client, twin: client.rename_experiment(twin.experiment.experiment_id, f"new {twin.experiment.name}"),
    ),
    "delete experiment": Case(
        lambda twin: Delete([twin.experiment]),
        lambda client, twin: client.delete_experiment(twin.experiment.experiment_id),
    ),
}


@pytest.fixture(params=KINDS)
def sides(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Library, Writer, Theirs, str]]:
    """Return a library, a writer and MLflow's client of one store, and its address."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    uri = request.getfixturevalue(f"new_{request.param}_uri")
    writer = open_writer(uri)
    writer.create_experiment(uuid.uuid4().hex)
    theirs = Theirs(uri)
    with Library(uri) as library:
        yield library, writer, theirs, uri
    theirs.close()
    writer.close()


def plain(twin: Twin, text: str) -> str:
    """Return a text with the IDs, the name of the experiment and present times replaced."""
    names = {"RUN": twin.run.run_id, "DELETED": twin.deleted.run_id, "NAME": twin.experiment.name}
    for placeholder, name in names.items():
        text = text.replace(name, placeholder)
    text = re.sub(rf"(?<=['/]){twin.experiment.experiment_id}(?=['/\n])", "EXPERIMENT", text)
    return re.sub(r"\b1[789]\d{11}\b", lambda time: time[0] if time[0].startswith("1700000000") else "<now>", text)


def described(client: MlflowClient, twin: Twin) -> list[str]:
    """Return what MLflow's client says of a twin."""
    experiment = client.get_experiment(twin.experiment.experiment_id)
    answers: list[Any] = [sorted(experiment.tags.items()), experiment.name, experiment.lifecycle_stage]
    for info in (twin.run, twin.deleted):
        run = client.get_run(info.run_id)
        answers.append(sorted(dict(run.info).items(), key=str))
        answers.append(sorted(run.data.tags.items()))
    for view in (1, 2):
        runs = client.search_runs([twin.experiment.experiment_id], run_view_type=view)
        answers.append(sorted(plain(twin, f"{run.info.run_id} {run.info.run_name}") for run in runs))
    return [plain(twin, repr(answer)) for answer in answers]


@pytest.mark.parametrize("name", CASES)
def test_mlflow_says_the_same_of_both_twins(sides: tuple[Library, Writer, Theirs, str], name: str) -> None:
    library, writer, theirs, uri = sides
    case = CASES[name]
    ours, other = create_twin(writer), create_twin(writer)
    before = described(theirs.client, ours)
    assert library.apply(case.ours(ours)).failures == ()
    case.theirs(theirs.client, other)
    after = described(theirs.client, ours)
    assert after == described(theirs.client, other)
    assert after != before
    if uri.startswith("file:"):
        assert files_of(uri, ours) == files_of(uri, other)


def files_of(uri: str, twin: Twin) -> dict[str, str]:
    """Return the files of a twin; MLflow 3 does not write `run_uuid`."""
    root = Path(uri.removeprefix("file:"))
    contents: dict[str, str] = {}
    for folder in (root, root / ".trash"):
        for path in sorted((folder / twin.experiment.experiment_id).rglob("*")):
            if path.is_file():
                text = plain(twin, path.read_bytes().decode())
                contents[plain(twin, f"/{path.relative_to(root)}")] = re.sub(r"run_uuid: \w+\n", "", text)
    return contents
