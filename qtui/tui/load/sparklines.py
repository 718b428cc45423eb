"""The metrics of one run in short: a summary and a course of each, worked out again only for those that have grown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from qtui.entities import History, Problem, RunInfo, Summary
from qtui.recorder.reading.metric_follower import MetricFollower, MetricProgress
from qtui.runs.sparkline import downsample_history, sparkline

COURSE = 12
"""How many cells the course of a metric fills."""


class Course(NamedTuple):
    """A metric in short; without a summary where it has no point."""

    followed: MetricProgress
    summary: Summary | None
    line: str

    @property
    def problems(self) -> Sequence[Problem]:
        """What of the metric cannot be read."""
        return self.followed.problems


class Courses:
    """Follows the metrics of the run that is looked at."""

    def __init__(self, follower: MetricFollower) -> None:
        self._follower = follower
        self._run_id = ""
        self._known: dict[str, Course] = {}

    def look(self, info: RunInfo, keys: Sequence[str]) -> Mapping[str, Course]:
        """These metrics as they are now."""
        known = self._known if info.run_id == self._run_id else {}
        found = {key: _course_of(each, known.get(key)) for key, each in self._follower.poll(info, keys).items()}
        self._run_id, self._known = info.run_id, {**known, **found}
        return found


def _course_of(followed: MetricProgress, known: Course | None) -> Course:
    history = followed.history
    if known is not None and known.followed.history is history:
        return known._replace(followed=followed)
    return Course(followed, history.summary() if len(history) else None, course(history))


def course(history: History) -> str:
    """Return the course of a metric by step, in one line; a single point has none."""
    return sparkline(downsample_history(history, COURSE), COURSE) if len(history) > 1 else ""
