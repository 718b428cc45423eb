"""The first bytes of a file, by which its kind is recognised."""

from __future__ import annotations

import codecs

from qtui.artifacts.source import Source
from qtui.value_classes import dataclass

SAMPLE_BYTES = 1 << 16
MAX_CONTROL_SHARE = 0.02
"""The largest share of control characters in a text."""
CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\r\f\x1b\b")
"""Control characters that texts do not have; logs have escapes and backspaces."""
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """The path and the first bytes of a file."""

    path: str
    head: bytes
    is_part: bool = False
    """Whether the file is longer than the sample."""
    encoding: str = ""
    """The encoding of a text; empty for a binary file."""

    @classmethod
    def of(cls, source: Source) -> Sample:
        """Read the sample of a source."""
        head = source.read(0, SAMPLE_BYTES)
        return cls(source.path, head, source.has_more(len(head)), text_encoding(head))

    @property
    def name(self) -> str:
        """The last part of the path, in lower case."""
        return self.path.rpartition("/")[2].lower()

    @property
    def suffix(self) -> str:
        """The suffix of the name, with its dot, in lower case; empty if there is none."""
        stem, dot, suffix = self.name.rpartition(".")
        return f".{suffix}" if dot and stem else ""

    @property
    def is_text(self) -> bool:
        """Whether the file is a text; an empty file is one."""
        return bool(self.encoding)

    @property
    def text(self) -> str:
        """The sample decoded; empty for a binary file."""
        return self.head.decode(self.encoding, "replace") if self.encoding else ""


def text_encoding(head: bytes) -> str:
    """Return the encoding of a text by its first bytes: UTF-8, UTF-16, UTF-32 or GB 18030; empty if it is binary."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    if sum(head.count(code) for code in CONTROLS) > len(head) * MAX_CONTROL_SHARE or b"\0" in head:
        return ""
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return encoding
    return ""
