"""JSON, JSON lines, YAML and TOML as trees."""

from __future__ import annotations

import json

import pytest

from qtui.artifacts.content import TextContent, TreeNode
from qtui.errors import ArtifactUnreadable
from tests.unit.artifacts.sources import open_rows, open_tree, open_view, outline, texts, views_for


def titles(data: bytes, path: str) -> list[str]:
    return [view.title for view in views_for(data, path).views]


def test_json_opens_as_a_tree_with_its_text_and_bytes() -> None:
    data = b'{"model": {"class": "LGBModel", "leaves": 210, "rate": 0.05}, "valid": true, "seeds": [1, 2], "x": null}'
    views = views_for(data, "task.json")
    assert (views.kind, [view.title for view in views.views]) == ("JSON", ["tree", "text", "hex"])
    assert outline(open_tree(data, "task.json").top) == [
        "model 3 keys",
        "  class LGBModel",
        "  leaves 210",
        "  rate 0.05",
        "valid true",
        "seeds 2 items",
        "  0 1",
        "  1 2",
        "x null",
    ]


def test_json_is_recognised_without_a_suffix_and_a_log_with_brackets_is_not() -> None:
    assert views_for(b'[{"a": 1}]').kind == "JSON"
    assert views_for(b"[2024-01-01 10:00:00] INFO start\n").kind != "JSON"
    assert views_for(b"import os\n", "lies.json").kind == "source code"


def test_json_of_one_long_line_is_also_shown_with_indents() -> None:
    value = {"weights": [0.1, -2e-05, 3], "name": "动量, {x}", "empty": [], "inner": {}, "rows": [[1], []]}
    data = json.dumps({"all": [value] * 4}, ensure_ascii=False).encode()
    content = open_rows(data, "indented", "one_line.json")
    list(content.scan())
    text = "\n".join(texts(content.rows(0, 1000)))
    assert text == json.dumps({"all": [value] * 4}, ensure_ascii=False, indent=2)
    assert content.language == "json"


def test_a_large_array_opens_in_chunks() -> None:
    top = open_tree(json.dumps({"values": list(range(1_002_003))}).encode(), "large.json").top
    assert top[0].text == "1,002,003 items"
    millions = top[0].children() if top[0].children else []
    assert [node.label for node in millions] == ["[0 … 999,999]", "[1,000,000 … 1,002,002]"]
    thousands = millions[1].children() if millions[1].children else []
    assert [node.label for node in thousands] == [
        "[1,000,000 … 1,000,999]",
        "[1,001,000 … 1,001,999]",
        "[1,002,000 … 1,002,002]",
    ]
    last = thousands[2].children() if thousands[2].children else []
    assert [(node.label, node.text) for node in last] == [(str(n), str(n)) for n in range(1_002_000, 1_002_003)]


def test_a_number_with_thousands_of_digits_is_shown_as_it_is_written() -> None:
    digits = "7" * 6000
    (node,) = open_tree(f'{{"big": {digits}}}'.encode()).top
    assert node.value is not None and node.value() == digits
    assert node.text == "7" * 200 + "…"


