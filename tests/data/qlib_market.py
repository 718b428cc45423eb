"""A small market, and the binary files from which Qlib reads it; Qlib is not needed to write them."""

from __future__ import annotations

from pathlib import Path

import numpy
import pandas
from pandas import DataFrame, MultiIndex, Series

BENCHMARK = "SH000300"
CODES = [f"SH60{number:04d}" for number in range(12)]
DAYS = pandas.bdate_range("2020-01-01", periods=40)
NAMES = ["datetime", "instrument"]


def prices(seed: int, factor: bool = True, gaps: bool = True) -> DataFrame:
    """Return prices in single precision, as Qlib stores them; with `gaps` some days are without trade."""
    generator = numpy.random.default_rng(seed)
    frames = {code: _quotes(generator, factor, gaps and code != BENCHMARK) for code in [*CODES, BENCHMARK]}
    return pandas.concat(frames, names=["instrument"]).swaplevel().sort_index()


def scores(seed: int) -> Series:
    """Return a distinct score for every instrument and day."""
    index = MultiIndex.from_product([DAYS, CODES], names=NAMES)
    return Series(numpy.random.default_rng(seed).permutation(len(index)) / len(index), index, name="score")


def write_qlib_data(frame: DataFrame, folder: Path) -> None:
    """Write prices as Qlib's data: a calendar, a list of instruments, and a file per instrument and column."""
    days = frame.index.get_level_values("datetime").unique()
    for name, text in (
        ("calendars/day.txt", "".join(f"{day:%Y-%m-%d}\n" for day in days)),
        ("instruments/all.txt", "".join(f"{code}\t{days[0]:%Y-%m-%d}\t{days[-1]:%Y-%m-%d}\n" for code in codes(frame))),
    ):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
    for code in codes(frame):
        target = folder / "features" / code.lower()
        target.mkdir(parents=True)
        for name, column in frame.xs(code, level="instrument").items():
            values = numpy.r_[0.0, column.to_numpy()].astype("<f4")
            values.tofile(target / f"{str(name).removeprefix('$')}.day.bin")


def codes(frame: DataFrame) -> list[str]:
    """Return the instruments of a frame."""
    return list(frame.index.get_level_values("instrument").unique())


def _quotes(generator: numpy.random.Generator, factor: bool, gaps: bool) -> DataFrame:
    close = 10 * numpy.cumprod(1 + generator.normal(0, 0.04, len(DAYS)))
    price = close * (1 + generator.normal(0, 0.01, len(DAYS)))
    columns = {"$close": close, "$open": price, "$volume": numpy.full(len(DAYS), 1e6)}
    if factor:
        columns["$factor"] = numpy.full(len(DAYS), generator.uniform(0.5, 2))
    table = DataFrame(columns, pandas.DatetimeIndex(DAYS, name="datetime"))
    if gaps:
        table[generator.random(len(DAYS)) < 0.04] = numpy.nan
    table["$change"] = table["$close"] / table["$close"].ffill().shift() - 1
    return table.astype("float32").astype("float64")
