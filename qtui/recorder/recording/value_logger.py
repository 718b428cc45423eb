"""Validate the values logged into one run and number their steps, before they are queued or written."""

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
"""The artifacts folder for the full text of params that are too long for the store."""

BATCH_POINTS = 5000
"""Number of points in one batch of a long array, to limit the memory that points need."""

RESUME_VALUES = Projection(params=None, metrics=None, tags=None)
"""The values of a run that must be known to log into it."""


class ValueLogger:
    """Accepts the values logged into a run and raises an error for those that the store would refuse later."""

    def __init__(
        self,
        limits: Limits,
        put: Callable[[Batch], None],
        save: Callable[[Path, str], None],
        read_run: Callable[[], Run] | None = None,
        on_bad_value: OnBadValue = "raise",
    ) -> None:
        """`put` queues or writes values, `save` saves a file in an artifacts folder, `read_run` reads the run."""
        self._limits = limits
        self._put = put
        self._save = save
        self._read_run = read_run
        self._warns = on_bad_value == "warn"
        self._warned: set[tuple[str, str]] = set()
        self._lock = threading.RLock()
        self._params: dict[str, str] = {}
        self._last_steps: dict[str, int] = {}
        self._keys = {kind: LoggedKeys(kind) for kind in ("metric", "param", "tag")}

    def log_metrics(self, step: object, values: Mapping[str, object]) -> None:
        """Log points of metrics, all or none; without a step they continue after the last one."""
        self._log("metric", lambda metrics: self._put_metrics(step, metrics), values)

    def log_params(self, values: Mapping[str, object]) -> None:
        """Log params, all or none; raise ParamConflict if one already has another value."""
        self._log("param", self._put_params, values)

    def set_tags(self, values: Mapping[str, object]) -> None:
        """Set tags, all or none; one that is too long for the store is truncated, as MLflow does."""
        self._log("tag", self._put_tags, values)

    def _log(self, kind: str, log: Callable[[Mapping[str, object]], None], values: Mapping[str, object]) -> None:
        """Log all values or none; if invalid values only cause a warning, log the others."""
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
        """Warn about an invalid value, once per key."""
        if (kind, key) not in self._warned:
            self._warned.add((kind, key))
            logger.warning("Not logged: %s Further invalid values with this key are not reported.", error)

    def _put_metrics(self, step: object, values: Mapping[str, object]) -> None:
        now = now_ms()
        check_keys("metric", values, self._limits)
        with self._lock:
            self._check_apart("metric", values)
            series = [(key, points_of(key, value, step, self._next_step)) for key, value in values.items()]
            points = (Metric(key, Point(at, now, value)) for key, pairs in series for at, value in pairs)
            while batch := list(islice(points, BATCH_POINTS)):
                checked = validate_batch(Batch(metrics=batch), self._limits)
                for key, point in checked.metrics:
                    if key not in self._last_steps or point.step > self._last_steps[key]:
                        self._last_steps[key] = point.step
                self._put(checked)
            self._keys["metric"].add(values)

    def _put_params(self, values: Mapping[str, object]) -> None:
        texts = {key: str(value) for key, value in values.items()}
        with self._lock:
            shortened = {key: shorten(key, text, self._limits.param) for key, text in texts.items()}
            checked = validate_batch(Batch(params=shortened), self._limits)
            known = self.known_params()
            self._check_apart("param", checked.params)
            check_unchanged(known, checked.params)
            new = {key: value for key, value in checked.params.items() if key not in known}
            self._save_full_texts({key: texts[key] for key in new if new[key] != texts[key]})
            self._params.update(new)
            self._keys["param"].add(new)
            self._send(Batch(params=new))

    def _put_tags(self, values: Mapping[str, object]) -> None:
        texts = {key: self._truncate(key, str(value)) for key, value in values.items()}
        checked = validate_batch(Batch(tags=texts), self._limits)
        with self._lock:
            self._check_apart("tag", checked.tags)
            self._keys["tag"].add(checked.tags)
            self._send(checked)

    def _truncate(self, key: str, text: str) -> str:
        """Return the text of a tag, truncated to the limit of the store."""
        limit = self._limits.tag
        if len(text) > limit and key != RUN_NAME_TAG:
            logger.warning("The tag %s is truncated to %d of its %d characters.", quote(key), limit, len(text))
            return text[:limit]
        return text

    def forget_tags(self, keys: Iterable[str]) -> None:
        """Forget tags that were deleted."""
        with self._lock:
            if self._limits.keys_are_paths:
                self._load()
            self._keys["tag"].remove(keys)

    def known_params(self) -> Mapping[str, str]:
        """Return the params of the run."""
        self._load()
        return self._params

    def _load(self) -> None:
        """Read the values that the run has already, once."""
        if self._read_run is None:
            return
        run = self._read_run()
        self._read_run = None
        self._params = {**run.params, **self._params}
        self._last_steps = {**{key: point.step for key, point in run.metrics.items()}, **self._last_steps}
        for kind, keys in (("metric", run.metrics), ("param", run.params), ("tag", run.tags)):
            self._keys[kind].add(keys)

    def _check_apart(self, kind: str, keys: Iterable[str]) -> None:
        """Raise BadValue for keys that a file store cannot keep beside the keys logged before."""
        if self._limits.keys_are_paths:
            self._load()
            self._keys[kind].check(keys)

    def _next_step(self, key: str) -> int:
        self._load()
        return self._last_steps.get(key, -1) + 1

    def _save_full_texts(self, params: Mapping[str, str]) -> None:
        """Save the full text of params as artifacts."""
        for key, text in params.items():
            logger.warning(
                "The param %s is too long for the store; its full text is the artifact %s", key, full_text_path(key)
            )
            save_files(self._save, [(full_text_path(key), text.encode("utf-8", "backslashreplace"))])

    def _send(self, batch: Batch) -> None:
        if batch:
            self._put(batch)


