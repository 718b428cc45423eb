"""Text that wants to command the terminal, break the layout or act as markup, and a store whose every text is such."""

from __future__ import annotations

import os
import re
from pathlib import Path

from qtui.entities import DatasetInput, ExperimentInfo, Point, Run, RunInfo
from qtui.store.files.writing.sample import write_experiment, write_run

COMMANDS = (
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b]52;c;cHduZWQ=\x1b\\",
    "\x1b]0;title\x07",
    "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[?1049l",
    "\x1b[2J\x1b[H",
    "\x1b[5;8mhidden",
    "\x1bPq\x1b\\",
    "\x1bc",
    "\x9b2J",
    "\x9d0;title\x9c",
    "\x0e\x0f\x00\x07\x08\x0b\x0c\x7f\r\n\t",
)
MARKUP = (
    "[@click=app.quit]free[/]",
    "[/]",
    "a[/foo]b",
    "[link=http://evil]x[/link]",
    "[#zzzzzz]x[/]",
    ":smile:",
    "[a-z]+",
)
WIDTHS = (
    "因子动量",
    "e\u0301" * 9,
    "a" + "\u0301" * 60,
    "👩\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3 👍🏽",
    "\u3164\u115f",
    "क्ष",
    "\u202eabc\u2066",
    "\u200b\ufeff\u2028",
    "\U000e0041",
)
ALL = (*COMMANDS, *MARKUP, *WIDTHS)

OURS = re.compile(
    r"\x1b\[[\d;]*m"  # colours
    r"|\x1b\[\d+;\d+H"  # where to draw
    r"|\x1b\[\?(?:1000|1003|1004|1006|1015|1016|1049|2004|2026|2048|25|7)[hl]"  # modes of the terminal
    r"|\x1b\[\?20(?:26|48)\$p|\x1b\[c|\x1b\]11;\?\x1b\\"  # questions to it
    r"|\x1b\[[<>]\d*u"  # the keyboard protocol
    r"|\x1b\]22;[a-z-]*\x07"  # the shape of the mouse's pointer
    r"|\r\n"
)
"""Everything that the program itself may say to a terminal beside text."""


def foreign(output: str) -> list[str]:
    """The control characters in an output that are not the program's own."""
    return re.findall(r"[\x00-\x1f\x7f-\x9f].{0,20}", OURS.sub("", output))


def write_hostile_store(root: Path) -> None:
    """A store in which every text is hostile, with names of files that are not even UTF-8."""
    for index, text in enumerate(ALL, 1):
        folder = write_experiment(root, ExperimentInfo(str(index), text, tags={"mlflow.note.content": text}))
        key = re.sub(r"[\x00/]", "", text)[:60].strip(". ") or "key"
        tags = {"mlflow.note.content": f"# {text}\n{text}", "mlflow.user": text, "mlflow.source.name": text, key: text}
        run = Run(
            RunInfo(f"{index:032x}", str(index), text, start_time=index, end_time=index + 1, user=text),
            {key: text},
            tags=tags,
            inputs=(DatasetInput(text, text, text, text),),
        )
        written = write_run(folder, run, {key: [Point(0, 1, 0.5), Point(1, 2, 0.7)]}, {key: b"x"})
        for place in ("artifacts", "params", "tags"):
            Path(os.fsdecode(os.fsencode(written / place) + b"/\xb2\xe2\x1b[2J")).write_bytes(b"1")
