"""Writes into MLflow's databases, natively and in the schema that is there."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qtui.entities import RUN_NAME_TAG, Experiment, RunInfo
from qtui.errors import BadValue, StoreUnwritable
from qtui.query.sql import is_storable, same
from qtui.store.artifacts.listing import local_path
from qtui.store.artifacts.repository import upload
from qtui.store.artifacts.save import save
from qtui.store.artifacts.uri import absolute, below
from qtui.store.sql.reading import artifact_roots
from qtui.store.sql.schema.writable_tables import limits_of
from qtui.store.sql.writing import lifecycle
from qtui.store.sql.writing.finding import active_experiment, active_run, artifact_root, check_name, run_now
from qtui.store.sql.writing.lifecycle import now
from qtui.store.sql.writing.run_log import log, log_tags
from qtui.store.sql.writing.transactions import Page, Session
from qtui.store.validation import (
    check_changes,
    check_deleted_tags,
    check_experiment,
    check_keys,
    check_run_name,
    check_texts,
    check_time,
    quote,
    validate_batch,
)
from qtui.store.writer import Batch, Changes, Limits

logger = logging.getLogger(__name__)

ARTIFACTS = "artifacts"


class SqlWriter:
    """Writes into an sqlite file or a server's database; MLflow makes it with the first experiment if need be."""

    def __init__(self, uri: str, *, allow_migrate: bool = False, keep_schema: bool = False) -> None:
        self._session = Session(uri, allow_migrate=allow_migrate, keep_schema=keep_schema)
        self._limits: Limits | None = None

    @property
    def uri(self) -> str:
        """The store's address in MLflow's form, with its password if it has one: redact before showing."""
        return self._session.target.uri

    @property
    def limits(self) -> Limits:
        """How long names and values may be: sqlite keeps to no length, servers to those of their columns."""
        if self._limits is None:
            if self._session.target.kind == "sqlite":
                self._limits = Limits()
            else:
                self._limits = self._session.write(lambda page: limits_of(page.forms, Limits()))
        return self._limits

    def create_experiment(
        self, name: str, *, artifact_location: str = "", tags: Mapping[str, str] | None = None
    ) -> Experiment:
        """A new experiment, in a new database if there is none."""
        check_experiment(name, artifact_location, tags or {}, Limits())
        self._session.make(str((self._session.folder or Path.cwd()) / "mlruns"))
        check_experiment(name, artifact_location, tags or {}, self.limits)
        self._check_storable(name, *(tags or {}).values())
        return self._session.write(lambda page: self._create_experiment(page, name, artifact_location, tags or {}))

    def create_run(
        self,
        experiment: Experiment,
        *,
        name: str,
        start_time: int,
        user: str = "",
        tags: Mapping[str, str] | None = None,
    ) -> RunInfo:
        """A new running run."""
        check_run_name(name, self.limits)
        check_time("start", start_time)
        check_texts("tag", tags or {}, self.limits.tag, self.limits)
        self._check_storable(name, user, *(tags or {}).values())
        run_id = uuid.uuid4().hex

        def create(page: Page) -> RunInfo:
            found = active_experiment(page, experiment)
            location = artifact_roots.location_of(found, self._session.target.path)
            uri = below(location, run_id, ARTIFACTS)
            info = RunInfo(run_id, found.experiment_id, name, start_time=start_time, artifact_uri=uri, user=user)
            page.forms["runs"].insert(page.connection, [lifecycle.run_row(info)])
            log_tags(page.connection, page.forms, page.kind, info, {**(tags or {}), RUN_NAME_TAG: name})
            return info

        return self._session.write(create)

    def log(self, info: RunInfo, batch: Batch) -> None:
        """Append points, add params, set tags."""
        batch = validate_batch(batch, self.limits)
        self._check_storable(*batch.params.values(), *batch.tags.values())

        def write(page: Page) -> None:
            active_run(page, info)
            log(page.connection, page.forms, page.kind, info, batch)

        self._session.write(write)

    def update_run(self, info: RunInfo, changes: Changes) -> RunInfo:
        """Change status, end or name of a run; gives the run as it stands then."""
        check_changes(changes, self.limits)
        self._check_storable(changes.name or "")

        def write(page: Page) -> RunInfo:
            active_run(page, info)
            fields = {"status": changes.status, "end_time": changes.end_time}
            given = {key: value for key, value in fields.items() if value is not None}
            if given:
                runs = page.forms["runs"]
                runs.update(page.connection, same(runs.table.c.run_uuid, info.run_id, page.kind), **given)
            if changes.name is not None:
                log_tags(page.connection, page.forms, page.kind, info, {RUN_NAME_TAG: changes.name})
            return run_now(page, info)

        return self._session.write(write)

    def delete_tags(self, info: RunInfo, keys: Collection[str]) -> None:
        """Take tags off a run; one that is not there is no error."""
        check_keys("tag", keys, self.limits)
        check_deleted_tags(keys)

        def write(page: Page) -> None:
            active_run(page, info)
            table = page.forms["tags"].table
            for key in keys:
                of_run = same(table.c.run_uuid, info.run_id, page.kind)
                page.connection.execute(table.delete().where(of_run, same(table.c.key, key, page.kind)))

        self._session.write(write)

    def delete_runs(self, infos: Sequence[RunInfo]) -> None:
        """Mark runs as deleted."""
        moment = now()
        self._session.write(lambda page: lifecycle.mark_runs(page, infos, "deleted", moment))

    def restore_runs(self, infos: Sequence[RunInfo]) -> None:
        """Make deleted runs active again."""
        self._session.write(lambda page: lifecycle.mark_runs(page, infos, "active", None))

    def delete_experiment(self, experiment: Experiment) -> None:
        """Mark an experiment and its runs as deleted."""
        self._session.write(lambda page: lifecycle.delete_experiment(page, experiment))

    def restore_experiment(self, experiment: Experiment) -> None:
        """Make a deleted experiment and all its runs active again."""
        self._session.write(lambda page: lifecycle.restore_experiment(page, experiment))

    def save_artifact(self, info: RunInfo, source: Path, folder: str = "") -> None:
        """Copy a file, or all that is in a folder, into a folder of the run's artifacts."""
        found = self._session.write(lambda page: active_run(page, info))
        beside = self._session.folder
        root = artifact_roots.root_of(found, beside)
        recorded = local_path(root.recorded)
        if root.folder is not None:
            self._warn_of_original(found, root.folder)
            save(root.folder, source, folder)
        elif recorded and artifact_roots.is_on_this_machine(Path(recorded), beside):
            save(artifact_roots.recorded_folders(recorded, beside)[0], source, folder)
        elif recorded is None and not root.recorded.startswith(artifact_roots.SERVED):
            upload(root.recorded, source, folder)
        else:
            raise StoreUnwritable(f"The run's artifacts are at {root.recorded}, which cannot be reached from here.")

    def close(self) -> None:
        """Give back connections."""
        self._session.target.close()

    def _create_experiment(self, page: Page, name: str, artifact_location: str, tags: Mapping[str, str]) -> Experiment:
        check_name(page, name)
        moment = now()
        location = absolute(artifact_location) if artifact_location else ""
        row = {
            "name": name,
            "artifact_location": location,
            "lifecycle_stage": "active",
            "creation_time": moment,
            "last_update_time": moment,
        }
        form = page.forms["experiments"]
        statement = form.table.insert().values(form.values(row))
        if page.kind == "postgresql":
            experiment_id = page.connection.execute(statement.returning(form.table.c.experiment_id)).scalar_one()
        else:
            experiment_id = page.connection.execute(statement).lastrowid
        if not location:
            location = below(artifact_root(page, self._session.target.path), str(experiment_id))
            of_it = form.table.c.experiment_id == experiment_id
            form.update(page.connection, of_it, artifact_location=location)
        tag_rows = ({"experiment_id": experiment_id, "key": key, "value": value} for key, value in tags.items())
        page.forms["experiment_tags"].insert(page.connection, tag_rows)
        experiment = Experiment(str(experiment_id), name, "active", location, moment, moment, dict(tags))
        has_times = "creation_time" in form.table.c
        return experiment if has_times else replace(experiment, creation_time=None, last_update_time=None)

    def _warn_of_original(self, info: RunInfo, folder: Path) -> None:
        """Log a warning when the artifacts of a run are those of the store that this one was copied from."""
        database = self._session.target.path
        if database is not None and artifact_roots.is_left_behind(folder.parent.parent, info.experiment_id, database):
            logger.warning("The artifacts of the run %s are written to another store: %s", info.run_id, folder)

    def _check_storable(self, *texts: str) -> None:
        """Refuse what a server cannot hold."""
        if self._session.target.kind != "sqlite":
            for text in texts:
                if not is_storable(text):
                    raise BadValue(f"A database on a server cannot hold the text {quote(text)}.")