class LoggedKeys:
    """The keys of one kind that a run has, and the folders in them."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._known: set[str] = set()
        self._folders: set[str] = set()

    def check(self, keys: Iterable[str]) -> None:
        """Raise BadValue for a key that is the folder of another one."""
        new = [key for key in keys if key not in self._known]
        if new:
            check_key_conflicts(self._kind, new, self._known, self._folders)

    def add(self, keys: Iterable[str]) -> None:
        """Add keys that were logged."""
        for key in keys:
            if key not in self._known:
                self._known.add(key)
                self._folders.update(parent_keys(key))

    def remove(self, keys: Iterable[str]) -> None:
        """Remove keys that were deleted."""
        self._known.difference_update(keys)
        self._folders = {folder for key in self._known for folder in parent_keys(key)}


def check_unchanged(known: Mapping[str, str], params: Mapping[str, str]) -> None:
    """Raise ParamConflict if a param already has another value."""
    for key, value in params.items():
        if known.get(key, value) != value:
            raise ParamConflict(
                f"The param {quote(key)} is {quote(known[key])} and cannot be changed to {quote(value)}."
            )


def shorten(key: str, text: str, limit: int) -> str:
    """Return the text, truncated to the limit with a note of the artifact that has its full text."""
    if len(text) <= limit:
        return text
    note = f"… [full text: {full_text_path(key)}]"
    return text[: max(0, limit - len(note))] + note[:limit]


def full_text_path(key: str) -> str:
    """Return the artifact path of the full text of a param."""
    return f"{PARAMS_FOLDER}/{key}.txt"


def save_files(save: Callable[[Path, str], None], files: Iterable[tuple[str, bytes]]) -> None:
    """Save files, given by artifact path and content, all at once."""
    with tempfile.TemporaryDirectory(prefix="qtui-") as folder:
        for path, content in files:
            file_path = Path(folder, path)
            os.makedirs(file_path.parent, exist_ok=True)
            file_path.write_bytes(content)
        if os.listdir(folder):
            save(Path(folder), "")
