"""A writer for MLflow's databases that keeps their schema and does not use MLflow."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from qtui.entities import RUN_NAME_TAG, ExperimentInfo, RunInfo, ViewType
from qtui.errors import BadValue, StoreUnwritable
from qtui.formatting import now_ms
from qtui.query.sql import is_storable
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.repository import upload
from qtui.store.artifacts.save import save
from qtui.store.artifacts.uri import join_uri, resolve_uri
from qtui.store.changes import Applied, Change, Failure, Record, Target
from qtui.store.sql.reading import artifact_roots
from qtui.store.sql.schema.writable_tables import column_limits
from qtui.store.sql.writing import rows
from qtui.store.sql.writing.changes import apply_changes
from qtui.store.sql.writing.purge import purge, remove_leftovers
from qtui.store.sql.writing.run_log import log_batch, log_tags
from qtui.store.sql.writing.transactions import Transaction, TransactionRunner
from qtui.store.validation import check_edits, check_experiment, check_run, quote, validate_batch
from qtui.store.writer import Batch, Limits

logger = logging.getLogger(__name__)

ARTIFACT_FOLDER = "artifacts"


class SqlWriter:
    """A writer to an sqlite file or a database on a server; the first experiment creates the tables."""

    def __init__(self, uri: str, *, allow_migrate: bool = False, keep_schema: bool = False) -> None:
        self._transactions = TransactionRunner(uri, allow_migrate=allow_migrate, keep_schema=keep_schema)
        self._limits: Limits | None = None

    @property
    def uri(self) -> str:
        """The store's address in MLflow's form, including a password: redact it before showing it."""
        return self._transactions.database.uri

    @property
    def limits(self) -> Limits:
        """The maximum lengths of names and values: sqlite has none, servers those of their columns."""
        if self._limits is None:
            if self._transactions.database.kind == "sqlite":
                self._limits = Limits()
            else:
                self._limits = self._transactions.run(lambda transaction: column_limits(transaction.tables, Limits()))
        return self._limits

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> ExperimentInfo:
        """Create an experiment, and the database if there is none."""
        tags = tags or {}
        check_experiment(name, artifact_location, tags, Limits())
        self._transactions.create_database(str((self._transactions.folder or Path.cwd()) / "mlruns"))
        check_experiment(name, artifact_location, tags, self.limits)
        self._check_storable(name, *tags.values())
        return self._transactions.run(
            lambda transaction: self._create_experiment(transaction, name, artifact_location, tags)
        )

    def create_run(
        self,
        experiment: ExperimentInfo,
        *,
        name: str,
        start_time: int,
        user: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> RunInfo:
        """Create a run with the status RUNNING."""
        tags = tags or {}
        check_run(name, start_time, tags, self.limits)
        self._check_storable(name, user, *tags.values())
        run_id = uuid.uuid4().hex

        def create(transaction: Transaction) -> RunInfo:
            current = rows.active_experiment(transaction, experiment)
            location = artifact_roots.artifact_location_of(current, self._transactions.database.path)
            uri = join_uri(location, run_id, ARTIFACT_FOLDER)
            info = RunInfo(run_id, current.experiment_id, name, start_time=start_time, artifact_uri=uri, user=user)
            transaction.tables["runs"].insert(transaction.connection, [rows.run_row(info)])
            log_tags(transaction, info, {**tags, RUN_NAME_TAG: name})
            return info

        return self._transactions.run(create)

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, insert params, set tags."""
        batch = validate_batch(batch, self.limits)
        self._check_storable(*batch.params.values(), *batch.tags.values())

        def write(transaction: Transaction) -> None:
            rows.lock_active_run(transaction, info)
            log_batch(transaction, info, batch)

        self._transactions.run(write)

    def apply(self, changes: Sequence[Change], record: Record) -> Applied:
        """Write changes in one transaction, and return those that undo them."""
        if any(change.targets == (Target(""),) for change in changes):
            self._transactions.create_database(str((self._transactions.folder or Path.cwd()) / "mlruns"))
        check_edits(changes, self.limits)
        self._check_storable(*(str(value) for change in changes for value in change.values.values()))

        def write(transaction: Transaction) -> Applied:
            return apply_changes(transaction, changes, record, partial(self._create_experiment, transaction))

        return self._transactions.run(write)

    def purge_refusal(self, experiment_id: str) -> str:
        """Return nothing: everything that is deleted can be purged."""
        return ""

    def purge(self, targets: Sequence[Target]) -> tuple[Failure, ...]:
        """Remove the rows of deleted runs and experiments, in one transaction."""
        return self._transactions.run(lambda transaction: purge(transaction, targets))

    def remove_leftovers(self, *, dry_run: bool) -> int:
        """Remove rows that belong to no run any more."""
        return self._transactions.run(lambda transaction: remove_leftovers(transaction, dry_run=dry_run))

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Copy a file, or the contents of a folder, into a folder of the run's artifacts."""
        run = self._transactions.run(lambda transaction: rows.lock_active_run(transaction, info))
        database_folder = self._transactions.folder
        root = artifact_roots.find_artifact_root(run, database_folder)
        recorded = local_path(root.recorded)
        if root.folder is not None:
            self._warn_of_original(run, root.folder)
            save(root.folder, source, folder)
        elif recorded and artifact_roots.is_on_this_machine(Path(recorded), database_folder):
            save(artifact_roots.candidate_folders(recorded, database_folder)[0], source, folder)
        elif recorded is None and not root.recorded.startswith(artifact_roots.PROXIED_SCHEME):
            upload(root.recorded, source, folder)
        else:
            raise StoreUnwritable(f"The run's artifacts at {root.recorded} cannot be reached from this machine.")

    def close(self) -> None:
        """Close the connections."""
        self._transactions.database.close()

    def _create_experiment(
        self, transaction: Transaction, name: str, artifact_location: str, tags: Mapping[str, str]
    ) -> ExperimentInfo:
        rows.check_name_is_free(transaction, name)
        created = now_ms()
        location = resolve_uri(artifact_location) if artifact_location else ""
        cells = {
            "name": name,
            "artifact_location": location,
            "lifecycle_stage": ViewType.ACTIVE.value,
            "creation_time": created,
            "last_update_time": created,
        }
        experiments = transaction.tables["experiments"]
        c = experiments.table.c
        statement = experiments.table.insert().values(experiments.insert_values(cells))
        if transaction.kind == "postgresql":
            experiment_id = transaction.connection.execute(statement.returning(c.experiment_id)).scalar_one()
        else:
            experiment_id = transaction.connection.execute(statement).lastrowid
        if not location:
            root = rows.default_artifact_root(transaction, self._transactions.database.path)
            location = join_uri(root, str(experiment_id))
            of_experiment = c.experiment_id == experiment_id
            experiments.update(transaction.connection, of_experiment, artifact_location=location)
        tag_rows = ({"experiment_id": experiment_id, "key": key, "value": value} for key, value in tags.items())
        transaction.tables["experiment_tags"].insert(transaction.connection, tag_rows)
        experiment = ExperimentInfo(
            str(experiment_id), name, ViewType.ACTIVE.value, location, created, created, dict(tags)
        )
        return experiment if "creation_time" in c else replace(experiment, creation_time=None, last_update_time=None)

    def _warn_of_original(self, info: RunInfo, folder: Path) -> None:
        """Log a warning when a run's artifacts are in the store that this one was copied from."""
        database = self._transactions.database.path
        if database is not None and artifact_roots.is_left_behind(folder.parent.parent, info.experiment_id, database):
            logger.warning("The artifacts of run %s are written to another store: %s", info.run_id, folder)

    def _check_storable(self, *texts: str) -> None:
        """Check that a server can store these texts."""
        if self._transactions.database.kind != "sqlite":
            for text in texts:
                if not is_storable(text):
                    raise BadValue(f"A database server cannot store the text {quote(text)}.")
