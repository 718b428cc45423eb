"""The base of the views of two of the compared runs, and the tables in their artifacts."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from qtui.entities import RunInfo
from qtui.text import display
from qtui.tui.messages import ChooseOne
from qtui.tui.present.choices import Choice
from qtui.tui.widgets.compare.view import ArtifactReader, CompareWidget

if TYPE_CHECKING:
    from pandas import DataFrame

MAX_READ_BYTES = 1 << 26
"""The largest file whose content is compared."""
PICKLE_SUFFIXES, TEXT_SUFFIX, COLUMNAR_SUFFIX = ("pkl", "pickle"), "csv", "parquet"


class PairView(CompareWidget):
    """Base of the views of the baseline, or else of the first run, beside another run."""

    def __init__(self) -> None:
        super().__init__()
        self._other: str | None = None
        """The ID of the second run; None for the first one that is not the baseline."""

    @property
    def pair(self) -> tuple[RunInfo, RunInfo] | None:
        """The two runs."""
        comparison, infos = self.comparison, self.comparison.frame.infos
        if len(comparison.order) < 2:
            return None
        first = comparison.order[0] if comparison.baseline is None else comparison.baseline
        others = [run for run in comparison.order if run != first]
        second = next((run for run in others if infos[run].run_id == self._other), others[0])
        return infos[first], infos[second]

    @property
    def pair_names(self) -> tuple[str, ...]:
        """The names of both runs, which differ."""
        rows = [self.comparison.frame.row(info.run_id) for info in self.pair or ()]
        return tuple(self.comparison.names[row] for row in rows if row is not None)

    @property
    def compared_run(self) -> int | None:
        """The second run."""
        return self.comparison.frame.row(self.pair[1].run_id) if self.pair else None

    def action_choose_plot_axis(self) -> None:
        """Ask for the second run."""
        if self.pair is None:
            return
        comparison, first = self.comparison, self.pair[0]
        infos = [(comparison.names[run], comparison.frame.infos[run]) for run in comparison.order]
        choices = [Choice(info.run_id, display(name)) for name, info in infos if info.run_id != first.run_id]

        def use(run_id: str) -> None:
            self._other = run_id
            self.show_comparison(self.comparison)

        chosen = self.pair[1].run_id
        title = f"Compare {display(self.pair_names[0])} with"
        self.post_message(ChooseOne(title, choices, chosen, on_answer=use).set_sender(self))


def is_table_path(path: str) -> bool:
    """Return whether the name of a file is that of a table, or of a pickle that may have one."""
    return path.rpartition(".")[2].lower() in (*PICKLE_SUFFIXES, TEXT_SUFFIX, COLUMNAR_SUFFIX)


def read_frame(artifacts: ArtifactReader, info: RunInfo, path: str) -> DataFrame | None:
    """Return the table in a file: a pickled frame or series, CSV or Parquet; None for any other file."""
    import pandas

    suffix = path.rpartition(".")[2].lower()
    if suffix in PICKLE_SUFFIXES:
        value = artifacts.read_pickle(info, path)
        if isinstance(value, pandas.Series):
            return value.to_frame()
        return value if isinstance(value, pandas.DataFrame) else None
    if suffix in (TEXT_SUFFIX, COLUMNAR_SUFFIX):
        file = io.BytesIO(artifacts.content(info, path, MAX_READ_BYTES))
        try:
            return pandas.read_csv(file) if suffix == TEXT_SUFFIX else pandas.read_parquet(file)
        except (ValueError, ImportError):
            return None
    return None
