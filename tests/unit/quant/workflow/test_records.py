"""The records of a workflow are made from its file, its config or its list, filled with model and dataset."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from qtui.errors import ConfigError, MissingExtra
from qtui.recorder import SigAnaRecord, SignalRecord, read_workflow, records_of
from tests.unit.quant.templates.double import MemoryRecorder
from tests.unit.quant.templates.signals import Dataset, Model

MODULE = "qlib.workflow.record_temp"
SIGNAL = {"class": "SignalRecord", "module_path": MODULE, "kwargs": {"model": "<MODEL>", "dataset": "<DATASET>"}}
ANALYSIS = {"class": "SigAnaRecord", "module_path": MODULE, "kwargs": {"ana_long_short": False, "ann_scaler": 252}}
WORKFLOW = """
qlib_init: {provider_uri: "~/.qlib/qlib_data/cn_data", region: cn}
benchmark: &benchmark SH000300
task:
    model: {class: LGBModel, module_path: qlib.contrib.model.gbdt, kwargs: {learning_rate: 1e-3, early: 1E5}}
    dataset:
        class: DatasetH
        kwargs: {segments: {test: [2017-01-01, 2020-08-01]}}
    record:
        - class: SignalRecord
          module_path: qlib.workflow.record_temp
          kwargs: {model: <MODEL>, dataset: <DATASET>}
        - class: SigAnaRecord
          module_path: qlib.workflow.record_temp
          kwargs: {ana_long_short: True, ann_scaler: <scale>}
    scale: 100
"""


@pytest.fixture
def recorder() -> MemoryRecorder:
    """An empty recorder."""
    return MemoryRecorder()


@pytest.fixture
def workflow(tmp_path: Path) -> Path:
    """The file of a workflow."""
    path = tmp_path / "workflow.yaml"
    path.write_text(WORKFLOW, encoding="utf-8")
    return path


def test_a_workflow_is_worked_out_from_its_file(workflow: Path, recorder: MemoryRecorder) -> None:
    records = records_of(workflow, recorder=recorder, model=Model(), dataset=Dataset())
    for record in records:
        record.generate()
    assert [type(record) for record in records] == [SignalRecord, SigAnaRecord]
    assert records[1].ann_scaler == 100
    assert {"pred.pkl", "sig_analysis/ic.pkl", "sig_analysis/long_short_r.pkl"} <= set(recorder.artifacts)


@pytest.mark.parametrize(
    "config",
    [
        {"task": {"record": [SIGNAL]}},
        {"task": {"record": SIGNAL}},
        {"record": [SIGNAL]},
        {"record": SIGNAL},
        [SIGNAL],
        SIGNAL,
        {"class": "SignalRecord"},
    ],
)
def test_records_are_found_wherever_a_config_has_them(config: Any, recorder: MemoryRecorder) -> None:
    model = Model()
    (record,) = records_of(config, recorder=recorder, model=model, dataset=Dataset())
    assert type(record) is SignalRecord
    assert (record.model, record.recorder) == (model, recorder)


def test_a_model_goes_only_to_records_that_take_one(recorder: MemoryRecorder) -> None:
    (record,) = records_of([ANALYSIS], recorder=recorder, model=Model(), dataset=Dataset())
    assert type(record) is SigAnaRecord


def test_a_record_of_ones_own_is_made_from_its_module(recorder: MemoryRecorder) -> None:
    (record,) = records_of({"class": "Own", "module_path": __name__}, recorder=recorder)
    assert type(record) is Own


def test_a_record_that_is_made_already_is_taken_as_it_is(recorder: MemoryRecorder) -> None:
    record = SigAnaRecord(recorder)
    assert records_of([record], recorder=recorder) == [record]


def test_a_config_without_records_says_so(recorder: MemoryRecorder) -> None:
    assert records_of({"record": None}, recorder=recorder) == []
    with pytest.raises(ConfigError, match="has no records"):
        records_of({"task": {"model": {}}}, recorder=recorder)


def test_small_numbers_are_numbers_as_in_qlib(workflow: Path) -> None:
    assert read_workflow(workflow)["task"]["model"]["kwargs"] == {"learning_rate": 0.001, "early": 100000.0}


def test_a_workflow_builds_on_another_beside_it(workflow: Path) -> None:
    above = workflow.parent / "above.yaml"
    above.write_text("BASE_CONFIG_PATH: workflow.yaml\ntask: {scale: 7, model: {class: Linear}}\n")
    task = read_workflow(above)["task"]
    assert (task["scale"], task["model"]["class"], len(task["record"])) == (7, "Linear", 2)
    assert task["model"]["module_path"] == "qlib.contrib.model.gbdt"


def test_a_missing_base_is_named(tmp_path: Path) -> None:
    (tmp_path / "above.yaml").write_text("BASE_CONFIG_PATH: nowhere.yaml\n")
    with pytest.raises(ConfigError, match=r"the base config nowhere\.yaml does not exist"):
        read_workflow(tmp_path / "above.yaml")


def test_a_template_takes_values_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("jinja2")
    monkeypatch.setenv("MARKET", "csi500")
    (tmp_path / "t.yaml").write_text("market: {{ MARKET }}\n")
    assert read_workflow(tmp_path / "t.yaml") == {"market": "csi500"}


def test_a_template_without_jinja_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    (tmp_path / "t.yaml").write_text("market: {{ MARKET }}\n")
    with pytest.raises(MissingExtra, match="pip install jinja2"):
        read_workflow(tmp_path / "t.yaml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"- 1\n", "must hold a mapping, not list"),
        (b"a: [", "is not valid YAML"),
        (b"\xd6\xd0", "cannot be read"),
        (b"a: !!python/object/apply:os.system [echo]", "is not valid YAML"),
    ],
)
def test_a_file_that_is_no_workflow_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "w.yaml").write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read_workflow(tmp_path / "w.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_workflow(tmp_path / "nowhere.yaml")


class Own(SigAnaRecord):
    """A user's record, which passes everything on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
