"""Every store implements the protocol: the same content gives the same results."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import pytest

from qtui.entities import Artifact, Point, Run, RunCounts, RunInfo, ViewType
from qtui.errors import ArtifactNotFound, MetricNotFound
from qtui.query import parse_filter, parse_order
from qtui.query.projection import ALL_VALUES, NO_VALUES, Projection
from qtui.recorder import Library
from qtui.store import RunQuery, Store
from qtui.store.search import collect_batches
from tests.stores.content import EXPERIMENTS, MINUTE, RUNS, START, RunSpec, points
from tests.stores.growing import Follower, Growing

WRITTEN = {run.name: run for run in RUNS}
ACTIVE_NAMES = ["other", "waiting", "stopped", "alive", "text", "low", "full", "twin", "twin"]
"""Names of the active runs of active experiments, newest first."""


def experiment_id(store: Store, name: str) -> str:
    """Return the id of an experiment."""
    return next(
        experiment.experiment_id for experiment in store.experiments(ViewType.ALL).items if experiment.name == name
    )


def info_of(store: Store, name: str) -> RunInfo:
    """Return the info of the run of this name."""
    infos, _ = collect_batches(store.infos(view=ViewType.ALL))
    return next(info for info in infos if info.name == name)


def names_of(runs: Iterable[Run]) -> list[str]:
    """Return the names of runs."""
    return [run.info.name for run in runs]


def search_names(store: Store, filter: str = "", *order_by: str, **query) -> list[str]:
    """Return the names of the runs that match, in order."""
    asked = RunQuery(filter=parse_filter(filter), order_by=tuple(map(parse_order, order_by)), **query)
    page = store.search(asked)
    assert page.problems == ()
    return names_of(page.runs)


def is_same(one: float, other: float) -> bool:
    """Return whether two numbers are equal or both NaN."""
    return one == other or (math.isnan(one) and math.isnan(other))


def test_it_is_a_store(store: Store) -> None:
    assert isinstance(store, Store)


def test_experiments_are_listed_by_view(store: Store) -> None:
    assert {experiment.name for experiment in store.experiments().items} == {"Default", "alpha", "量化/β"}
    assert {experiment.name for experiment in store.experiments(ViewType.DELETED).items} == {"gone"}
    assert {experiment.name for experiment in store.experiments(ViewType.ALL).items} == {"Default", *EXPERIMENTS}


def test_experiments_are_listed_newest_first(store: Store) -> None:
    listed = store.experiments(ViewType.ALL).items
    times = [experiment.creation_time or 0 for experiment in listed]
    assert times == sorted(times, reverse=True)


def test_an_experiment_has_its_tags_and_its_stage(store: Store) -> None:
    by_name = {experiment.name: experiment for experiment in store.experiments(ViewType.ALL).items}
    assert by_name["alpha"].tags["team"] == "red"
    assert by_name["alpha"].lifecycle_stage == "active"
    assert by_name["gone"].lifecycle_stage == "deleted"
    assert by_name["alpha"].artifact_location


def test_active_runs_are_counted_by_status(store: Store) -> None:
    counts = store.counts()
    assert counts[experiment_id(store, "alpha")] == RunCounts(
        total=8, running=1, scheduled=1, finished=4, failed=1, killed=1
    )
    assert counts[experiment_id(store, "量化/β")].total == 1
    assert counts[experiment_id(store, "gone")] == RunCounts()
    assert counts["0"] == RunCounts()


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (ViewType.ACTIVE, sorted(ACTIVE_NAMES)),
        (ViewType.DELETED, ["lost", "thrown away"]),
        (ViewType.ALL, sorted(run.name for run in RUNS)),
    ],
)
def test_infos_without_experiments_are_all_of_the_view(store: Store, view: ViewType, expected: list[str]) -> None:
    infos, problems = collect_batches(store.infos(view=view))
    assert (sorted(info.name for info in infos), problems) == (expected, ())


def test_infos_are_limited_to_experiments(store: Store) -> None:
    ids = [experiment_id(store, "量化/β"), experiment_id(store, "gone")]
    assert {info.name for info in collect_batches(store.infos(ids, ViewType.ALL))[0]} == {"other", "lost"}
    assert {info.name for info in collect_batches(store.infos(ids))[0]} == {"other"}


def test_experiments_that_do_not_exist_have_no_runs(store: Store) -> None:
    assert collect_batches(store.infos(["404040"])) == ((), ())
    assert collect_batches(store.infos([])) == ((), ())
    assert store.search(RunQuery(("404040",))).total == 0
    assert store.search(RunQuery(())).total == 0


def test_reading_infos_can_be_cancelled(store: Store) -> None:
    batches = store.infos()
    next(batches)
    batches.close()
    assert len(collect_batches(store.infos())[0]) == len(ACTIVE_NAMES)


@pytest.mark.parametrize("name", ["full", "alive", "waiting", "stopped", "text", "thrown away", "lost"])
def test_an_info_equals_what_was_written(store: Store, name: str) -> None:
    info, run = info_of(store, name), WRITTEN[name]
    assert (info.status, info.start_time, info.end_time) == (run.status, run.start, run.end)
    assert info.lifecycle_stage == ("deleted" if run.deleted else "active")
    assert info.experiment_id == experiment_id(store, run.experiment)
    assert info.artifact_uri


@pytest.mark.parametrize("run", [run for run in RUNS if run.name != "twin"], ids=lambda run: run.name)
def test_a_run_equals_what_was_written(store: Store, run: RunSpec) -> None:
    [read], problems = collect_batches(store.runs([info_of(store, run.name)]))
    assert problems == ()
    assert read.params == run.params
    assert read.tags.items() >= {"mlflow.runName": run.name, **run.tags}.items()
    assert read.inputs == run.inputs
    assert read.metrics.keys() == run.metrics.keys()
    for key, point in read.metrics.items():
        latest = max(run.metrics[key], key=lambda point: (point.step, point.timestamp))
        assert (point.step, point.timestamp) == (latest.step, latest.timestamp)
        assert is_same(point.value, latest.value)


def test_runs_are_in_the_order_of_the_infos(store: Store) -> None:
    infos, _ = collect_batches(store.infos(view=ViewType.ALL))
    asked = sorted(infos, key=lambda info: info.run_id, reverse=True)
    assert [run.info for run in collect_batches(store.runs(asked, NO_VALUES))[0]] == asked
    assert [run.info for run in collect_batches(store.runs(asked))[0]] == asked


def test_only_projected_values_are_read(store: Store) -> None:
    projection = Projection(
        params=frozenset({"lr", "nope"}), metrics=frozenset({"nested/ic"}), tags=frozenset({"team"})
    )
    [run], _ = collect_batches(store.runs([info_of(store, "full")], projection))
    assert (run.params, list(run.metrics), run.tags) == ({"lr": "0.1"}, ["nested/ic"], {"team": "red"})
    assert (run.inputs, run.summaries) == ((), {})


def test_a_missing_run_is_left_out(store: Store) -> None:
    alive, gone = info_of(store, "full"), RunInfo("f" * 32, experiment_id(store, "alpha"))
    runs, problems = collect_batches(store.runs([gone, alive], ALL_VALUES))
    assert (names_of(runs), problems) == (["full"], ())


def test_a_history_has_all_points_in_logging_order(store: Store) -> None:
    for key, expected in WRITTEN["full"].metrics.items():
        history, problems = store.history(info_of(store, "full"), key)
        got = history.points()
        assert [point[:2] for point in got] == [point[:2] for point in expected]
        assert all(is_same(one.value, other.value) for one, other in zip(got, expected, strict=True))
        assert (history.key, problems) == (key, ())


def test_a_missing_metric_raises_metric_not_found(store: Store) -> None:
    for key in ("nope", "nested", "", "../params/lr"):
        with pytest.raises(MetricNotFound):
            store.history(info_of(store, "full"), key)


def test_the_first_update_has_all_points(store: Store) -> None:
    for key, expected in WRITTEN["full"].metrics.items():
        growth = store.metric_updates(info_of(store, "full"), {key: None})[key]
        assert growth.is_full
        assert growth.problems == ()
        assert list(map(str, growth.history.points())) == list(map(str, expected))


def test_an_unchanged_metric_has_no_new_points(store: Store) -> None:
    info, keys = info_of(store, "full"), WRITTEN["full"].metrics
    marks = {key: growth.cursor for key, growth in store.metric_updates(info, dict.fromkeys(keys)).items()}
    assert marks.keys() == keys.keys()
    assert len(set(marks.values())) > 0
    for again in store.metric_updates(info, marks).values():
        assert (len(again.history), again.is_full, again.problems) == (0, False, ())


def test_a_missing_metric_has_no_update(store: Store) -> None:
    keys = ("nope", "nested", "", "../params/lr", "loss")
    assert store.metric_updates(info_of(store, "full"), dict.fromkeys(keys)).keys() == {"loss"}
    assert store.metric_updates(RunInfo("f" * 32, experiment_id(store, "alpha")), {"loss": None}) == {}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("in order", points(1.0, 2.0, 3.0, 4.0)),
        ("decreasing steps", points(1.0, 2.0, 3.0, 4.0, steps=(5, 1, 5, 0))),
        ("not finite", points(math.nan, math.inf, -math.inf, math.nan)),
        ("at one time", [Point(step, START, float(step)) for step in range(4)]),
        ("one place", [Point(0, START, value) for value in (1.0, 2.0, 2.5, 3.0)]),
    ],
)
def test_new_points_are_read_once_and_in_order(growing: Growing, key: str, expected: list[Point]) -> None:
    info = growing.begin()
    follower = Follower(growing.store, info, key)
    for start in (0, 1, 3):
        growing.log(info, key, expected[start : 2 * start + 1])
        follower.read()
        assert follower.points == list(map(str, expected[: 2 * start + 1]))
        follower.read()
        assert follower.points == follower.all_points()
    assert follower.full_reads == 1


def test_a_late_point_is_read(growing: Growing) -> None:
    info, logged = growing.begin(), points(*map(float, range(9)))
    follower = Follower(growing.store, info, "late")
    for place in (4, 6, 5, 8, 0, 3, 7):
        growing.log(info, "late", [logged[place]])
        follower.read()
        assert follower.points == follower.all_points()
    assert len(follower.points) == 7


def test_other_runs_and_metrics_give_no_new_points(growing: Growing) -> None:
    info, other = growing.begin(), growing.begin()
    growing.log(info, "loss", points(1.0))
    mark = growing.store.metric_updates(info, {"loss": None})["loss"].cursor
    growing.log(info, "loss too", points(5.0, 6.0))
    if other != info:
        growing.log(other, "loss", points(7.0, 8.0))
    growth = growing.store.metric_updates(info, {"loss": mark})["loss"]
    assert (len(growth.history), growth.is_full) == (0, False)
    growing.log(info, "loss", points(1.0, 2.0)[1:])
    growth = growing.store.metric_updates(info, {"loss": growth.cursor})["loss"]
    assert growth.history.points() == points(1.0, 2.0)[1:]


@pytest.mark.parametrize(
    ("key", "first", "last", "least", "greatest", "count", "non_finite"),
    [
        ("loss", 1.0, 0.25, 0.25, 1.0, 3, 0),
        ("unordered", 50.0, 90.0, 10.0, 90.0, 4, 0),
        ("odd", 1.0, -math.inf, -math.inf, math.inf, 4, 3),
    ],
)
def test_a_history_is_summarized(
    store: Store, key: str, first: float, last: float, least: float, greatest: float, count: int, non_finite: int
) -> None:
    [run], _ = collect_batches(store.runs([info_of(store, "full")], Projection(summaries=frozenset({key, "nope"}))))
    [(found_key, summary)] = run.summaries.items()
    assert found_key == key
    assert (summary.first, summary.last, summary.min, summary.max) == (first, last, least, greatest)
    assert (summary.count, summary.non_finite) == (count, non_finite)


def test_a_metric_of_only_nan_has_no_min_and_max(store: Store) -> None:
    [run], _ = collect_batches(store.runs([info_of(store, "alive")], Projection(summaries=None)))
    summary = run.summaries["loss"]
    assert (summary.min, summary.max, summary.count, summary.non_finite) == (None, None, 1, 1)


def test_a_search_returns_the_newest_first_and_breaks_ties_by_id(store: Store) -> None:
    page = store.search(RunQuery())
    assert names_of(page.runs) == ACTIVE_NAMES
    twins = [run.info.run_id for run in page.runs if run.info.name == "twin"]
    assert twins == sorted(twins)


def test_pages_by_offset_make_up_the_whole_result(store: Store) -> None:
    complete = store.search(RunQuery())
    pages = [store.search(RunQuery(offset=offset, limit=2)) for offset in range(0, 10, 2)]
    assert [run.info.run_id for page in pages for run in page.runs] == [run.info.run_id for run in complete.runs]
    assert {page.total for page in pages} - {None} <= {len(ACTIVE_NAMES)}
    assert all(page.total is not None for page in pages) or not store.capabilities.counts_matches
    assert store.search(RunQuery(offset=100, limit=2)).runs == ()
    assert store.search(RunQuery(limit=0)).runs == ()


@pytest.mark.parametrize("text", ["", "metrics.loss > 0", "metrics.loss > 0 OR lgbm"])
@pytest.mark.parametrize("order_by", ["start_time DESC", "run_name"])
def test_pages_by_token_make_up_the_whole_result(store: Store, text: str, order_by: str) -> None:
    query = RunQuery(filter=parse_filter(text), order_by=(parse_order(order_by),), limit=2)
    pages = [store.search(query)]
    while pages[-1].next_token is not None:
        pages.append(store.search(replace(query, page_token=pages[-1].next_token)))
    complete = store.search(replace(query, limit=None))
    assert [run.info for page in pages for run in page.runs] == [run.info for run in complete.runs]
    assert all(page.runs for page in pages[1:])


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("params.lr = '0.1'", ["other", "full"]),
        ("params.lr = 0.1", ["other", "full"]),
        ("params.lr < 0.1", ["low"]),
        ("params.lr LIKE '0%'", ["other", "low", "full"]),
        ("params.lr != '0.1'", ["text", "low"]),
        ("params.empty = ''", ["full"]),
        ("params.\"nested/depth\" = '6'", ["full"]),
        ("params.`名` = '值'", ["full"]),
        ("metrics.loss < 1", ["low", "full"]),
        ("metrics.loss != 7", ["alive", "low", "full"]),
        ("metrics.odd < 0", ["full"]),
        ("min(metrics.loss) = 0.25", ["full"]),
        ("first(metrics.loss) >= 0.9", ["other", "low", "full"]),
        ("max(metrics.unordered) > 80", ["full"]),
        ("tags.team = 'red'", ["full"]),
        ("tags.team ILIKE 'RE%' OR tags.team = 'blue'", ["stopped", "full"]),
        ("tags.`note with spaces` = 'x'", ["full"]),
        ("params.lr IS NULL AND tags.team IS NOT NULL", ["stopped"]),
        ("NOT params.lr = '0.1' AND metrics.loss > 0", ["low"]),
        ("status = 'KILLED'", ["stopped"]),
        ("status = scheduled", ["waiting"]),
        ("run_name LIKE 't%'", ["text", "twin", "twin"]),
        ("run_name ~ '^[tw]'", ["waiting", "text", "twin", "twin"]),
        ("attributes.run_name IN ('low', 'full')", ["low", "full"]),
        (f"start_time > {START + 5 * MINUTE}", ["other", "waiting"]),
        ("dataset.name = 'csi300'", ["full"]),
        ("dataset.context = 'training'", ["full"]),
        ("lifecycle_stage = 'deleted'", []),
        ("blue", ["stopped"]),
        ("metrics.nope > 0", []),
    ],
)
def test_a_filter_has_the_same_result_in_every_store(store: Store, filter: str, expected: list[str]) -> None:
    assert search_names(store, filter) == expected
    assert search_names(store, filter, projection=NO_VALUES) == expected
    total = store.search(RunQuery(filter=parse_filter(filter), limit=1)).total
    assert total == len(expected) or (total is None and not store.capabilities.counts_matches and len(expected) > 1)


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        (["start_time ASC"], ["twin", "twin", "full", "low", "text", "alive", "stopped", "waiting", "other"]),
        (
            ["metrics.loss ASC"],
            ["full", "low", "other", "alive", "waiting", "stopped", "text", "twin", "twin"],
        ),
        (
            ["metrics.loss DESC"],
            ["other", "low", "full", "alive", "waiting", "stopped", "text", "twin", "twin"],
        ),
        (["params.lr"], ["low", "other", "full", "text", "waiting", "stopped", "alive", "twin", "twin"]),
        (
            ["tags.team DESC", "run_name"],
            ["full", "stopped", "alive", "low", "other", "text", "twin", "twin", "waiting"],
        ),
        (["status", "start_time ASC"], ["text", "twin", "twin", "full", "low", "other", "stopped", "alive", "waiting"]),
    ],
)
def test_an_order_has_the_same_result_in_every_store(store: Store, order_by: list[str], expected: list[str]) -> None:
    assert search_names(store, "", *order_by) == expected
    assert search_names(store, "", *order_by, limit=3, offset=2) == expected[2:5]


def test_a_script_reads_all_runs_page_by_page(store: Store) -> None:
    library = Library.over(store)
    page = library.search(order_by=["params.lr"], limit=3)
    names = [run.info.name for run in page.runs]
    while page.next_token is not None:
        page = library.search(order_by=["params.lr"], limit=3, page_token=page.next_token)
        assert 0 < len(page.runs) <= 3
        names += [run.info.name for run in page.runs]
    assert names == [run.info.name for run in library.search(order_by=["params.lr"]).runs]
    assert len(names) == len(ACTIVE_NAMES)


def test_a_search_of_deleted_runs_includes_every_experiment(store: Store) -> None:
    assert search_names(store, view=ViewType.DELETED) == ["lost", "thrown away"]
    assert len(search_names(store, view=ViewType.ALL)) == len(RUNS)


def test_a_page_has_only_the_selected_values(store: Store) -> None:
    filter = parse_filter("params.lr = '0.1' AND metrics.loss < 1")
    [run] = store.search(RunQuery(filter=filter, projection=Projection(tags=frozenset({"team"})))).runs
    assert (run.params, run.metrics, run.tags) == ({}, {}, {"team": "red"})
    [run] = store.search(RunQuery(filter=filter)).runs
    assert run.params == WRITTEN["full"].params
    assert run.inputs == WRITTEN["full"].inputs


def test_a_run_is_found_by_its_id_or_a_prefix(store: Store) -> None:
    infos, _ = collect_batches(store.infos(view=ViewType.ALL))
    for info in infos:
        assert store.find(info.run_id) == (info,)
    start = infos[0].run_id[:6]
    assert set(store.find(start)) == {info for info in infos if info.run_id.startswith(start)}


@pytest.mark.parametrize("text", ["zzzz", "%", "_" * 32, "..", "../0", "a/b", ".trash"])
def test_a_text_that_is_no_prefix_finds_nothing(store: Store, text: str) -> None:
    assert store.find(text) == ()


def test_artifacts_are_listed_level_by_level(store: Store) -> None:
    info = info_of(store, "full")
    assert store.artifacts(info).items == (
        Artifact("pred.pkl", False, 10),
        Artifact("sig", True),
        Artifact("with space", True),
    )
    assert store.artifacts(info, "sig").items == (Artifact("sig/deep", True), Artifact("sig/ic.pkl", False, 5))
    assert store.artifacts(info, "sig/deep").items == (Artifact("sig/deep/ric.pkl", False, 0),)
    assert store.artifacts(info, "with space").items == (Artifact("with space/名.txt", False, 1),)


def test_a_run_without_artifacts_has_an_empty_listing(store: Store) -> None:
    assert store.artifacts(info_of(store, "low")).items == ()


@pytest.mark.parametrize("path", ["nope", "sig/nope", "..", "../..", "/etc", "sig/../.."])
def test_a_missing_artifact_folder_raises_artifact_not_found(store: Store, path: str) -> None:
    with pytest.raises(ArtifactNotFound):
        store.artifacts(info_of(store, "full"), path)


def test_an_artifact_root_is_as_recorded(store: Store) -> None:
    info = info_of(store, "full")
    root = store.artifact_root(info)
    assert (root.recorded, root.moved) == (info.artifact_uri, False)
    assert root.folder is None or (root.folder / "pred.pkl").read_bytes() == b"0123456789"


def test_the_last_write_is_known(store: Store) -> None:
    last = store.last_write(info_of(store, "alive"))
    assert last is not None
    assert last >= WRITTEN["alive"].start


def test_an_undamaged_store_has_no_problems(store: Store) -> None:
    assert list(store.examine()) == []


def test_a_closed_store_reopens(store: Store) -> None:
    store.close()
    assert len(store.experiments().items) == 3
    store.close()
    store.close()
