"""Round ticks of time axes in milliseconds: local times, and durations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from qtui.formatting import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from qtui.plot.axes.limits import AxisLimits
from qtui.plot.axes.ticks import Tick, Ticks, linear_ticks, round_steps

SECOND_STEPS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
DAY_STEPS_MS = (
    *(SECOND_MS * count for count in (1, 2, 5, 10, 15, 30)),
    *(MINUTE_MS * count for count in (1, 2, 5, 10, 15, 30)),
    *(HOUR_MS * count for count in (1, 2, 3, 6, 12)),
)
DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 2, 3, 6)
MEAN_MONTH_DAYS = 30.44
MONTHS_PER_YEAR = 12


def duration_ticks(limits: AxisLimits, max_ticks: int) -> Iterator[Ticks]:
    """Yield ticks at round durations, such as `0 30m 1h 1h30m`."""
    least = _min_step(limits, max_ticks)
    for step in (*SECOND_STEPS_MS, *DAY_STEPS_MS):
        if step >= least:
            numbers = range(math.ceil(limits.low / step), math.floor(limits.high / step) + 1)
            yield Ticks(tuple(Tick(number * step, format_span(number * step, step)) for number in numbers))
    days = AxisLimits(limits.low / DAY_MS, limits.high / DAY_MS)
    for ticks in linear_ticks(days, max_ticks, integers=True):
        yield Ticks(
            tuple(Tick(tick.value * DAY_MS, f"{tick.label}d" if tick.value else "0") for tick in ticks.ticks),
            ticks.note,
        )


def format_span(milliseconds: int, precision: int) -> str:
    """Return a duration in days, hours, minutes and seconds, with the decimals that `precision` (ms) needs."""
    if not milliseconds:
        return "0"
    sign, left = "-" if milliseconds < 0 else "", abs(milliseconds)
    text = ""
    for unit, letter in ((DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "m")):
        text += f"{left // unit}{letter}" if left >= unit else ""
        left %= unit
    if left:
        decimals = 0 if precision >= SECOND_MS else 3 - int(math.log10(precision))
        text += f"{left / SECOND_MS:.{decimals}f}s"
    return sign + text


def time_ticks(limits: AxisLimits, max_ticks: int) -> Iterator[Ticks]:
    """Yield ticks at round local times; plain numbers outside the calendar."""
    least = _min_step(limits, max_ticks)
    try:
        start = datetime.fromtimestamp(limits.low / SECOND_MS)
        datetime.fromtimestamp(limits.high / SECOND_MS)
    except (ValueError, OverflowError, OSError):
        yield from linear_ticks(limits, max_ticks, integers=True)
        return
    for step in (*SECOND_STEPS_MS, *DAY_STEPS_MS):
        if step >= least:
            yield _clock_ticks(start, limits, step)
    for days in DAY_STEPS:
        if days * DAY_MS >= least:
            yield _day_ticks(start, limits, days)
    for step in MONTH_STEPS:
        if step * MEAN_MONTH_DAYS * DAY_MS >= least:
            yield _month_ticks(start, limits, step)
    for years in round_steps(max(1, least / (365.25 * DAY_MS))):
        if years.exponent > 3:
            return
        if years.exponent >= 0:
            yield _month_ticks(start, limits, int(years.times(MONTHS_PER_YEAR)))


def _min_step(limits: AxisLimits, max_ticks: int) -> float:
    """Return the minimum step for this many ticks."""
    return (limits.high / 2 - limits.low / 2) / max(1, max_ticks) * 2


def _clock_ticks(start: datetime, limits: AxisLimits, step: int) -> Ticks:
    """Return ticks at times of day."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = (start - midnight) // timedelta(milliseconds=step)
    count = int((limits.high - limits.low) / step) + 2
    moments = [midnight + timedelta(milliseconds=step) * number for number in range(first, first + count + 1)]
    return _ticks(moments, limits, lambda when: _format_time(when, step), f"{start:%Y-%m-%d}")


def _format_time(moment: datetime, step: int) -> str:
    """Return a time of day as exact as the step; the date at midnight."""
    if not (moment.hour or moment.minute or moment.second or moment.microsecond):
        return f"{moment:%m-%d}"
    if step >= MINUTE_MS:
        return f"{moment:%H:%M}"
    return f"{moment:%H:%M:%S}" + (f".{moment.microsecond // 1000:03}" if step < SECOND_MS else "")


def _day_ticks(start: datetime, limits: AxisLimits, days: int) -> Ticks:
    """Return ticks at midnights; those of whole weeks on Mondays."""
    monday = 1 if days % 7 == 0 else 0
    first = (start.toordinal() - monday) // days * days + monday
    count = int((limits.high - limits.low) / DAY_MS / days) + 2
    ordinals = (first + days * number for number in range(count + 1))
    moments = [datetime.fromordinal(when) for when in ordinals if 0 < when <= datetime.max.toordinal()]
    return _ticks(moments, limits, lambda when: f"{when:%m-%d}", f"{start.year:04}")


def _month_ticks(start: datetime, limits: AxisLimits, step: int) -> Ticks:
    """Return ticks at the first day of months or years."""
    first = (start.year * MONTHS_PER_YEAR + start.month - 1) // step
    count = int((limits.high - limits.low) / DAY_MS / MEAN_MONTH_DAYS / step) + 2
    numbers = (number * step for number in range(first, first + count + 1))
    parts = (divmod(number, MONTHS_PER_YEAR) for number in numbers)
    moments = [datetime(year, month + 1, 1) for year, month in parts if 0 < year <= datetime.max.year]
    whole_years = step % MONTHS_PER_YEAR == 0
    return _ticks(moments, limits, lambda when: f"{when.year:04}" if whole_years else f"{when.year:04}-{when:%m}")


def _ticks(moments: Sequence[datetime], limits: AxisLimits, write: Callable[[datetime], str], note: str = "") -> Ticks:
    """Return ticks at local times; one that a clock change skips or repeats appears once."""
    labels_by_time: dict[float, str] = {}
    for moment in moments:
        value = _milliseconds(moment)
        if value is not None and limits.low <= value <= limits.high:
            labels_by_time.setdefault(value, write(moment))
    return Ticks(tuple(Tick(*pair) for pair in sorted(labels_by_time.items())), note)


def _milliseconds(moment: datetime) -> float | None:
    try:
        return moment.timestamp() * SECOND_MS
    except (ValueError, OverflowError, OSError):
        return None
