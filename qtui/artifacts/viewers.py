"""The registry of artifact viewers.

To add a viewer, write a subclass of `Viewer` in a module of its own and add an instance to `VIEWERS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from qtui.artifacts.content import Content
from qtui.artifacts.decompressed import DecompressedSource, compression_of
from qtui.artifacts.image_file import ImageViewer
from qtui.artifacts.qlib_files.backtest_report import ReportViewer
from qtui.artifacts.qlib_files.daily_correlation import CorrelationViewer
from qtui.artifacts.qlib_files.positions import PositionsViewer
from qtui.artifacts.qlib_files.predictions import PredictionsViewer
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.archives import TarViewer, ZipViewer
from qtui.artifacts.tables.arrow_file import ArrowViewer, ParquetViewer
from qtui.artifacts.tables.csv_table import CsvViewer
from qtui.artifacts.tables.excel_file import ExcelViewer
from qtui.artifacts.tables.numpy_file import NumpyArchiveViewer, NumpyViewer
from qtui.artifacts.tables.table_json import TableJsonViewer
from qtui.artifacts.text.cards import CardViewer
from qtui.artifacts.text.diff_text import DiffViewer
from qtui.artifacts.text.hex_dump import HexDump
from qtui.artifacts.text.html_text import HtmlViewer
from qtui.artifacts.text.languages import language_of
from qtui.artifacts.text.log_text import LogViewer
from qtui.artifacts.text.markdown_text import MarkdownViewer
from qtui.artifacts.text.notebook import NotebookViewer
from qtui.artifacts.text.pdf_text import PdfViewer
from qtui.artifacts.text.text_file import open_text
from qtui.artifacts.trees.pickle_file import PickleViewer
from qtui.artifacts.trees.structured import JsonLinesViewer, JsonViewer, TomlViewer, YamlViewer
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable, MissingExtra
from qtui.value_classes import dataclass


class SourceCodeViewer(Viewer):
    """Text in a language that has syntax colours."""

    name = "source code"

    def recognises(self, sample: Sample) -> bool:
        return bool(language_of(sample))

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("text", partial(open_text, source, sample.encoding, language_of(sample))),)


class TextViewer(Viewer):
    """Text of any kind, whatever its name says."""

    name = "text"

    def recognises(self, sample: Sample) -> bool:
        return sample.is_text

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("text", partial(open_text, source, sample.encoding)),)


class HexViewer(Viewer):
    """Any file as bytes."""

    name = "binary"

    def recognises(self, sample: Sample) -> bool:
        return True

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("hex", partial(HexDump, source)),)


VIEWERS: tuple[Viewer, ...] = (
    NumpyViewer(),
    NumpyArchiveViewer(),
    CorrelationViewer(),
    ReportViewer(),
    PositionsViewer(),
    PredictionsViewer(),
    ParquetViewer(),
    ArrowViewer(),
    PickleViewer(),
    CsvViewer(),
    ExcelViewer(),
    TableJsonViewer(),
    NotebookViewer(),
    MarkdownViewer(),
    DiffViewer(),
    LogViewer(),
    ImageViewer(),
    HtmlViewer(),
    PdfViewer(),
    ZipViewer(),
    TarViewer(),
    CardViewer(),
    JsonViewer(),
    JsonLinesViewer(),
    YamlViewer(),
    TomlViewer(),
    SourceCodeViewer(),
    TextViewer(),
    HexViewer(),
)
"""All viewers, the most specific first; the last two recognise any text and any file."""


@dataclass(frozen=True, slots=True)
class Views:
    """The kind of a file and the views of it, the best first, the bytes last."""

    kind: str
    views: tuple[View, ...]
    is_text: bool = False
    """Whether the file itself is text; a compressed one is not."""


def views_of(source: Source) -> Views:
    """Return the views of all viewers that recognise a file, those of the content first if it is compressed."""
    sample = Sample.of(source)
    compression = compression_of(sample.head)
    if compression is None:
        return _views(source, sample)
    raw = HexViewer().views(source, sample)
    try:
        content = DecompressedSource(source, compression)
    except MissingExtra as error:
        return Views(compression.name, (View("content", partial(_refuse, str(error))), *raw))
    inner = _views(content, Sample.of(content))
    views = [view for view in inner.views if view.title != raw[0].title]
    return Views(f"{inner.kind}, {compression.name}", (*views, *raw))


def _views(source: Source, sample: Sample) -> Views:
    viewers = [viewer for viewer in VIEWERS if viewer.recognises(sample)]
    views = [view for viewer in viewers for view in viewer.views(source, sample)]
    first = {view.title: view for view in reversed(views)}
    titles = dict.fromkeys(view.title for view in views)
    return Views(viewers[0].name, tuple(first[title] for title in titles), sample.is_text)


def _refuse(reason: str) -> Content:
    raise ArtifactUnreadable(reason)
