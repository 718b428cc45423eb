"""Writes pickles of one pandas, and what they hold as JSON: `python -m tests.data.write_pickles`.

Run it from the root of the repository with Pythons that have pandas 1.5.3, 2.0.3, 2.2.3 and 3 with pyarrow; it
writes `tests/data/pickles-pandas-VERSION.tar.xz`.
"""

from __future__ import annotations

import json
import pickle
import tarfile
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from tests.data.describe import describe
from tests.data.frames import cases
from tests.data.packing import without_owner

HERE = Path(__file__).parent.resolve()
PROTOCOLS = (0, 2, 4, 5)


def write(folder: Path) -> None:
    """Write each case in each protocol, and one manifest of what this pandas itself reads from them."""
    manifest = {}
    for name, make in cases().items():
        value = _made(make)
        if value is not None:
            manifest[name] = describe(value)
            for protocol in PROTOCOLS:
                (folder / f"{name.replace('/', '_')}.{protocol}.pkl").write_bytes(pickle.dumps(value, protocol))
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=0))


def _made(make: Callable[[], Any]) -> Any:
    """The value of a case, or nothing where this pandas is too old for it."""
    try:
        return make()
    except (AttributeError, TypeError, ValueError, ImportError) as error:
        print(f"left out: {error}")
        return None


def main() -> None:
    """Write all into one archive beside this file."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write(folder)
        with tarfile.open(HERE / f"pickles-pandas-{pd.__version__}.tar.xz", "w:xz", preset=9) as archive:
            for path in sorted(folder.iterdir()):
                archive.add(path, path.name, filter=without_owner)


if __name__ == "__main__":
    main()
