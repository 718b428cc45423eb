"""Excel sheets and tables of `mlflow.log_table`."""

from __future__ import annotations

import builtins
import datetime as dt
import io
import json
import zipfile
from typing import Any

import pandas as pd
import pytest

from qtui.artifacts.content import TableContent
from qtui.artifacts.viewers import views_of
from qtui.errors import ArtifactUnreadable
from tests.unit.artifacts.sources import source_of
from tests.unit.artifacts.test_frame_table import column_of, everything


def open_table(data: bytes, path: str, place: int = 0) -> TableContent:
    content = views_of(source_of(data, path)).views[place].open()
    assert isinstance(content, TableContent)
    return content


def workbook() -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "R&D"
    for row in (["date", "score"], [dt.datetime(2020, 1, 1), 0.5], [None, -1]):
        book.active.append(row)
    book.create_sheet("numbers").append([1, 2])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_each_sheet_of_a_workbook_is_a_view() -> None:
    data = workbook()
    views = views_of(source_of(data, "report.xlsx"))
    assert (views.kind, [view.title for view in views.views][:2]) == ("Excel", ["R&D", "numbers"])
    table = open_table(data, "report.xlsx")
    assert column_of(table, "date") == ["2020-01-01", "–"]
    assert column_of(table.filter("score > 0") or table, "score") == ["0.5"]
    assert everything(open_table(data, "report.xlsx", 1)) == [("1", "2")]


def test_a_sheet_that_pandas_wrote_has_its_column_names() -> None:
    pytest.importorskip("openpyxl")
    file = io.BytesIO()
    pd.DataFrame({"name": ["a"], "score": [0.5]}, index=[7]).to_excel(file)
    table = open_table(file.getvalue(), "report.xlsx")
    assert [column.name for column in table.columns] == ["", "name", "score"]
    assert everything(table) == [("7", "a", "0.5")]


def test_a_broken_workbook_is_answered_in_one_sentence() -> None:
    data = workbook()
    for broken in (data[: len(data) // 2], data[:40]):
        with pytest.raises(ArtifactUnreadable, match=r"report.xlsx is no"):
            open_table(broken, "report.xlsx")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><sheets><sheet name='x'/>")
    with pytest.raises(ArtifactUnreadable, match="is no complete workbook"):
        open_table(file.getvalue(), "report.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook()
    monkeypatch.setattr("qtui.artifacts.tables.excel_file.MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(ArtifactUnreadable, match=r"the limit is 1\.0 kB"):
        open_table(data, "report.xlsx")


def test_a_missing_openpyxl_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    import_module = builtins.__import__

    def without_openpyxl(name: str, *args: Any) -> Any:
        if name == "openpyxl":
            raise ImportError(name)
        return import_module(name, *args)

    monkeypatch.setattr(builtins, "__import__", without_openpyxl)
    with pytest.raises(ArtifactUnreadable, match=r"Excel files need openpyxl: pip install 'qtui\[excel\]'"):
        open_table(file.getvalue(), "report.xlsx")


def test_a_table_of_mlflow_is_a_table() -> None:
    frame = pd.DataFrame({"input": ["a", "b"], "score": [0.5, None], "messages": [[{"role": "user"}], []]})
    data = frame.to_json(orient="split", index=False).encode()
    table = open_table(data, "eval_results_table.json")
    assert [column.name for column in table.columns] == ["input", "score", "messages"]
    assert everything(table) == [("a", "0.5", "[{'role': 'user'}]"), ("b", "NaN", "[]")]
    assert [view.title for view in views_of(source_of(data, "table.json")).views][:3] == ["table", "tree", "text"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"columns": ["a"], "data": [[1], [2, 3]]}, "rows that do not have 1 values"),
        ({"columns": ["a"], "data": [{"a": 1}]}, "rows that do not have 1 values"),
        ({"columns": ["a"], "index": [1], "data": 5}, "no list of columns and no list of rows"),
    ],
)
def test_a_table_of_mlflow_that_is_none_says_why(value: Any, reason: str) -> None:
    with pytest.raises(ArtifactUnreadable, match=reason):
        open_table(json.dumps(value).encode(), "table.json")


def test_other_json_is_no_table() -> None:
    assert views_of(source_of(b'{"columns": 3, "data": []}', "x.json")).kind == "JSON"
    assert views_of(source_of(b'{"columns": ["a"], "other": []}', "x.json")).kind == "JSON"
