"""Dates that say more or less as spans of days, so that what comes first can be told without guessing."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.language.dates import CalendarDate

_UNITS = ("years", "months", "days")


@dataclass(frozen=True, slots=True)
class Interval:
    """The first and the last day that a date may mean."""

    first: date
    last: date

    def before(self, other: Interval) -> bool:
        """Whether it is before the other whatever days the two mean."""
        return self.last < other.first

    def covers(self, other: Interval) -> bool:
        """Whether half of the other's days or more are among its own."""
        shared = min(self.last, other.last) - max(self.first, other.first)
        return 2 * (shared.days + 1) >= (other.last - other.first).days + 1

    def months(self) -> frozenset[tuple[int, int | None]]:
        """The months that it touches, each with its year, and with None the years."""
        first, last = self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month
        touched = [(month // 12, month % 12 + 1) for month in range(first, last)]
        return frozenset(touched) | {(year, None) for year, _ in touched}

    @property
    def is_day(self) -> bool:
        """Whether it means one day."""
        return self.first == self.last

    @property
    def is_month(self) -> bool:
        """Whether it means one whole month."""
        return self == _span(CalendarDate(self.first.year, self.first.month))

    @property
    def is_year(self) -> bool:
        """Whether it means one whole year."""
        return self == _span(CalendarDate(self.first.year))

    def __str__(self) -> str:
        if self.is_day:
            return f"{self.first.day} {self.first:%B %Y}"
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"{self.first:%B %Y}"
        return str(self.first.year) if self.first.year == self.last.year else f"{self.first.year} to {self.last.year}"


def date_interval(readings: Sequence[CalendarDate]) -> Interval | None:
    """The days that a date may mean, over all its readings; None where a reading has no year or is no day of the calendar."""
    spans = [_span(reading) for reading in readings]
    if not spans or any(span is None for span in spans):
        return None
    known = [span for span in spans if span is not None]
    return Interval(min(span.first for span in known), max(span.last for span in known))


def elapsed(one: Interval, other: Interval, unit: str | None = None) -> str | None:
    """The time between two dates in whole units: "2 years"; None where the dates are not exact enough for it.

    Of two dates known as years alone, or as months alone, the difference of their numbers is given.

    Args:
        one: either date.
        other: the other one.
        unit: "years", "months" or "days"; None takes the largest of them of which there is at least one.
    """
    early, late = (one, other) if one.first <= other.first else (other, one)
    times = _times(early, late)
    if unit is None:
        unit = next((name for name in _UNITS if times.get(name) != 0), "days")
    number = times.get(unit)
    return None if number is None else _count(number, unit.removesuffix("s"))


def _times(early: Interval, late: Interval) -> dict[str, int]:
    """The time between two dates in each unit in which it is the same whatever days the two mean."""
    if early.is_year and late.is_year:
        return {"years": late.first.year - early.first.year}
    if early.is_month and late.is_month:
        months = _months(early.first, late.first)
        return {"years": months // 12, "months": months}
    least, most = _months(early.last, late.first), _months(early.first, late.last)
    times = {"years": least // 12} if least // 12 == most // 12 else {}
    if least == most:
        times["months"] = least
    if early.is_day and late.is_day:
        times["days"] = (late.first - early.first).days
    return times


def _months(start: date, end: date) -> int:
    """Whole months from one day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' * (number != 1)}"


def _span(day: CalendarDate) -> Interval | None:
    if day.year is None or not 1 <= day.year <= 9999:
        return None
    if day.decade:
        return Interval(date(day.year, 1, 1), date(day.year + 9, 12, 31))
    if day.month is None:
        return Interval(date(day.year, 1, 1), date(day.year, 12, 31))
    if day.day is None:
        return Interval(date(day.year, day.month, 1), date(day.year, day.month, calendar.monthrange(day.year, day.month)[1]))
    exact = day.exact()
    return Interval(exact, exact) if exact else None
