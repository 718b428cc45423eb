"""Errors that Qlib has too are caught by code for Qlib's errors; errors can be pickled."""

from __future__ import annotations

import pickle
import sys
from types import ModuleType

import pytest

from qtui.errors import (
    ExpAlreadyExistError,
    ExperimentExists,
    LoadObjectError,
    QlibException,
    QtuiError,
    QuerySyntaxError,
    RecorderInitializationError,
)


@pytest.fixture
def qlibs(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Qlib's module of errors, as if it was loaded."""
    module = ModuleType("qlib.utils.exceptions")
    base = module.QlibException = type("QlibException", (Exception,), {})
    module.RecorderInitializationError = type("RecorderInitializationError", (base,), {})
    module.LoadObjectError = type("LoadObjectError", (base,), {})
    module.ExpAlreadyExistError = type("ExpAlreadyExistError", (Exception,), {})
    monkeypatch.setitem(sys.modules, "qlib.utils.exceptions", module)
    return module


@pytest.mark.parametrize("error", [RecorderInitializationError, LoadObjectError, ExpAlreadyExistError])
def test_an_error_that_qlib_has_too_is_caught_as_either(qlibs: ModuleType, error: type[QtuiError]) -> None:
    with pytest.raises(vars(qlibs)[error.__name__], match="no") as caught:
        raise error("no")
    base = ExperimentExists if error is ExpAlreadyExistError else QlibException
    assert isinstance(caught.value, error) and isinstance(caught.value, base)
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, error) and str(again) == "no"


def test_without_qlib_the_errors_are_only_those_of_qtui() -> None:
    assert type(LoadObjectError("no")) is LoadObjectError
    assert type(ExpAlreadyExistError("no")) is ExpAlreadyExistError


def test_a_syntax_error_keeps_its_position_when_it_is_pickled() -> None:
    error = pickle.loads(pickle.dumps(QuerySyntaxError("There is no comparison >>.", "a >> 1", 2, 2)))
    assert (str(error), error.text, error.position, error.length) == ("There is no comparison >>.", "a >> 1", 2, 2)
