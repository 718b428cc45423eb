"""Cards of the files of a logged model."""

from __future__ import annotations

import pytest

from qtui.errors import ArtifactUnreadable
from tests.unit.artifacts.sources import open_rows, texts, views_for

MLMODEL = b"""artifact_path: model
flavors:
  python_function:
    env: {conda: conda.yaml}
    loader_module: mlflow.lightgbm
    python_version: 3.11.7
  lightgbm:
    lgb_version: 4.3.0
mlflow_version: 3.17.2
model_id: m-1
run_id: abc
signature:
  inputs: '[{"type": "double", "name": "KMID", "required": true}, {"type": "long", "name": "n", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1]}}]'
  params: null
utc_time_created: '2024-01-01 10:00:00.000'
"""


def card(data: bytes, path: str) -> list[str]:
    content = open_rows(data, "card", path)
    return [text.rstrip() for text in texts(content.rows(0, 1000))]


def test_the_card_of_a_model_has_flavours_versions_and_signature() -> None:
    assert views_for(MLMODEL, "model/MLmodel").kind == "model file"
    assert card(MLMODEL, "model/MLmodel") == [
        "Model",
        "  model id       m-1",
        "  run            abc",
        "  artifact path  model",
        "  created (UTC)  2024-01-01 10:00:00.000",
        "  MLflow         3.17.2",
        "",
        "python_function",
        "  loader_module   mlflow.lightgbm",
        "  python_version  3.11.7",
        "",
        "lightgbm",
        "  lgb_version  4.3.0",
        "",
        "Signature: inputs",
        "  KMID  double",
        "  n     long, optional",
        "",
        "Signature: outputs",
        "  –  tensor of float64, shape [-1]",
    ]


def test_the_cards_of_environments_list_packages_and_versions() -> None:
    conda = (
        b"name: env\nchannels: [conda-forge]\ndependencies:\n- python=3.11.7\n- pip<=24\n- pip:\n  - mlflow==3.17.2\n"
    )
    assert card(conda, "conda.yaml") == [
        "Environment",
        "  name      env",
        "  channels  conda-forge",
        "",
        "Packages",
        "  python  =3.11.7",
        "  pip     <=24",
        "",
        "Packages of pip",
        "  mlflow  ==3.17.2",
    ]
    python_env = b"python: 3.11.7\nbuild_dependencies:\n- pip==24\ndependencies:\n- -r requirements.txt\n"
    assert card(python_env, "python_env.yaml") == [
        "Environment",
        "  python  3.11.7",
        "",
        "Packages for building",
        "  pip  ==24",
        "",
        "Packages",
        "  -r requirements.txt",
    ]
    requirements = b"# comment\nmlflow[extras]==3.17.2 ; python_version > '3.9'\nqlib @ git+https://x/y\nnumpy\n"
    assert card(requirements, "requirements.txt")[1:] == [
        "  # comment",
        "  mlflow[extras]          ==3.17.2 ; python_version > '3.9'",
        "  qlib @ git+https://x/y",
        "  numpy",
    ]


@pytest.mark.parametrize(
    ("data", "path"),
    [(b"- a\n", "MLmodel"), (b"a: [", "conda.yaml"), (b"", "python_env.yaml"), (b"[" * 300, "MLmodel")],
)
def test_a_file_that_is_something_else_says_so(data: bytes, path: str) -> None:
    with pytest.raises(ArtifactUnreadable):
        open_rows(data, "card", path)


@pytest.mark.parametrize(
    "data",
    [
        b"flavors: 3\nsignature: []\n",
        b"flavors: {a: 1, b: [2]}\nsignature: {inputs: '[', outputs: '3', params: [1]}\n",
        b'signature:\n  inputs: \'[{"name": 3, "tensor-spec": 5, "default": [1]}, 7]\'\n',
    ],
)
def test_a_model_with_wrong_types_is_shown_as_far_as_it_can_be(data: bytes) -> None:
    assert card(data, "MLmodel")[0] == "Model"
