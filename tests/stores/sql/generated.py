"""A database with unusual values, and generated queries for it."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from mlflow.store.tracking.dbmodels import models
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

from qtui.entities import ViewType
from qtui.query.ast import (
    Aggregate,
    And,
    Comparison,
    Expr,
    Field,
    FieldKind,
    Filter,
    IsNull,
    Not,
    Operator,
    Or,
    OrderBy,
    Word,
)
from qtui.store.protocol import RunQuery
from tests.unit.query.strategies import KEYS, NUMBERS, TEXTS, TIMES

NUMERIC = (
    "0.1",
    "1e5",
    " 7 ",
    "1_000",
    "nan",
    "inf",
    "-inf",
    "-.5",
    "٣",
    "1e999",
    "0x1F",
    "5.",
    "+3",
    "1e-400",
    "-1.5",
)
CONTEXT = "mlflow.data.context"
MAX_FLOAT = 1.7976931348623157e308
RUNS = 60


class RowWriter:
    """Inserts rows like MLflow; `plain` omits values that MLflow cannot read or reads differently."""

    def __init__(self, connection: sa.Connection, experiment_ids: list[int], *, plain: bool) -> None:
        self._connection = connection
        self._experiment_ids = experiment_ids
        self._plain = plain
        self._random = Random(7)
        texts = (*TEXTS, *NUMERIC)
        self._texts = [text for text in texts if text.isascii() and "\n" not in text and text] if plain else list(texts)

    def write(self) -> None:
        """Insert all runs."""
        for number in range(RUNS):
            run_id = f"{self._random.getrandbits(128):032x}"
            name = self._pick(self._texts)
            self._insert(models.SqlRun, self._run(run_id, name if self._plain or number % 4 else None))
            if self._plain or number % 3:
                self._insert(models.SqlTag, {"run_uuid": run_id, "key": "mlflow.runName", "value": name})
            for model in (models.SqlParam, models.SqlTag):
                for key in self._some(KEYS):
                    self._insert(model, {"run_uuid": run_id, "key": key, "value": self._pick(self._texts)})
            for key in self._some(KEYS):
                self._metric(run_id, key)
            self._inputs(run_id, number)

    def _run(self, run_id: str, name: str | None) -> dict[str, Any]:
        return {
            "run_uuid": run_id,
            "name": name,
            "status": self._pick(models.RunStatusTypes),
            "lifecycle_stage": self._pick(["active"] * 5 + ["deleted"]),
            "experiment_id": self._pick(self._experiment_ids),
            "start_time": self._pick(TIMES if self._plain else (*TIMES, None)),
            "end_time": self._pick((*TIMES, None)),
            "artifact_uri": self._pick(self._texts),
            "user_id": self._pick(self._texts if self._plain else [*self._texts, None]),
        }

    def _metric(self, run_id: str, key: str) -> None:
        points = {
            (self._random.randrange(3), self._random.randrange(3), self._pick(NUMBERS))
            for _ in range(self._random.randrange(1, 5))
        }
        stored = {(step, time, *stored_value(value)) for step, time, value in points}
        for table, rows in ((models.SqlMetric, stored), (models.SqlLatestMetric, {max(stored)})):
            for step, time, value, is_nan in rows:
                cells = {"step": step, "timestamp": time, "value": value, "is_nan": is_nan}
                self._insert(table, {"run_uuid": run_id, "key": key, **cells})

    def _inputs(self, run_id: str, number: int) -> None:
        for place in range(self._random.choice([0, 0, 1, 2])):
            name = f"{number}-{place}"
            dataset = {"dataset_uuid": name, "experiment_id": self._experiment_ids[0], "digest": name, "name": name}
            source = {"dataset_source_type": "local", "dataset_source": "{}"}
            self._insert(models.SqlDataset, {**dataset, **source, "name": self._pick(self._texts)})
            ends = {"source_type": "DATASET", "source_id": name, "destination_type": "RUN", "destination_id": run_id}
            self._insert(models.SqlInput, {"input_uuid": name, **ends})
            for key in self._some((CONTEXT, "other")):
                self._insert(models.SqlInputTag, {"input_uuid": name, "name": key, "value": self._pick(self._texts)})

    def _insert(self, model: Any, row: dict[str, Any]) -> None:
        self._connection.execute(model.__table__.insert().values(row))

    def _some(self, items: tuple[str, ...]) -> list[str]:
        return self._random.sample(items, self._random.randrange(len(items)))

    def _pick(self, items: Any) -> Any:
        return self._random.choice(items)


def stored_value(value: float) -> tuple[float, bool]:
    """Return a value as MLflow stores it, and whether it is NaN."""
    if math.isnan(value):
        return 0.0, True
    return math.copysign(min(abs(value), MAX_FLOAT), value), False


def fill(uri: str, *, plain: bool = False) -> None:
    """Write generated runs into an empty MLflow database."""
    store = SqlAlchemyStore(uri, "artifacts")
    experiment_ids = [int(store.create_experiment(name)) for name in ("alpha", "beta")]
    with store.engine.begin() as connection:
        RowWriter(connection, experiment_ids, plain=plain).write()
    store._dispose_engine()


texts = st.sampled_from((*TEXTS, *NUMERIC, "%", "l%", "%B", "_", "RUNNING", "active", "1")) | st.text(max_size=4)
numbers = st.sampled_from((*NUMBERS, 7.0, 3.0, MAX_FLOAT)).filter(lambda number: not math.isnan(number)) | st.floats(
    allow_nan=False
)
wholes = st.sampled_from([*TIMES, 2**63, -(2**70)]) | st.integers(-(10**13), 10**13)
keys = st.sampled_from(KEYS) | st.text(max_size=2)
patterns = texts.map(lambda text: text.replace("\\", "")).filter(lambda text: not set(text) & set("+*?()[]{}|"))

logged = st.builds(Field, st.sampled_from([FieldKind.PARAM, FieldKind.TAG]), keys)
named = st.sampled_from(
    ["run_id", "run_name", "user_id", "status", "artifact_uri", "experiment_id", "lifecycle_stage"]
).map(lambda key: Field(FieldKind.ATTRIBUTE, key))
described = st.sampled_from(["name", "digest", "context"]).map(lambda key: Field(FieldKind.DATASET, key))
measured = st.builds(Field, st.just(FieldKind.METRIC), keys, st.sampled_from(Aggregate))
timed = st.sampled_from(["start_time", "end_time", "duration"]).map(lambda key: Field(FieldKind.ATTRIBUTE, key))
textual = logged | named | described

ORDERINGS = [Operator.EQ, Operator.NE, Operator.LT, Operator.LE, Operator.GT, Operator.GE]
leaves: st.SearchStrategy[Expr] = st.one_of(
    st.builds(Comparison, textual, st.sampled_from([Operator.EQ, Operator.NE, Operator.LIKE, Operator.ILIKE]), texts),
    st.builds(Comparison, textual, st.sampled_from([Operator.MATCH, Operator.NOT_MATCH]), patterns),
    st.builds(
        Comparison,
        textual,
        st.sampled_from([Operator.IN, Operator.NOT_IN]),
        st.lists(texts, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(Comparison, measured | logged, st.sampled_from(ORDERINGS), numbers),
    st.builds(Comparison, timed, st.sampled_from(ORDERINGS), wholes | numbers),
    st.builds(IsNull, textual | measured | timed, st.booleans()),
    st.builds(Word, texts),
)


def _combine(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, parts)


filters = st.builds(Filter, st.recursive(leaves, _combine, max_leaves=5), st.sampled_from([*TIMES, 1_760_000_001_000]))
orders = st.lists(st.builds(OrderBy, logged | named | measured | timed, st.booleans()), max_size=3).map(tuple)
queries = st.builds(
    RunQuery,
    experiment_ids=st.sampled_from([None, ("1",), ("1", "2"), ("2", "nonsense", "99"), ()]),
    view=st.sampled_from(ViewType),
    filter=st.none() | filters,
    order_by=orders,
    offset=st.sampled_from([0, 0, 1, 7, 100]),
    limit=st.sampled_from([None, 0, 1, 5, 50]),
)
