"""Values are accepted exactly when MLflow's own validators accept them, except values that no store can hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.entities import Point
from qtui.errors import BadValue
from qtui.store.validation import check_experiment, is_unicode, validate_batch
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


def mlflow_accepts(check: Callable[[], object]) -> bool:
    """Return whether a check of MLflow passes."""
    from mlflow.exceptions import MlflowException

    try:
        check()
    except MlflowException:
        return False
    return True


def is_accepted(batch: Batch) -> bool:
    """Return whether we accept a batch."""
    try:
        validate_batch(batch, LIMITS)
    except BadValue:
        return False
    return True


@pytest.fixture(autouse=True)
def no_truncation(own_world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make MLflow reject values that are too long instead of truncating them."""
    monkeypatch.setenv("MLFLOW_TRUNCATE_LONG_VALUES", "false")


@given(KEYS, TEXTS)
def test_params_and_tags_are_validated_as_in_mlflow(key: str, value: str) -> None:
    from mlflow.utils.validation import _validate_param, _validate_tag

    storable = not key.endswith("\n") and is_unicode(key) and is_unicode(value)
    assert is_accepted(Batch(params={key: value})) == (storable and mlflow_accepts(lambda: _validate_param(key, value)))
    assert is_accepted(Batch(tags={key: value})) == (storable and mlflow_accepts(lambda: _validate_tag(key, value)))


@given(KEYS, NUMBERS, st.one_of(st.integers(-5, 2**63 + 5)), st.integers(-(2**64), 2**64))
def test_points_are_validated_as_in_mlflow(key: str, value: object, timestamp: int, step: int) -> None:
    from mlflow.utils.validation import _validate_metric

    storable = not key.endswith("\n") and timestamp < 2**63 and -(2**63) <= step < 2**63
    try:
        float(value)
    except (TypeError, ValueError, OverflowError):
        storable = False
    theirs = storable and mlflow_accepts(lambda: _validate_metric(key, value, timestamp, step))
    assert is_accepted(Batch([Metric(key, Point(step, timestamp, value))])) == theirs


@given(st.one_of(st.text(max_size=10), st.integers(499, 501).map(lambda length: "x" * length)), KEYS, TEXTS)
def test_experiments_are_validated_as_in_mlflow(name: str, key: str, value: str) -> None:
    from mlflow.utils.validation import _validate_experiment_name, _validate_experiment_tag

    storable = not key.endswith("\n") and all(map(is_unicode, (name, key, value)))
    theirs = mlflow_accepts(lambda: (_validate_experiment_name(name), _validate_experiment_tag(key, value)))
    try:
        check_experiment(name, "", {key: value}, LIMITS)
        ours = True
    except BadValue:
        ours = False
    assert ours == (storable and theirs)


def test_numbers_of_other_types_become_int_and_float() -> None:
    import numpy

    batch = Batch([Metric("m", Point(numpy.int64(3), numpy.int32(5), numpy.float32(0.5)))])
    [(_, point)] = validate_batch(batch, LIMITS).metrics
    assert point == Point(3, 5, 0.5)
    assert [type(number) for number in point] == [int, int, float]


def test_a_numpy_boolean_is_not_a_number() -> None:
    import numpy

    assert not is_accepted(Batch([Metric("m", Point(0, 0, numpy.bool_(True)))]))


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        (Batch(params={"lr": "x" * 7000}), "The param 'lr' has 7000 characters; at most 6000 are allowed."),
        (Batch(tags={"a;b": ""}), "'a;b' cannot be the name of a tag: it may have only letters, digits, spaces"),
        (Batch([Metric("m", Point(0, 0, "0.5"))]), "The metric 'm' has a value that is not a number: '0.5'."),
        (Batch([Metric("m", Point(0.5, 0, 1.0))]), "The metric 'm' has a step that is not an integer: 0.5."),
    ],
)
def test_a_rejected_value_gets_a_message(batch: Batch, message: str) -> None:
    with pytest.raises(BadValue) as error:
        validate_batch(batch, LIMITS)
    assert str(error.value).startswith(message)
