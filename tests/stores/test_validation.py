"""What we refuse and let through is what MLflow's own validators do, but for what no store could keep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qtui.entities import Point
from qtui.errors import BadValue
from qtui.store.validation import check_experiment, checked_batch, is_unicode
from qtui.store.writer import Batch, Limits, Metric

LIMITS = Limits()
KEYS = st.one_of(
    st.text("ab/. _-:名\n;=@", max_size=8),
    st.text(max_size=12),
    st.integers(245, 255).map(lambda length: "k" * length),
    st.sampled_from(["a/b", "a//b", "/a", "a/", "..", "../a", "a/..", ".", "a/./b", "...", " ", "a\n", "a:b"]),
)
TEXTS = st.one_of(st.text(max_size=20), st.sampled_from([5999, 6000, 6001, 7999, 8000, 8001]).map(lambda n: "x" * n))
NUMBERS = st.one_of(
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.text(max_size=3),
    st.just(10**400),
    st.decimals(allow_nan=False),
    st.complex_numbers(),
)


def takes(check: Callable[[], object]) -> bool:
    """Whether MLflow lets something through."""
    from mlflow.exceptions import MlflowException

    try:
        check()
    except MlflowException:
        return False
    return True


def lets_through(batch: Batch) -> bool:
    """Whether we let a batch through."""
    try:
        checked_batch(batch, LIMITS)
    except BadValue:
        return False
    return True


@pytest.fixture(autouse=True)
def strict(own_world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MLflow without its habit of cutting off what is too long."""
    monkeypatch.setenv("MLFLOW_TRUNCATE_LONG_VALUES", "false")


@settings(deadline=None)
@given(KEYS, TEXTS)
def test_params_and_tags_are_judged_alike(key: str, value: str) -> None:
    from mlflow.utils.validation import _validate_param, _validate_tag

    keepable = not key.endswith("\n") and is_unicode(key) and is_unicode(value)
    assert lets_through(Batch(params={key: value})) == (keepable and takes(lambda: _validate_param(key, value)))
    assert lets_through(Batch(tags={key: value})) == (keepable and takes(lambda: _validate_tag(key, value)))


@settings(deadline=None)
@given(KEYS, NUMBERS, st.one_of(st.integers(-5, 2**63 + 5)), st.integers(-(2**64), 2**64))
def test_points_are_judged_alike(key: str, value: object, timestamp: int, step: int) -> None:
    from mlflow.utils.validation import _validate_metric

    keepable = not key.endswith("\n") and timestamp < 2**63 and -(2**63) <= step < 2**63
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        keepable = False
    theirs = keepable and takes(lambda: _validate_metric(key, value, timestamp, step))
    assert lets_through(Batch([Metric(key, Point(step, timestamp, value))])) == theirs


@settings(deadline=None)
@given(st.one_of(st.text(max_size=10), st.integers(499, 501).map(lambda length: "x" * length)), KEYS, TEXTS)
def test_experiments_are_judged_alike(name: str, key: str, value: str) -> None:
    from mlflow.utils.validation import _validate_experiment_name, _validate_experiment_tag

    keepable = not key.endswith("\n") and all(map(is_unicode, (name, key, value)))
    theirs = takes(lambda: (_validate_experiment_name(name), _validate_experiment_tag(key, value)))
    try:
        check_experiment(name, "", {key: value}, LIMITS)
        ours = True
    except BadValue:
        ours = False
    assert ours == (keepable and theirs)


def test_numbers_of_other_kinds_become_plain_ones() -> None:
    import numpy

    batch = Batch([Metric("m", Point(numpy.int64(3), numpy.int32(5), numpy.float32(0.5)))])
    [(_, point)] = checked_batch(batch, LIMITS).metrics
    assert point == Point(3, 5, 0.5)
    assert [type(each) for each in point] == [int, int, float]


def test_truth_is_no_number_of_numpy_either() -> None:
    import numpy

    assert not lets_through(Batch([Metric("m", Point(0, 0, numpy.bool_(True)))]))


@pytest.mark.parametrize(
    ("batch", "sentence"),
    [
        (Batch(params={"lr": "x" * 7000}), "The param 'lr' has 7000 characters, which is more than 6000."),
        (Batch(tags={"a;b": ""}), "'a;b' cannot be the name of a tag: it may have only letters, digits, blanks"),
        (Batch([Metric("m", Point(0, 0, "0.5"))]), "The metric 'm' has a value that is no number: '0.5'."),
        (Batch([Metric("m", Point(0.5, 0, 1.0))]), "The metric 'm' has a step that is no whole number: 0.5."),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(batch: Batch, sentence: str) -> None:
    with pytest.raises(BadValue) as error:
        checked_batch(batch, LIMITS)
    assert str(error.value).startswith(sentence)