@pytest.mark.parametrize(
    ("data", "path", "reason"),
    [
        (b'{"a": 1,\n"b": }', "broken.json", "Invalid JSON in line 2: Expecting value."),
        (b"[" * 100_000, "deep.json", "The JSON is nested too deeply."),
        (b"[" + b"0," * 3_100_000 + b"0]", "many.json", "The JSON has more than 3,000,000 values."),
        (b'{"a": 1}' + b" " * (1 << 25), "large.json", "large.json has 34 MB; the limit for JSON is 34 MB."),
        (b"a: b: c", "broken.yaml", "Invalid YAML in line 1: mapping values are not allowed in this context."),
        (b"- *missing", "broken.yaml", "Invalid YAML: the alias missing refers to nothing."),
        (b"[" * 200, "deep.yaml", "The YAML is nested more than 100 levels deep."),
        (b"[" * 100_000, "deeper.yaml", ""),
        (b"- " * 5_000 + b"x", "deep.yml", "The YAML is nested more than 100 levels deep."),
        (b"a: 1\n" + b"#" * (1 << 23), "large.yaml", "large.yaml has 8.4 MB; the limit for YAML is 8.4 MB."),
        (b"a = [1,", "broken.toml", "Invalid TOML: "),
        (b"a = " + b"[" * 5_000, "deep.toml", "The TOML is nested too deeply."),
        (b"a = 1\n" + b"#" * (1 << 21), "large.toml", "large.toml has 2.1 MB; the limit for TOML is 2.1 MB."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_without_a_tree_says_why_and_is_shown_as_text(data: bytes, path: str, reason: str) -> None:
    with pytest.raises(ArtifactUnreadable) as error:
        open_tree(data, path)
    assert str(error.value).startswith(reason)
    assert isinstance(open_view(data, "text", path), TextContent)


def test_json_lines_are_parsed_one_by_one() -> None:
    data = b'{"step": 1, "loss": 0.5}\n{"step": 2, "loss": NaN}\n{"step": 3, "loss"\n'
    assert views_for(data[: data.rindex(b"{")]).kind == "JSON lines"
    tree = open_tree(b'{"step": 1}\n' + data, "metrics.jsonl")
    assert [node.label for node in tree.top] == ["1", "2", "3", "4"]
    assert outline(tree.top[2:3]) == ['3 {"step": 2, "loss": NaN}', "  step 2", "  loss nan"]
    assert outline(tree.top[3:])[1] == "  Invalid JSON in line 1: Expecting ':' delimiter."


def test_many_json_lines_open_in_chunks() -> None:
    tree = open_tree(b'{"step": 1}\n' * 2500)
    assert [node.label for node in tree.top] == ["[0 … 999]", "[1,000 … 1,999]", "[2,000 … 2,499]"]
    nodes = tree.top[2].children() if tree.top[2].children else []
    assert (len(nodes), nodes[-1].label) == (500, "2500")


def test_yaml_keeps_its_scalars_and_documents() -> None:
    data = b"qlib_init: &init\n  region: no\n  date: 2020-01-01\n  rate: 0.10\ncopy: *init\n? [a, b]\n: x\n"
    assert titles(data, "conf.yaml") == ["text", "tree", "hex"]
    assert outline(open_tree(data, "conf.yaml").top) == [
        "qlib_init 3 keys",
        "  region no",
        "  date 2020-01-01",
        "  rate 0.10",
        "copy 3 keys",
        "  region no",
        "  date 2020-01-01",
        "  rate 0.10",
        "? list 2 x",
    ]
    assert [node.label for node in open_tree(b"a: 1\n---\nb: 2\n", "two.yaml").top] == ["document 1", "document 2"]
    assert open_tree(b"", "empty.yaml").top == ()


def test_an_alias_bomb_opens_at_once_and_level_by_level() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 60))
    top = open_tree(f"l0: &l0 [x]\n{levels}\n".encode(), "bomb.yaml").top
    assert len(top) == 60
    node = top[-1]
    for _ in range(59):
        assert node.children is not None
        node = node.children()[0]
    assert node.text == "1 item"
    full_value = top[-1].value
    assert full_value is not None and len(full_value().splitlines()) == 20_001


def test_a_value_that_contains_itself_ends() -> None:
    (node,) = open_tree(b"a: &a\n  b: *a\n", "cycle.yaml").top
    assert node.children is not None
    assert [(child.text, child.children) for child in node.children()] == [("1 key, contains itself", None)]


def test_yaml_tags_are_not_executed() -> None:
    tree = open_tree(b"!!python/object/apply:os.system ['touch /tmp/marker']", "tag.yaml")
    assert outline(tree.top) == ["0 touch /tmp/marker"]


def test_toml_opens_as_a_tree() -> None:
    assert outline(open_tree(b'title = "x"\n[tool.qtui]\nrate = 0.5\nsince = 2024-01-02\n', "a.toml").top) == [
        "title x",
        "tool 1 key",
        "  qtui 2 keys",
        "    rate 0.5",
        "    since 2024-01-02",
    ]


def test_a_whole_value_can_be_copied_as_yaml() -> None:
    nodes = open_tree(
        b'{"handler": {"class": "Alpha158", "fields": ["$close", "on"], "empty": {}, "x": [[1, 2], {"y": 1}]}}'
    ).top
    node: TreeNode = nodes[0]
    assert node.value is not None
    assert node.value().splitlines() == [
        "class: Alpha158",
        "fields:",
        '  - "$close"',
        '  - "on"',
        "empty: {}",
        "x:",
        "  - - 1",
        "    - 2",
        '  - "y": 1',
    ]
