"""Files of every kind: well-formed, broken, empty, huge, and under the name of every other kind."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from qtui.artifacts import decompressed
from qtui.artifacts.content import (
    Content,
    DrawingContent,
    ImageContent,
    LogContent,
    TableContent,
    TextContent,
    TreeContent,
    TreeNode,
)
from qtui.artifacts.source import Source
from qtui.artifacts.viewer import View
from qtui.artifacts.viewers import views_of
from qtui.errors import ArtifactUnreadable
from tests.unit.artifacts.sources import views_for
from tests.unit.artifacts.test_archives import tar_of, zip_of
from tests.unit.artifacts.test_documents import PAGE, pdf
from tests.unit.artifacts.test_written_text import DIFF, LOG, notebook

FRAME = pd.DataFrame({"score": [0.1, 0.2, None], "name": ["a", "动量", "c"]})
SUFFIXES = (
    *("", ".txt", ".log", ".md", ".json", ".jsonl", ".ipynb", ".yaml", ".toml", ".html", ".svg", ".diff", ".py"),
    *(".csv", ".tsv", ".parquet", ".feather", ".xlsx", ".npy", ".npz", ".pkl", ".png", ".jpg", ".pdf", ".zip"),
    *(".tar", ".gz", ".zst", ".xls", ".whl"),
)
NAMES = ("MLmodel", "conda.yaml", "requirements.txt", "config", "task")
PICKLES = ("pickle", "frame", "protocol 0")
"""Kinds that are decoded in a process of their own, which takes long."""
MUTATIONS = 12
HUGE_BYTES = 100 << 30


def saved(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def array_bytes(*, is_archive: bool) -> bytes:
    file = io.BytesIO()
    if is_archive:
        np.savez(file, a=np.arange(6).reshape(2, 3))
    else:
        np.save(file, np.arange(6).reshape(2, 3))
    return file.getvalue()


def parquet() -> bytes:
    file = io.BytesIO()
    FRAME.to_parquet(file)
    return file.getvalue()


def feather() -> bytes:
    file = io.BytesIO()
    FRAME.to_feather(file)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    FRAME.to_excel(file)
    return file.getvalue()


ZOO: dict[str, bytes] = {
    "empty": b"",
    "zeros": bytes(3000),
    "words": b"plain words\n",
    "utf16": "文字\n".encode("utf-16"),
    "json": json.dumps({"a": [1, {"b": None}], "c": "x"}).encode(),
    "lines": b'{"a": 1}\n{"a": 2}\n',
    "yaml": b"a: &x [1, 2]\nb: *x\n",
    "toml": b"[a]\nb = 1\n",
    "markdown": b"# T\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    "notebook": notebook({"cell_type": "code", "source": "x", "outputs": [{"output_type": "stream", "text": "y"}]}),
    "diff": DIFF,
    "log": LOG.encode(),
    "html": PAGE,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "pdf": pdf(b"(text) Tj", is_compressed=True),
    "csv": FRAME.to_csv().encode(),
    "tsv": FRAME.to_csv(sep="\t").encode(),
    "parquet": parquet(),
    "feather": feather(),
    "excel": workbook(),
    "logged table": json.dumps({"columns": ["a", "b"], "data": [[1, "x"], [2, None]]}).encode(),
    "npy": array_bytes(is_archive=False),
    "npy without columns": array_bytes(is_archive=False).replace(b"(2, 3)", b"(2, 0)"),
    "npz": array_bytes(is_archive=True),
    "pickle": pickle.dumps({"a": [1, 2]}),
    "frame": pickle.dumps(FRAME),
    "protocol 0": pickle.dumps([1, "x"], protocol=0),
    "png": saved(Image.new("RGBA", (5, 4)), "PNG"),
    "jpeg": saved(Image.new("RGB", (5, 4)), "JPEG"),
    "gif": saved(Image.new("P", (5, 4)), "GIF"),
    "webp": saved(Image.new("RGB", (5, 4)), "WEBP"),
    "bmp": saved(Image.new("RGB", (5, 4)), "BMP"),
    "tiff": saved(Image.new("RGB", (5, 4)), "TIFF"),
    "zip": zip_of(("../x", b"text"), ("y", bytes(100))),
    "tar": tar_of(("../x", b"text"), ("y", bytes(100))),
    "gzip": gzip.compress(b"text\n" * 100),
    "packed tar": gzip.compress(tar_of(("../x", b"text"))),
    "xz": lzma.compress(b"a,b\n1,2\n"),
    "bzip2": bz2.compress(b'{"a": 1}'),
    "zstd": b"\x28\xb5\x2f\xfd" + bytes(30),
    "environment": b"name: x\ndependencies: [python=3.11, {pip: [mlflow==3]}]\n",
    "source": b"import os\n\n\ndef f(x: int) -> str:\n    return 'x'\n",
    "model": b"flavors: {python_function: {loader_module: x}}\nsignature: {inputs: '[]'}\n",
}


def use(content: Content) -> None:
    """Read the beginning of a content as a screen does."""
    if isinstance(content, TextContent):
        content.rows(0, 50)
        list(islice(content.scan(), 3))
        content.row_count()
        list(islice(content.search("x", 0, 1), 3))
        if isinstance(content, LogContent):
            content.at_least("ERROR").rows(0, 5)
            list(islice(content.find_time(0), 3))
    elif isinstance(content, TreeContent):
        open_nodes(content.top, 3)
    elif isinstance(content, TableContent):
        columns = range(min(5, len(content.columns)))
        content.cells(0, 20, columns)
        content.row_count()
    elif isinstance(content, ImageContent):
        assert len(content.pixels(3, 2)) == 18
    elif isinstance(content, DrawingContent):
        content.draw(40, 10)


def open_nodes(nodes: object, depth: int) -> None:
    assert isinstance(nodes, list | tuple)
    for node in nodes[:20]:
        assert isinstance(node, TreeNode)
        if node.value is not None:
            node.value()
        if node.children is not None and depth:
            open_nodes(node.children(), depth - 1)


def use_all_views(data: bytes, path: str) -> None:
    use_views(views_for(data, path).views)


def use_views(views: Sequence[View]) -> None:
    assert views[-1].title == "hex"
    for view in views:
        try:
            use(view.open())
        except ArtifactUnreadable as error:
            assert str(error)


def mutations(data: bytes, seed: str) -> Iterator[bytes]:
    random = Random(seed)
    for _ in range(MUTATIONS):
        copy = bytearray(data[: random.randint(1, len(data))] if random.random() < 0.4 else data)
        for _ in range(random.randint(1, 8)):
            copy[random.randrange(len(copy))] = random.choice((0, 0xFF, random.randrange(256)))
        yield bytes(copy)


@pytest.mark.parametrize("kind", ZOO)
def test_a_file_under_any_name_is_shown_or_answered_in_a_sentence(kind: str) -> None:
    paths = (*(f"file{suffix}" for suffix in SUFFIXES), *NAMES)
    for path in paths[::6] if kind in PICKLES else paths:
        use_all_views(ZOO[kind], path)


@pytest.mark.parametrize("kind", [kind for kind, data in ZOO.items() if data])
def test_a_damaged_file_is_shown_or_answered_in_a_sentence(kind: str) -> None:
    for number, data in enumerate(mutations(ZOO[kind], kind)):
        use_all_views(data, ("file", "file.json", "file.yaml", "file.md")[number % 4])


@pytest.mark.parametrize("kind", ZOO)
def test_a_huge_file_is_shown_or_answered_in_a_sentence(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The file begins well; nothing may read its rest into memory, or look for something in all of it."""
    monkeypatch.setattr(decompressed, "MAX_BYTES_WITHOUT_CONTENT", 100_000)
    with tempfile.TemporaryFile() as file:
        file.write(ZOO[kind])
        file.truncate(HUGE_BYTES)
        use_views(views_of(Source.of_file(file, "file")).views)


def test_a_zip_in_which_the_sizes_lie_is_listed() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", b"text")
    data = bytearray(file.getvalue())
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = b"\xff\xff\xff\x7f"
    use_all_views(bytes(data), "a.zip")
