"""What the browser reads, message by message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qtui.entities import Experiment, Listing, Point, Run, RunInfo, Summary
from qtui.recorder import Library
from qtui.runs.sparkline import sparkline
from qtui.store.memory import MemoryStore
from qtui.store.points import history_of
from qtui.tui import load as reading
from qtui.tui.load import Courses, InfosRead, Question, ValuesRead
from qtui.tui.load.sparklines import COURSE, course

RUNS = tuple(
    Run(RunInfo(f"{number:032x}", "1", f"run-{number}", start_time=number), metrics={"ic": Point(0, 0, number)})
    for number in range(1, 6)
)


class Remembering(MemoryStore):
    """A store that knew other values when it was last read."""

    def cached_runs(self, infos: Sequence[RunInfo]) -> Iterator[Listing[Run]]:
        yield Listing(tuple(replace(each, metrics={"ic": Point(0, 0, -1.0)}) for each in RUNS if each.info in infos))


def told(store: MemoryStore, seen: tuple[str, ...] = ()) -> list[ValuesRead]:
    messages = list(reading.runs(Library.over(store), Question(), lambda: seen))
    assert any(isinstance(each, InfosRead) and each.watch is not None for each in messages)
    return [each for each in messages if isinstance(each, ValuesRead)]


def store_of(kind: type[MemoryStore] = MemoryStore) -> MemoryStore:
    return kind((Experiment("1", "one"),), RUNS, batch=2)


def test_the_last_message_about_values_says_that_it_is_the_last_and_no_other_does() -> None:
    messages = told(store_of())
    assert [each.done == each.total for each in messages] == [*[False] * (len(messages) - 1), True]


def test_every_run_is_told_with_its_values_the_newest_first() -> None:
    names = [run.info.name for message in told(store_of()) for run in message.runs]
    assert names == ["run-5", "run-4", "run-3", "run-2", "run-1"]


def test_what_somebody_sees_is_read_before_the_rest() -> None:
    names = [run.info.name for message in told(store_of(), seen=(RUNS[0].info.run_id,)) for run in message.runs]
    assert names[0] == "run-1"


def test_nothing_more_is_read_until_the_first_runs_are_seen() -> None:
    order: list[str] = []
    library = Library.over(store_of())
    for message in reading.runs(library, Question(), tuple, wait_until_seen=lambda: order.append("waited")):
        order.append(type(message).__name__)
    assert order[:3] == ["InfosRead", "waited", "InfosRead"]
    assert "ValuesRead" in order[3:]


def test_what_was_known_is_told_at_once_and_what_holds_now_after_it() -> None:
    first, *rest = told(store_of(Remembering))
    assert [run.metrics["ic"].value for run in first.runs] == [-1.0] * 5
    assert first.done == 0
    assert sorted(run.metrics["ic"].value for message in rest for run in message.runs) == [1, 2, 3, 4, 5]


def test_an_experiment_without_runs_is_complete_at_once() -> None:
    messages = told(MemoryStore((Experiment("1", "one"),)))
    assert [(each.done, each.total) for each in messages] == [(0, 0)]


def test_metrics_in_short_are_worked_out_again_only_when_they_have_grown() -> None:
    store = store_of()
    info = RUNS[0].info
    courses = Courses(Library.over(store).follow())
    store.append(info.run_id, "loss", [Point(0, 0, 3.0), Point(1, 1, 1.0)])
    first = courses.look(info, ("ic", "loss"))
    assert (first["loss"].summary, first["loss"].line) == (Summary(3.0, 1.0, 1.0, 3.0, 2, 0), "█▁")
    store.append(info.run_id, "loss", [Point(2, 2, 5.0)])
    second = courses.look(info, ("ic", "loss"))
    assert (second["loss"].summary, second["loss"].line) == (Summary(3.0, 5.0, 1.0, 5.0, 3, 0), "▅▁█")
    assert second["ic"].summary is first["ic"].summary


@given(st.lists(st.tuples(st.integers(-9, 99), st.floats()), max_size=80))
def test_a_course_is_the_line_of_all_values_by_step_and_a_single_value_has_none(
    points: list[tuple[int, float]],
) -> None:
    history = history_of("a", "loss", [Point(step, 0, value) for step, value in points])
    by_step = [value for _, value in sorted(points, key=lambda point: point[0])]
    assert course(history) == (sparkline(by_step, COURSE) if len(points) > 1 else "")
