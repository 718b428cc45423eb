"""The fast parsers give the same results as the full parsers, or decline."""

from __future__ import annotations

import math
from unittest.mock import patch

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qtui.entities import Point
from qtui.store.files.layout.fast_meta import NotPlain, parse_plain_mapping, parse_run_info
from qtui.store.files.layout.meta import parse_meta
from qtui.store.files.layout.yaml_events import parse_yaml_mapping
from qtui.store.files.reading import histories
from qtui.store.files.reading.histories import parse_columns, summarize_bytes, summarize_columns
from qtui.store.files.reading.metric_files import BadLine, latest_point, parse_lines

many_examples = settings(max_examples=200)

NAMES = st.text(max_size=60) | st.sampled_from(["null", "~", "yes", "1", "1e3", "0x1", "2020-01-01", "a: b", "a #b"])
FRAGMENTS = st.sampled_from(
    [
        *("", " ", "  ", ": ", "- ", " #", "? ", "|", "\n", "\r", "\t", "\0", "\x85", "\u2028", "\ufeff", "一", "😀"),
        *"a1:#'\"\\>[]{},&*!%@`?~=<.",
        *("null", "''", "<<", "&a", "*a"),
    ]
)
KEYS = st.sampled_from(["a", "b", "tags", "- a", "'a'"])
VALUES = st.lists(FRAGMENTS, max_size=8).map("".join)


@many_examples
@given(st.dictionaries(st.sampled_from(["a", "b", "name", "user_id"]), NAMES, min_size=1), st.booleans())
def test_text_written_by_pyyaml_is_parsed_as_pyyaml_does(values: dict[str, str], allow_unicode: bool) -> None:
    text = yaml.safe_dump(values, allow_unicode=allow_unicode, default_flow_style=False)
    # Compared with PyYAML's own result, because YAML does not preserve every character.
    assert parse_meta(text.encode()) == yaml.safe_load(text)


def key_of(line: tuple[str, str]) -> str:
    """Return the key of a line."""
    return line[0]


@many_examples
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "tags", "- a", "'a'"]), VALUES), min_size=1, max_size=4, unique_by=key_of
    )
)
@example([("a", "a:b"), ("b", "'it''s'")])
@example([("tags", "\n  a: b")])
def test_a_plain_mapping_is_parsed_as_yaml(lines: list[tuple[str, str]]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in lines)
    try:
        mapping = parse_plain_mapping(text)
    except NotPlain:
        return
    assert mapping == parse_yaml_mapping(text)


@many_examples
@given(VALUES, VALUES, VALUES, st.sampled_from(["1", "'1'", "'1", "1'", "1.0"]))
def test_a_run_info_is_parsed_as_yaml(uri: str, name: str, user: str, experiment: str) -> None:
    text = (
        f"artifact_uri: {uri}\nend_time: null\nentry_point_name: ''\nexperiment_id: {experiment}\n"
        f"lifecycle_stage: active\nrun_id: r1\nrun_name: {name}\nsource_name: ''\nsource_type: 4\n"
        f"source_version: ''\nstart_time: 1\nstatus: 3\ntags: []\nuser_id: {user}\n"
    )
    info = parse_run_info(text)
    if info is not None:
        fields = parse_yaml_mapping(text)
        assert (info.artifact_uri, info.name, info.user) == (
            fields["artifact_uri"],
            fields["run_name"],
            fields["user_id"],
        )
        assert info.experiment_id == fields["experiment_id"]


NUMBERS = (
    st.floats().map(repr)
    | st.integers(-(10**20), 10**20).map(str)
    | st.sampled_from(
        [".", "-.", "5.", ".5", "1e5", "1E5", "+1", "1_0", "--1", "1.2.3", "inf", "-inf", "Infinity", "", "x", "-"]
    )
)
STEPS = st.integers(0, 5).map(str) | st.integers(-(10**19), 10**19).map(str) | NUMBERS
FIELDS = st.tuples(STEPS, NUMBERS, STEPS) | st.tuples(STEPS, NUMBERS) | st.tuples(STEPS, NUMBERS, STEPS, STEPS, STEPS)
LINES = st.tuples(FIELDS.map(" ".join), st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n", " \n", "", "\t\n"]))
ORDINARY = st.lists(st.tuples(st.integers(0, 99), st.floats(allow_nan=False), st.integers(0, 3)), min_size=1)
FILES = st.lists(LINES.map("".join), max_size=8).map("".join) | ORDINARY.map(
    lambda points: "".join(f"{timestamp} {value} {step}\n" for timestamp, value, step in points)
)


def parse_line_by_line(data: bytes) -> tuple[list[Point], list[BadLine]]:
    """Parse line by line; return the points and the bad lines."""
    lines = list(parse_lines(data))
    points = [line for line in lines if isinstance(line, Point)]
    return points, [line for line in lines if not isinstance(line, Point)]


@many_examples
@given(FILES)
@example("1 -5.5 -\n2 0.5 3\n")
@example("1 -. 0\n2 0.5 1\n")
@example("1 2 3.0 4\n5 6\n")
def test_the_latest_point_is_the_greatest_point(text: str) -> None:
    points, bad = parse_line_by_line(text.encode())
    try:
        latest = latest_point(text.encode())
    except ValueError:
        latest = None
    if latest is not None:
        assert not bad
        assert repr(latest) == repr(max(points))


@pytest.mark.parametrize("large", [1, histories.MIN_PANDAS_BYTES], ids=["by pandas", "by Python"])
@many_examples
@given(text=FILES)
def test_columns_hold_every_point_and_every_bad_line(large: int, text: str) -> None:
    points, bad = parse_line_by_line(text.encode())
    with patch.object(histories, "MIN_PANDAS_BYTES", large):
        columns = parse_columns(text.encode())
    assert list(columns.bad_lines) == bad
    assert repr(columns.values.tolist()) == repr([point.value for point in points])
    for name, column in (("step", columns.steps), ("timestamp", columns.timestamps)):
        assert column.tolist() == [max(-(2**63), min(2**63 - 1, getattr(point, name))) for point in points]


@many_examples
@given(FILES)
def test_a_summary_of_bytes_equals_that_of_the_columns(text: str) -> None:
    quick = summarize_bytes(text.encode())
    if quick is not None:
        assert repr(quick) == repr(summarize_columns(parse_columns(text.encode())))
        assert quick.min is None or not math.isnan(quick.min)
