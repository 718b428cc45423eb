"""Tests that databases of all versions of MLflow are read alike, including newer ones."""

from __future__ import annotations

import re
import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from mlflow.store.db.utils import _get_alembic_config
from mlflow.store.tracking.dbmodels.initial_models import Base

from qtui.entities import Point, Run, RunCounts, RunInfo, Summary, ViewType
from qtui.query import parse_filter, parse_order
from qtui.query.projection import Projection
from qtui.recorder import Delete, Library, Rename, SetTags
from qtui.store.protocol import RunQuery
from qtui.store.sql import SqlStore
from qtui.store.sql.schema.tables import TABLE_COLUMNS
from tests.stores.growing import Follower

FIRST_ROWS = """
INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage)
VALUES (0, 'Default', './mlruns/0', 'active'), (1, 'gone', './mlruns/1', 'deleted');
INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, end_time, lifecycle_stage, artifact_uri,
    experiment_id)
VALUES ('a1', '', 'LOCAL', 'ann', 'FINISHED', 1000, 2000, 'active', './mlruns/0/a1/artifacts', 0),
    ('b2', 'named', 'LOCAL', 'bob', 'RUNNING', 3000, NULL, 'active', './mlruns/0/b2/artifacts', 0),
    ('c3', '', 'LOCAL', 'bob', 'FAILED', 500, 600, 'deleted', './mlruns/1/c3/artifacts', 1);
INSERT INTO tags (key, value, run_uuid) VALUES ('mlflow.runName', 'tagged', 'a1'), ('mlflow.user', 'ann', 'a1'),
    ('mlflow.user', 'bob', 'b2'), ('mlflow.user', 'bob', 'c3');
INSERT INTO params (key, value, run_uuid) VALUES ('lr', '0.1', 'a1'), ('lr', '0.01', 'b2');
INSERT INTO metrics (key, value, timestamp, run_uuid) VALUES ('loss', 1.0, 1100, 'a1'), ('loss', 0.25, 1300, 'a1'),
    ('loss', 0.5, 1200, 'a1'), ('loss', 0.75, 3100, 'b2');
"""
"""Rows as the first version of MLflow with a database could have written them."""

TAGGED = Run(
    RunInfo("a1", "0", "tagged", "FINISHED", "active", 1000, 2000, "./mlruns/0/a1/artifacts", "ann"),
    {"lr": "0.1"},
    {"loss": Point(0, 1300, 0.25)},
    {"mlflow.runName": "tagged", "mlflow.user": "ann"},
    summaries={"loss": Summary(1.0, 0.25, 0.25, 1.0, 3, 0)},
)
NAMED = Run(
    RunInfo("b2", "0", "named", "RUNNING", "active", 3000, None, "./mlruns/0/b2/artifacts", "bob"),
    {"lr": "0.01"},
    {"loss": Point(0, 3100, 0.75)},
    {"mlflow.user": "bob"},
    summaries={"loss": Summary(0.75, 0.75, 0.75, 0.75, 1, 0)},
)
ALL_VALUES = Projection(None, None, None, inputs=True, summaries=None)
SCRIPTS = ScriptDirectory.from_config(_get_alembic_config("sqlite://"))
FIRST = "before the first migration"
OURS = re.compile(rf"""["']({"|".join(TABLE_COLUMNS)})["']""")
"""A table that qtui reads, in the source of a migration."""
MIGRATIONS = list(SCRIPTS.walk_revisions())[::-1]
REVISIONS = [
    FIRST,
    *(migration.revision for migration in MIGRATIONS if OURS.search(Path(migration.path).read_text())),
    "head",
]


@pytest.fixture(scope="module")
def databases_by_revision(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return databases with the same rows in the schema of every version, made with MLflow's migrations."""
    folder = tmp_path_factory.mktemp("schemas")
    growing = folder / "growing.db"
    engine = sa.create_engine(f"sqlite:///{growing}")
    Base.metadata.create_all(engine)
    with closing(sqlite3.connect(growing)) as connection:
        connection.executescript(FIRST_ROWS)
    versions = {}
    with warnings.catch_warnings(action="ignore"):
        for revision in REVISIONS:
            upgrade(engine, revision)
            versions[revision] = Path(shutil.copy(growing, folder / f"{revision}.db"))
    engine.dispose()
    return versions


def upgrade(engine: sa.Engine, revision: str) -> None:
    """Migrate like MLflow."""
    if revision != FIRST:
        config = _get_alembic_config(str(engine.url))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)


