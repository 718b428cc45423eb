"""Records: Qlib's templates find what ours saved, and ours fill Qlib's recorder."""

from __future__ import annotations

import pytest

from qtui.recorder import MultiPassPortAnaRecord, QlibRecorder, records_of
from tests.interop.conftest import Qlib
from tests.interop.qlib_side import EXPERIMENT
from tests.unit.recorder.templates.signals import Dataset, Model
from tests.unit.recorder.templates.test_portfolio import CONFIG, PRICES
from tests.unit.recorder.templates.test_real_recorder import TASK


def test_qlibs_templates_find_what_ours_saved_and_the_same_numbers(ours: QlibRecorder, qlib: Qlib) -> None:
    with ours.start(experiment_name=EXPERIMENT, recorder_name="ours"):
        recorder = ours.get_recorder()
        for record in records_of(TASK, recorder=recorder, model=Model(), dataset=Dataset(), prices=PRICES):
            record.generate()
        MultiPassPortAnaRecord(recorder, 2, config=CONFIG, prices=PRICES).generate()
    found = qlib("check_records", recorder_id=recorder.id)
    assert len(found["theirs"]) == 8
    assert found["ours"] == pytest.approx(found["theirs"], rel=1e-9, abs=1e-9)


def test_our_templates_fill_qlibs_recorder(qlib: Qlib) -> None:
    found = qlib("our_templates", name="theirs")
    assert found == {"artifacts": ["sig_analysis/ic.pkl", "sig_analysis/ric.pkl"], "points": 1}
