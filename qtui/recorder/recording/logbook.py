"""What is logged into one run: checked where it is logged, numbered, and sent on its way."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path

from qtui.entities import RUN_NAME_TAG, Point, Run
from qtui.errors import BadValue, ParamConflict
from qtui.formatting import now_ms
from qtui.query.projection import Projection
from qtui.recorder.recording.metric_values import points_of
from qtui.recorder.store_access import OnBadValue
from qtui.store.validation import check_key_conflicts, check_keys, parent_keys, quote, validate_batch
from qtui.store.writer import Batch, Limits, Metric

logger = logging.getLogger(__name__)

PARAMS_FOLDER = "params"
"""Where params go in full that are too long for the store."""

PIECE = 5000
"""A long array goes in pieces of so many points, so that it is never in memory as points all at once."""

RECALLED = Projection(params=None, metrics=None)
"""What has to be known of a run before more is logged into it."""


class Logbook:
    """Takes what a user logs into a run, and refuses at once what the store would refuse later."""

    def __init__(
        self,
        limits: Limits,
        put: Callable[[Batch], None],
        save: Callable[[Path, str], None],
        recall: Callable[[], Run] | None = None,
        on_bad_value: OnBadValue = "raise",
    ) -> None:
        """`put` sends values on their way, `save` a file into a folder of artifacts, `recall` reads what there was."""
        self._limits = limits
        self._put = put
        self._save = save
        self._recall = recall
        self._warns = on_bad_value == "warn"
        self._warned: set[tuple[str, str]] = set()
        self._lock = threading.RLock()
        self._params: dict[str, str] = {}
        self._last_steps: dict[str, int] = {}
        self._keys = {kind: LoggedKeys(kind) for kind in ("metric", "param", "tag")}

    def metrics(self, step: object, values: Mapping[str, object]) -> None:
        """Points of metrics, all of them or none; without a step they are numbered on from the last one."""
        self._log("metric", lambda given: self._log_metrics(step, given), values)

    def params(self, values: Mapping[str, object]) -> None:
        """Params, all of them or none; one that has another value already is refused."""
        self._log("param", self._log_params, values)

    def tags(self, values: Mapping[str, object]) -> None:
        """Tags, which may be set again at any time; one that is too long for the store is cut, as MLflow does."""
        self._log("tag", self._log_tags, values)

    def _log(self, kind: str, log: Callable[[Mapping[str, object]], None], values: Mapping[str, object]) -> None:
        """Log all values or none; where wrong ones only cause a warning, the others alone."""
        try:
            log(values)
        except (BadValue, ParamConflict) as error:
            if not self._warns:
                raise
            if len(values) > 1:
                for key, value in values.items():
                    self._log(kind, log, {key: value})
            else:
                self._warn(kind, next(iter(values)), error)

    def _warn(self, kind: str, key: str, error: Exception) -> None:
        """Report a wrong value, unless one of this name was reported before."""
        if (kind, key) not in self._warned:
            self._warned.add((kind, key))
            logger.warning("Not logged: %s Further wrong values of this name are not reported.", error)

    def _log_metrics(self, step: object, values: Mapping[str, object]) -> None:
        now = now_ms()
        check_keys("metric", values, self._limits)
        with self._lock:
            self._check_apart("metric", values)
            given = [(key, points_of(key, each, step, self._next_step)) for key, each in values.items()]
            flow = (Metric(key, Point(at, now, value)) for key, points in given for at, value in points)
            while piece := list(islice(flow, PIECE)):
                checked = validate_batch(Batch(metrics=piece), self._limits)
                for key, point in checked.metrics:
                    if key not in self._last_steps or point.step > self._last_steps[key]:
                        self._last_steps[key] = point.step
                self._put(checked)
            self._keys["metric"].add(values)

    def _log_params(self, values: Mapping[str, object]) -> None:
        texts = {key: str(value) for key, value in values.items()}
        with self._lock:
            fitting = {key: shortened(key, text, self._limits.param) for key, text in texts.items()}
            checked = validate_batch(Batch(params=fitting), self._limits)
            known = self.known_params()
            self._check_apart("param", checked.params)
            refuse_changes(known, checked.params)
            new = {key: value for key, value in checked.params.items() if key not in known}
            self._keep_whole({key: texts[key] for key in new if new[key] != texts[key]})
            self._params.update(new)
            self._keys["param"].add(new)
            self._send(Batch(params=new))

    def _log_tags(self, values: Mapping[str, object]) -> None:
        texts = {key: self._cut(key, str(value)) for key, value in values.items()}
        checked = validate_batch(Batch(tags=texts), self._limits)
        with self._lock:
            self._check_apart("tag", checked.tags)
            self._keys["tag"].add(checked.tags)
            self._send(checked)

    def _cut(self, key: str, text: str) -> str:
        """The text of a tag, as long as the store takes it."""
        longest = self._limits.tag
        if len(text) > longest and key != RUN_NAME_TAG:
            logger.warning("The tag %s is cut to %d of its %d characters.", quote(key), longest, len(text))
            return text[:longest]
        return text

    def forget_tags(self, keys: Iterable[str]) -> None:
        """Take note that the run has these tags no longer."""
        with self._lock:
            self._keys["tag"].remove(keys)

    def known_params(self) -> Mapping[str, str]:
        """The params that the run has."""
        self._remember()
        return self._params

    def _remember(self) -> None:
        """Read what a run has that was there before."""
        if self._recall is None:
            return
        run = self._recall()
        self._recall = None
        self._params = {**run.params, **self._params}
        self._last_steps = {**{key: point.step for key, point in run.metrics.items()}, **self._last_steps}
        for kind, keys in (("metric", run.metrics), ("param", run.params), ("tag", run.tags)):
            self._keys[kind].add(keys)

    def _check_apart(self, kind: str, keys: Iterable[str]) -> None:
        """Refuse keys that a store of files cannot keep beside those that were logged before."""
        if self._limits.keys_are_paths:
            self._remember()
            self._keys[kind].check(keys)

    def _next_step(self, key: str) -> int:
        self._remember()
        return self._last_steps.get(key, -1) + 1

    def _keep_whole(self, params: Mapping[str, str]) -> None:
        """Put params in full among the artifacts."""
        for key, text in params.items():
            logger.warning("The param %s is too long to be kept as such: it is in full in %s", key, place_of(key))
            save_text(self._save, place_of(key), text.encode("utf-8", "backslashreplace"))

    def _send(self, batch: Batch) -> None:
        if batch:
            self._put(batch)


class LoggedKeys:
    """The keys of one kind that a run has, and the folders that they lie in."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._known: set[str] = set()
        self._folders: set[str] = set()

    def check(self, keys: Iterable[str]) -> None:
        """Refuse a key that is the folder of another one, or lies in it."""
        new = [key for key in keys if key not in self._known]
        if new:
            check_key_conflicts(self._kind, new, self._known, self._folders)

    def add(self, keys: Iterable[str]) -> None:
        """Remember keys that were logged."""
        for key in keys:
            if key not in self._known:
                self._known.add(key)
                self._folders.update(parent_keys(key))

    def remove(self, keys: Iterable[str]) -> None:
        """Forget keys that were deleted."""
        self._known.difference_update(keys)
        self._folders = {folder for key in self._known for folder in parent_keys(key)}


