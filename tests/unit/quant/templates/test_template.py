"""The base of all records: paths of artifacts, checks, and skipping of existing results."""

from __future__ import annotations

import logging
import math
from typing import Any

import pytest

from qtui.errors import LoadObjectError, UsageError
from qtui.recorder import ACRecordTemp, RecordTemp
from tests.unit.quant.templates.double import MemoryRecorder


class Base(RecordTemp):
    """Saves something at the top."""

    def generate(self, *args: Any, **kwargs: Any) -> None:
        self.save(base=1, shared="of the base")

    def list(self) -> list[str]:
        return ["base", "shared"]


class Above(ACRecordTemp):
    """Builds on it."""

    artifact_path = "above/deep"
    depend_cls = Base
    times = 0

    @classmethod
    def older_names(cls, name: str) -> tuple[str, ...]:
        return (f"old_{name}",)

    def _generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        self.times += 1
        return {"own": kwargs.get("value", self.load("base") + 1)} if kwargs.get("saves", True) else None

    def list(self) -> list[str]:
        return ["own"]


@pytest.fixture
def recorder() -> MemoryRecorder:
    """A recorder in which the base was saved."""
    recorder = MemoryRecorder()
    Base(recorder).generate()
    return recorder


def test_artifacts_are_saved_in_the_folder_of_the_record(recorder: MemoryRecorder) -> None:
    assert Above(recorder).generate() == {"own": 2}
    assert sorted(recorder.artifacts) == ["above/deep/own", "base", "shared"]
    assert (Above.get_path(), Above.get_path("own"), Base.get_path()) == ("above/deep", "above/deep/own", "")


def test_an_artifact_is_searched_in_the_record_and_then_in_its_dependencies(recorder: MemoryRecorder) -> None:
    assert Above(recorder).load("shared") == "of the base"
    recorder.save_objects(artifact_path="above/deep", shared="its own")
    assert Above(recorder).load("shared") == "its own"


def test_an_artifact_is_searched_in_the_record_only_on_request(recorder: MemoryRecorder) -> None:
    with pytest.raises(LoadObjectError, match="'base' cannot be loaded from above/deep/base, above/deep/old_base:"):
        Above(recorder).load("base", parents=False)


def test_the_error_about_a_missing_artifact_names_every_path(recorder: MemoryRecorder) -> None:
    with pytest.raises(LoadObjectError, match="from above/deep/no, above/deep/old_no, no: there is no no"):
        Above(recorder).load("no")


def test_an_artifact_of_an_older_version_is_found_by_its_old_name(recorder: MemoryRecorder) -> None:
    recorder.save_objects(artifact_path="above/deep", old_own="old")
    assert Above(recorder).load("own") == "old"
    Above(recorder).check(include_self=True)


def test_missing_artifacts_are_named(recorder: MemoryRecorder) -> None:
    Above(recorder).check()
    with pytest.raises(FileNotFoundError) as caught:
        Above(recorder).check(include_self=True)
    assert str(caught.value) == "The run has no artifact 'above/deep/own'."
    with pytest.raises(FileNotFoundError, match="'base'"):
        Above(MemoryRecorder()).check()
    Above(MemoryRecorder()).check(parents=False)


def test_a_record_without_its_dependencies_is_skipped_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    recorder = MemoryRecorder()
    with caplog.at_level(logging.WARNING, "qtui.quant"):
        assert Above(recorder).generate() is None
    assert "Above skipped: The run has no artifact 'base'." in caplog.text
    assert recorder.artifacts == {}


def test_work_that_was_done_is_done_again_unless_it_may_be_skipped(recorder: MemoryRecorder) -> None:
    eager, lazy = Above(recorder), Above(recorder, skip_existing=True)
    lazy.generate()
    lazy.generate()
    eager.generate()
    eager.generate()
    assert (lazy.times, eager.times) == (1, 2)


def test_a_record_may_find_nothing_to_save(recorder: MemoryRecorder) -> None:
    assert Above(recorder).generate(saves=False) is None
    assert "above/deep/own" not in recorder.artifacts


def test_arguments_of_generate_are_passed_on(recorder: MemoryRecorder) -> None:
    Above(recorder).generate(value=7)
    assert recorder.load_object("above/deep/own") == 7


def test_a_metric_gets_a_second_point_only_when_it_has_another_value() -> None:
    recorder = MemoryRecorder()
    record = Above(recorder)
    record.log({"IC": 0.5, "ICIR": math.nan})
    record.log({"IC": 0.5, "ICIR": math.nan})
    record.log({"IC": 0.6, "ICIR": math.nan})
    assert recorder.points["IC"] == [0.5, 0.6]
    assert len(recorder.points["ICIR"]) == 1


def test_a_record_without_a_recorder_says_so() -> None:
    with pytest.raises(UsageError, match="Base needs a recorder"):
        Base(None).generate()


def test_the_bases_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="abstract"):
        RecordTemp(MemoryRecorder())
    with pytest.raises(TypeError, match="abstract"):
        ACRecordTemp(MemoryRecorder())