@pytest.fixture(params=REVISIONS)
def store(request: pytest.FixtureRequest, databases_by_revision: dict[str, Path]) -> Iterator[SqlStore]:
    """Return a store over the database of each version."""
    store = SqlStore(f"sqlite:///{databases_by_revision[request.param]}")
    yield store
    store.close()


def test_values_are_equal_in_all_versions(store: SqlStore) -> None:
    assert {experiment.name for experiment in store.experiments(ViewType.ALL).items} == {"Default", "gone"}
    assert store.counts() == {"0": RunCounts(2, running=1, finished=1), "1": RunCounts()}
    page = store.search(RunQuery(projection=ALL_VALUES))
    assert (page.runs, page.total, page.problems) == ((NAMED, TAGGED), 2, ())
    history, problems = store.history(TAGGED.info, "loss")
    assert (history.values.tolist(), history.timestamps.tolist()) == ([1.0, 0.5, 0.25], [1100, 1200, 1300])
    assert store.last_write(TAGGED.info) == 2000
    assert not problems
    assert not list(store.examine())


def test_new_points_are_followed(store: SqlStore, tmp_path: Path) -> None:
    database = Path(shutil.copy(store.uri.removeprefix("sqlite:///"), tmp_path / "mlflow.db"))
    with closing(SqlStore(f"sqlite:///{database}")) as store, closing(sqlite3.connect(database)) as connection:
        follower = Follower(store, TAGGED.info, "loss")
        follower.read()
        for row in ((1.0, 1400), (2.0, 1500), (3.0, 1250)):
            connection.execute("INSERT INTO metrics (key, run_uuid, value, timestamp) VALUES ('loss', 'a1', ?, ?)", row)
            connection.commit()
            follower.read()
            assert follower.points == follower.all_points()


def test_edits_keep_the_schema_of_all_versions_and_are_undone(store: SqlStore, tmp_path: Path) -> None:
    database = Path(shutil.copy(store.uri.removeprefix("sqlite:///"), tmp_path / "mlflow.db"))
    before = dump(database)
    if "latest_metrics" not in "".join(before):
        pytest.skip("Only MLflow 1.3 and later write the table that every writer needs.")
    with Library(f"sqlite:///{database}") as library:
        runs = [TAGGED.info, NAMED.info]
        library.apply(SetTags(runs, {"mlflow.user": "eve", "new": "1"}), Rename(runs, "other"), Delete(runs))
        [infos] = library.infos(view=ViewType.DELETED)
        assert {info.name for info in infos.items if info.run_id != "c3"} == {"other"}
        assert schema(dump(database)) == schema(before)
        assert library.undo().failures == ()
    assert dump(database) == before


def dump(database: Path) -> list[str]:
    """Return the statements that create a database with its rows."""
    with closing(sqlite3.connect(database)) as connection:
        return sorted(connection.iterdump())


def schema(statements: list[str]) -> list[str]:
    """Return the statements that create tables, and the revision."""
    return [statement for statement in statements if "CREATE" in statement or "alembic_version" in statement]


def test_searches_work_in_all_versions(store: SqlStore) -> None:
    newest = "first(metrics.loss) = 1 AND NOT dataset.name = 'x' AND tags.lost IS NULL"
    for text in ("metrics.loss < 0.5", "name = 'tagged'", "min(metrics.loss) < 0.5", newest):
        query = RunQuery(filter=parse_filter(text), order_by=(parse_order("metrics.loss"),))
        assert [run.info.run_id for run in store.search(query).runs] == ["a1"]


def test_newer_database_is_read_with_its_columns(databases_by_revision: dict[str, Path], tmp_path: Path) -> None:
    newer = Path(shutil.copy(databases_by_revision["head"], tmp_path / "newer.db"))
    with closing(sqlite3.connect(newer)) as connection:
        connection.executescript(
            """
            UPDATE alembic_version SET version_num = 'fffffffffff1';
            ALTER TABLE runs ADD COLUMN mood TEXT DEFAULT 'good';
            ALTER TABLE runs DROP COLUMN source_name;
            ALTER TABLE experiments DROP COLUMN last_update_time;
            DROP TABLE input_tags;
            """
        )
    with closing(SqlStore(f"sqlite:///{newer}")) as store:
        assert store.search(RunQuery(projection=ALL_VALUES)).runs == (NAMED, TAGGED)


def test_migration_during_use_is_detected(databases_by_revision: dict[str, Path], tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"
    shutil.copy(databases_by_revision[FIRST], database)
    with closing(SqlStore(f"sqlite:///{database}")) as store:
        before = store.search(RunQuery(projection=ALL_VALUES))
        shutil.copy(databases_by_revision["head"], database)
        assert store.search(RunQuery(projection=ALL_VALUES)) == before