def refuse_changes(known: Mapping[str, str], params: Mapping[str, str]) -> None:
    """`ParamConflict` when one of the params has another value already."""
    for key, value in params.items():
        if known.get(key, value) != value:
            raise ParamConflict(
                f"The param {quote(key)} is {quote(known[key])} and cannot be changed to {quote(value)}."
            )


def shortened(key: str, text: str, longest: int) -> str:
    """The text, cut off where it is too long, with a note of where it is in full."""
    if len(text) <= longest:
        return text
    note = f"… [in full: {place_of(key)}]"
    return text[: max(0, longest - len(note))] + note[:longest]


def place_of(key: str) -> str:
    """Where among the artifacts a param is in full."""
    return f"{PARAMS_FOLDER}/{key}.txt"


def save_text(save: Callable[[Path, str], None], path: str, content: bytes) -> None:
    """Put bytes among the artifacts under a path of their own."""
    save_files(save, [(path, content)])


def save_files(save: Callable[[Path, str], None], files: Iterable[tuple[str, bytes]]) -> None:
    """Put several files among the artifacts, folders and all, in one go."""
    with tempfile.TemporaryDirectory(prefix="qtui-") as folder:
        found = False
        for path, content in files:
            place = Path(folder, path)
            os.makedirs(place.parent, exist_ok=True)
            place.write_bytes(content)
            found = True
        if found:
            save(Path(folder), "")
