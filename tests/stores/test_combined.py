"""Several stores as one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import pytest

from qtui.entities import ExperimentInfo, Listing, Point, Problem, Run, RunInfo, ViewType
from qtui.errors import BadValue, ExperimentNotFound, StoreUnreachable, StoreUnwritable, UsageError
from qtui.query import parse_filter, parse_order
from qtui.recorder import Library
from qtui.recorder.editing.purge import plan_purge
from qtui.store import RunQuery, Store, open_store, open_writer
from qtui.store.addresses import combined_uri
from qtui.store.changes import Target
from qtui.store.combined import CombinedStore, StorePart, store_labels
from qtui.store.combined_writer import CombinedWriter
from qtui.store.edits import CreateExperiment, Delete, Rename, SetTags
from qtui.store.memory import MemoryStore
from qtui.store.memory_writer import MemoryWriter
from qtui.store.search import collect_batches
from qtui.store.writer import Batch, Metric

START = 1_700_000_000_000


@pytest.fixture
def uris() -> list[str]:
    """Return the addresses of two stores; each has an experiment "alpha" with two runs."""
    uris = [f"memory:{uuid.uuid4().hex}" for _ in range(2)]
    for number, uri in enumerate(uris):
        writer = open_writer(uri)
        experiment = writer.create_experiment("alpha")
        for index in range(2):
            run = writer.create_run(experiment, name=f"run {number}{index}", start_time=START + number + 2 * index)
            value = float(number + 2 * index)
            writer.log(run, Batch([Metric("ic", Point(1, START, value))], {"lr": str(index)}))
    return uris


@pytest.fixture
def labels(uris: list[str]) -> tuple[str, ...]:
    """Return the labels of these stores."""
    return store_labels(uris)


@pytest.fixture
def library(uris: list[str]) -> Library:
    """Return the library of both stores."""
    return Library(combined_uri(uris))


def infos_of(store: Store, experiment_ids: Sequence[str] | None = None) -> dict[str, RunInfo]:
    """Return the active runs by name."""
    return {info.name: info for info in collect_batches(store.infos(experiment_ids))[0]}


def test_a_label_is_the_shortest_end_that_differs() -> None:
    assert store_labels(["file:/a/mlruns", "sqlite:////b/mlflow.db"]) == ("mlruns", "mlflow.db")
    assert store_labels(["./one/mlruns", "./two/mlruns"]) == ("one-mlruns", "two-mlruns")
    assert store_labels(["http://host:5000", "http://user:secret@other:5000/x?token=1"]) == ("host:5000", "x")


def test_an_address_that_contains_the_separator_is_refused() -> None:
    with pytest.raises(UsageError, match="beside another store"):
        combined_uri(["a + b", "c"])


def test_experiments_have_the_label_of_their_store_before_name_and_id(
    library: Library, labels: tuple[str, ...]
) -> None:
    names = [(experiment.name, experiment.experiment_id) for experiment in library.experiments().items]
    assert names == [(f"{label}/alpha", f"{label}:1") for label in labels]
    assert library.counts()[f"{labels[1]}:1"].total == 2


def test_a_search_filters_sorts_and_pages_over_both_stores(library: Library) -> None:
    query = RunQuery(filter=parse_filter("metrics.ic > 0"), order_by=(parse_order("metrics.ic DESC"),), limit=2)
    page = library.store.search(query)
    assert [run.info.name for run in page.runs] == ["run 11", "run 01"]
    assert page.total == 3


def test_values_come_in_the_order_of_the_runs(library: Library) -> None:
    infos = list(infos_of(library.store).values())[::-1]
    runs, _ = collect_batches(library.values(infos))
    assert [run.info for run in runs] == infos
    assert [library.history(info, "ic")[0].values.tolist() for info in infos] == [[3.0], [1.0], [2.0], [0.0]]


def test_the_runs_of_one_experiment_come_from_its_store(library: Library, labels: tuple[str, ...]) -> None:
    assert list(infos_of(library.store, [f"{labels[1]}:1"])) == ["run 10", "run 11"]
    with pytest.raises(ExperimentNotFound):
        list(library.store.infos(["elsewhere:1"]))


def test_a_run_is_found_by_the_beginning_of_its_id_and_by_its_name(library: Library, labels: tuple[str, ...]) -> None:
    info = infos_of(library.store)["run 11"]
    assert library.find_run(info.run_id[:12]) == info
    assert library.find_run(f"{labels[1]}/alpha/run 11") == info


def test_an_edit_of_runs_in_both_stores_is_one_entry_and_is_undone_in_both(library: Library, uris: list[str]) -> None:
    infos = infos_of(library.store)
    library.apply(SetTags([infos["run 00"], infos["run 11"]], {"best": "yes"}))
    assert [infos_of(open_store(uri)).keys() for uri in uris] == [{"run 00", "run 01"}, {"run 10", "run 11"}]
    tagged = [library.run(infos[name]).tags.get("best") for name in ("run 00", "run 01", "run 11")]
    assert tagged == ["yes", None, "yes"]
    assert len(library.journal()) == 1
    library.undo()
    assert not any("best" in library.run(info).tags for info in infos.values())


def test_runs_are_deleted_only_in_their_store(library: Library, uris: list[str]) -> None:
    infos = infos_of(library.store)
    library.apply(Delete([infos["run 10"]]))
    assert [list(infos_of(open_store(uri))) for uri in uris] == [["run 00", "run 01"], ["run 11"]]


def test_experiments_are_created_and_renamed_in_the_store_that_their_name_begins_with(
    library: Library, uris: list[str], labels: tuple[str, ...]
) -> None:
    def names(uri: str) -> list[str]:
        return sorted(experiment.name for experiment in open_store(uri).experiments().items)

    library.apply(CreateExperiment(f"{labels[0]}/beta"))
    assert [names(uri) for uri in uris] == [["alpha", "beta"], ["alpha"]]
    library.apply(Rename([library.find_experiment(f"{labels[1]}/alpha")], "gamma"))
    assert [names(uri) for uri in uris] == [["alpha", "beta"], ["gamma"]]
    library.undo()
    assert names(uris[1]) == ["alpha"]
    with pytest.raises(BadValue, match="must begin with its store"):
        library.apply(CreateExperiment("delta"))


def test_a_deleted_run_is_purged_from_its_store(library: Library, uris: list[str]) -> None:
    info = infos_of(library.store)["run 10"]
    library.apply(Delete([info]))
    for _ in library.purge_steps(library.plan_purge([library.find_run(info.run_id)])):
        pass
    assert [len(collect_batches(open_store(uri).infos(view=ViewType.ALL))[0]) for uri in uris] == [2, 1]


class UnpurgeableWriter(MemoryWriter):
    """A store that cannot purge, as a server."""

    def purge_refusal(self, experiment_id: str) -> str:
        return "A server cannot purge."


def test_a_store_that_cannot_purge_is_left_out_and_named() -> None:
    gone = [RunInfo(letter * 32, "1", letter, lifecycle_stage="deleted", start_time=1) for letter in "ab"]
    own = MemoryWriter([ExperimentInfo("1", "alpha")], [Run(gone[0])], uri="memory:own")
    server = UnpurgeableWriter([ExperimentInfo("1", "alpha")], [Run(gone[1])], uri="memory:server")
    store = CombinedStore("stores:", [StorePart("own", own), StorePart("server", server)])
    writer = CombinedWriter(store, {"memory:own": own, "memory:server": server}.__getitem__)
    plan = plan_purge(store, writer, None, None, None)
    assert ([run.info.name for run in plan.runs], plan.refusals) == (["a"], ("A server cannot purge.",))
    assert writer.purge([Target("own:1", gone[0].run_id)]) == ()
    with pytest.raises(StoreUnwritable, match="A server cannot purge"):
        plan_purge(store, writer, [store.find("b")[0]], None, None)


def test_a_run_is_located_in_its_own_store(library: Library, uris: list[str]) -> None:
    part, info = library.locate(infos_of(library.store)["run 10"])
    assert (part.uri, info.experiment_id) == (uris[1], "1")
    assert Library(uris[0]).locate(next(iter(infos_of(open_store(uris[0])).values())))[0].uri == uris[0]


class UnreachableStore(MemoryStore):
    """A store whose server does not answer."""

    def experiments(self, view: ViewType = ViewType.ACTIVE) -> Listing[ExperimentInfo]:
        raise StoreUnreachable("The server does not answer.")


def test_a_store_that_does_not_answer_is_a_problem_beside_the_runs_of_the_others() -> None:
    good = MemoryStore([ExperimentInfo("1", "alpha")], [], problems=[Problem("x", "broken", "1")])
    store = CombinedStore("stores:", [StorePart("good", good), StorePart("dead", UnreachableStore())])
    listing = store.experiments()
    assert [experiment.name for experiment in listing.items] == ["good/alpha"]
    assert listing.problems == (Problem("dead", "The server does not answer."),)
    problems = collect_batches(store.infos())[1]
    assert set(problems) == {Problem("x", "broken", "good:1"), Problem("dead", "The server does not answer.")}


def test_a_run_that_was_copied_is_listed_once(sqlite_uri: str, remote_uri: str) -> None:
    with Library(combined_uri([sqlite_uri, remote_uri])) as library:
        one, _ = collect_batches(open_store(sqlite_uri).infos())
        both, problems = collect_batches(library.infos())
        assert {info.run_id for info in both} == {info.run_id for info in one}
        assert len(both) == len(one) and len(problems) == len(one)


def test_every_method_of_a_store_is_passed_on() -> None:
    """A default implementation would read another store's run through the combined one, with a wrong id."""
    own = {"capabilities", "search"}
    methods = {name for name in vars(Store) if not name.startswith("_")}
    assert methods - own <= vars(CombinedStore).keys()
