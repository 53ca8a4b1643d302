"""Dates that say more or less as spans of days, so that what comes first can be told without guessing."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.language.dates import CalendarDate


@dataclass(frozen=True, slots=True)
class Interval:
    """The first and the last day that a date may mean."""

    first: date
    last: date

    def before(self, other: Interval) -> bool:
        """Whether it is before the other whatever days the two mean."""
        return self.last < other.first

    @property
    def is_day(self) -> bool:
        """Whether it means one day."""
        return self.first == self.last

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

    Of two years known as years alone the difference of their numbers is given.
    """
    early, late = (one, other) if one.first <= other.first else (other, one)
    years_alone = not (early.is_day and late.is_day)
    if years_alone and (early.first.year != early.last.year or late.first.year != late.last.year):
        return None
    if unit == "days":
        return None if years_alone else _count((late.first - early.first).days, "day")
    months = (late.first.year - early.first.year) * 12 + late.first.month - early.first.month - (late.first.day < early.first.day)
    if unit == "months":
        return None if years_alone else _count(months, "month")
    years = late.first.year - early.first.year if years_alone else months // 12
    if years == 0 and unit is None and not years_alone:
        return _count(months, "month") if months else _count((late.first - early.first).days, "day")
    return _count(years, "year") if years or unit == "years" else None


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
