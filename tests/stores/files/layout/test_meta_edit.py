"""Single fields of a meta.yaml are read and changed, and every other byte is kept."""

from __future__ import annotations

import pytest
import yaml

from qtui.store.files.layout.meta import parse_meta
from qtui.store.files.layout.meta_edit import edit_meta, read_fields

PLAIN = b"""artifact_uri: file:///a/b
end_time: null
experiment_id: '12'
lifecycle_stage: active
run_name: 'it''s'
status: 1
tags: []
user_id: ''
"""
UNUSUAL = {
    "comments": b"# by hand\nstatus: 1 # running\nend_time: null\n",
    "other order": b"status: 1\nlifecycle_stage: active\nend_time: 5\n",
    "nested": b"end_time: null\nstatus: 1\ntags:\n  a: b\n  c: d\nuser_id: x\n",
    "list": b"end_time: null\nstatus: 1\ntags:\n- a\n- b\n",
    "folded": b"end_time: null\nname: 'long\n  text'\nstatus: 1\n",
    "block": b"end_time: null\nname: |\n  status: 9\n  b\nstatus: 1\n",
    "flow": b"{status: 1, end_time: null}\n",
    "open quote": b"name: 'a\nstatus: 7'\nstatus: 1\nend_time: null\n",
    "duplicate": b"status: 3\nend_time: null\nstatus: 1\n",
    "no newline": b"status: 1\nend_time: null",
    "windows": b"status: 1\r\nend_time: null\r\n",
    "document": b"---\nstatus: 1\nend_time: null\n",
}


def test_a_field_is_changed_and_the_others_are_kept_byte_for_byte() -> None:
    edited = edit_meta(PLAIN, {"status": 3, "end_time": 7})
    assert edited == PLAIN.replace(b"status: 1", b"status: 3").replace(b"end_time: null", b"end_time: 7")
    assert edit_meta(edited, {"status": 1, "end_time": None}) == PLAIN


def test_a_new_field_is_added_in_order_and_removed_again() -> None:
    edited = edit_meta(PLAIN, {"deleted_time": 5})
    assert edited == PLAIN.replace(b"end_time", b"deleted_time: 5\nend_time")
    assert edit_meta(edited, {"deleted_time": None}) == PLAIN


@pytest.mark.parametrize("name", ["yes", "0x10", "null", "a: b", "#", "线", " x", "a\nb", "long " * 40, "'", "-", "@"])
def test_any_name_is_read_back(name: str) -> None:
    edited = edit_meta(PLAIN, {"run_name": name})
    assert yaml.safe_load(edited)["run_name"] == name
    assert read_fields(edited, ["run_name"])["run_name"] == parse_meta(edited)["run_name"]


@pytest.mark.parametrize("data", UNUSUAL.values(), ids=UNUSUAL)
def test_an_unusual_file_is_changed_as_yaml_understands_it(data: bytes) -> None:
    before = yaml.safe_load(data)
    edited = edit_meta(data, {"status": 4, "end_time": 9})
    assert yaml.safe_load(edited) == {**before, "status": 4, "end_time": 9}
    assert read_fields(data, ["status"])["status"] == str(before["status"])
