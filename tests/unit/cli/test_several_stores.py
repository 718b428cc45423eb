"""Commands on several stores at once."""

from __future__ import annotations

from pathlib import Path

from qtui.store import open_writer
from tests.unit.cli.conftest import Call


def test_resume_names_the_store_of_the_run(qtui: Call, tmp_path: Path) -> None:
    uris = [str(tmp_path / name) for name in ("one", "two")]
    writers = [open_writer(uri) for uri in uris]
    runs = [writer.create_run(writer.create_experiment("alpha"), name="run", start_time=1) for writer in writers]
    printed = qtui("--uri", uris[0], "--uri", uris[1], "resume", runs[1].run_id).out
    assert f"file:{uris[1]}" in printed
    assert uris[0] not in printed
