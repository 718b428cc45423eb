"""The tag editor without a screen: values in common and mixed, changes, completions, preview."""

from __future__ import annotations

import pytest

from qtui.tui.present.tag_editor import TagEditor

TAGS = (
    {"team": "red", "stage": "prod", "mlflow.user": "kw", "mlflow.note.content": "hi"},
    {"team": "blue", "stage": "prod", "mlflow.user": "kw"},
    {"team": "red"},
)


def editor() -> TagEditor:
    return TagEditor(TAGS, {"team": ("blue", "red", "green"), "origin": ("desk",), "mlflow.user": ("kw",)})


def line(edited: TagEditor, key: str, cells: int = 70) -> str:
    [row] = [row for row in edited.rows() if row.key == key]
    return "".join(piece.text for piece in edited.render_row(row, cells))


def test_a_common_value_is_shown_and_mixed_ones_are_counted() -> None:
    assert "2 values: red, blue" in line(editor(), "team")
    assert "prod" in line(editor(), "stage") and "on 2 of 3" in line(editor(), "stage")


def test_system_tags_are_hidden_until_they_are_asked_for_and_then_say_why_they_are_read_only() -> None:
    edited = editor()
    assert [row.key for row in edited.rows()] == ["stage", "team"] and edited.system_count == 2
    edited.shows_system = True
    assert {row.key: row.why_not for row in edited.rows()} == {
        "stage": "",
        "team": "",
        "mlflow.note.content": "It is the note: edit it as a note.",
        "mlflow.user": "MLflow writes it.",
    }


@pytest.mark.parametrize("text", ["team", "=x", "mlflow.user=me", "mlflow.runName=x", "qtui.process=1"])
def test_a_text_that_cannot_be_written_has_a_problem(text: str) -> None:
    assert editor().problem(text)


def test_a_preview_says_what_is_added_replaced_and_removed() -> None:
    edited = editor()
    edited.set("team = red")
    edited.set("量化 = 是")
    edited.toggle_removal("stage")
    assert edited.preview() == (
        "team=red: replaces 1 value, same on 2",
        "量化=是: added to 3 runs",
        "stage: removed from 2 runs",
    )
    assert edited.changes == {"team": "red", "量化": "是", "stage": None}
    assert line(edited, "stage").startswith("- stage") and "prod → removed" in line(edited, "stage")


def test_a_change_is_taken_back_by_removing_it_or_by_the_value_that_all_runs_have() -> None:
    edited = TagEditor(({"team": "red"}, {"team": "red"}), {})
    edited.set("team=blue")
    edited.set("team=red")
    assert not edited.has_changes
    edited.set("new=1")
    edited.toggle_removal("new")
    assert not edited.has_changes


def test_keys_of_the_store_are_completed_and_then_the_values_of_the_key() -> None:
    edited = editor()
    assert [item.text for item in edited.completions("o")] == ["origin="]
    assert [item.text for item in edited.completions("team=")] == ["team=blue", "team=green", "team=red"]
    assert [item.text for item in edited.completions("team=gr")] == ["team=green"]


def test_a_tag_is_edited_with_its_value_if_all_runs_have_the_same() -> None:
    rows = {row.key: row for row in editor().rows()}
    assert editor().text_of(rows["stage"]) == "stage=prod" and editor().text_of(rows["team"]) == "team="
