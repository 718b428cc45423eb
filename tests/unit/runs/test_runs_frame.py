"""A frame grows from batches, forgets what is gone, and leaves older frames as they were."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import pytest

from qtui.entities import DatasetInput, Run, Summary
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.query.projection import NO_VALUES, Projection
from qtui.runs.runs_frame import RunsFrame
from tests.unit.runs.build import info_of, metric, param, run, tag


def value(frame: RunsFrame, run_id: str, field: Field) -> object:
    column, row = frame.column(field), frame.row(run_id)
    assert row is not None
    return None if column is None else column[row]


def test_infos_come_first_and_values_fill_in_later_in_any_order() -> None:
    infos = RunsFrame().with_infos([info_of("a"), info_of("b"), info_of("c")])
    frame = infos.with_runs([run("c", params={"lr": "0.1"})]).with_runs([run("a", metrics={"ic": 0.05})])

    assert [info.run_id for info in frame.infos] == ["a", "b", "c"]
    assert value(frame, "c", param("lr")) == "0.1"
    assert value(frame, "a", metric("ic")) == 0.05
    assert value(frame, "b", metric("ic")) is None
    assert frame.loaded == b"\1\0\1"


def test_an_older_frame_is_not_disturbed_by_a_newer_one() -> None:
    old = RunsFrame.from_runs([run("a", params={"lr": "0.1"}, metrics={"ic": 1.0})])
    old.with_runs([run("b", params={"lr": "0.2"}), run("a", params={"lr": "0.3"}, metrics={"ic": 2.0})])

    assert len(old) == 1
    assert value(old, "a", param("lr")) == "0.1"
    assert value(old, "a", metric("ic")) == 1.0


def test_a_nan_that_was_logged_is_not_an_absent_value() -> None:
    frame = RunsFrame.from_runs([run("a", metrics={"loss": math.nan}), run("b")])

    logged = value(frame, "a", metric("loss"))
    assert isinstance(logged, float) and math.isnan(logged)
    assert value(frame, "b", metric("loss")) is None


def test_a_tag_that_was_removed_in_the_store_goes_when_the_run_is_read_again() -> None:
    frame = RunsFrame.from_runs([run("a", tags={"stage": "draft", "owner": "li"}), run("b", tags={"stage": "final"})])
    frame = frame.with_runs([run("a", tags={"owner": "li"})])

    assert value(frame, "a", tag("stage")) is None
    assert value(frame, "a", tag("owner")) == "li"
    assert value(frame, "b", tag("stage")) == "final"


def test_a_key_that_no_run_has_any_more_is_no_key() -> None:
    frame = RunsFrame.from_runs([run("a", tags={"stage": "draft"})]).with_runs([run("a")])

    assert frame.keys(FieldKind.TAG) == ()


def test_values_outside_the_projection_stay() -> None:
    frame = RunsFrame.from_runs([run("a", params={"lr": "0.1", "depth": "3"}, metrics={"ic": 0.5})])
    frame = frame.with_runs([run("a", params={"lr": "0.2"})], replace(NO_VALUES, params=frozenset({"lr"})))

    assert value(frame, "a", param("lr")) == "0.2"
    assert value(frame, "a", param("depth")) == "3"
    assert value(frame, "a", metric("ic")) == 0.5


def test_an_info_that_changed_takes_the_place_of_the_old_one() -> None:
    frame = RunsFrame().with_infos([info_of("a", status="RUNNING"), info_of("b")])
    frame = frame.with_infos([info_of("a", status="FAILED"), info_of("c")])

    assert [(info.run_id, info.status) for info in frame.infos] == [
        ("a", "FAILED"),
        ("b", "FINISHED"),
        ("c", "FINISHED"),
    ]


def test_infos_that_bring_no_news_give_the_same_frame() -> None:
    frame = RunsFrame().with_infos([info_of("a")])

    assert frame.with_infos([info_of("a")]) is frame


def test_removed_runs_are_gone_and_the_others_keep_their_values() -> None:
    frame = RunsFrame.from_runs([run(name, params={"n": name}, metrics={"m": ord(name)}) for name in "abcd"])
    frame = frame.without(["b", "unknown", "d"])

    assert [info.run_id for info in frame.infos] == ["a", "c"]
    assert value(frame, "c", param("n")) == "c"
    assert value(frame, "c", metric("m")) == ord("c")
    assert frame.row("b") is None


def test_the_best_value_is_the_maximum_or_the_minimum_depending_on_the_name() -> None:
    summary = Summary(first=3.0, last=2.0, min=1.0, max=4.0, count=9, non_finite=0)
    frame = RunsFrame.from_runs([run("a", summaries={"ic": summary, "loss": summary})])

    assert value(frame, "a", metric("ic", Aggregate.BEST)) == 4.0
    assert value(frame, "a", metric("loss", Aggregate.BEST)) == 1.0
    assert value(frame, "a", metric("loss", Aggregate.FIRST)) == 3.0


def test_runs_that_read_the_same_datasets_share_them() -> None:
    def reading(run_id: str) -> Run:
        return replace(run(run_id), inputs=(DatasetInput("csi300", "d1", tags={"mlflow.data.context": "train"}),))

    frame = RunsFrame.from_runs([reading("a"), reading("b"), run("c")])

    assert frame.inputs[0] is frame.inputs[1]
    assert frame.inputs[2] is None


def test_datasets_outside_the_projection_stay() -> None:
    frame = RunsFrame.from_runs([replace(run("a"), inputs=(DatasetInput("csi300", "d1"),))])
    frame = frame.with_runs([run("a")], Projection(params=None))

    assert frame.inputs[0] is not None


@pytest.mark.parametrize("heavy", ["numpy", "pandas"])
def test_a_frame_of_infos_and_values_needs_no_heavy_import(heavy: str) -> None:
    code = (
        "import sys; from qtui.runs.runs_frame import RunsFrame; from tests.unit.runs.build import run;"
        "frame = RunsFrame.from_runs([run('a', params={'p': '1'}, metrics={'m': 1.0})]); frame.infos.default_order;"
        f"sys.exit({heavy!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
