from __future__ import annotations

from datetime import date

import pytest

from assistant.language.dates import CalendarDate, find_dates
from assistant.language.intervals import Interval, date_interval, elapsed


def interval(text: str, published: date | None = None) -> Interval:
    ((_, _, readings),) = find_dates(text, published)
    found = date_interval(readings)
    assert found
    return found


@pytest.mark.parametrize(
    ("text", "shown"),
    [("30 July 2018", "30 July 2018"), ("July 2018", "July 2018"), ("in 2018", "2018"), ("the 1990s", "1990 to 1999")],
)
def test_a_date_is_a_span_of_days(text: str, shown: str) -> None:
    assert str(interval(text)) == shown


@pytest.mark.parametrize(
    ("early", "late", "certain"),
    [
        ("2016", "2018", True),
        ("30 July 2018", "31 July 2018", True),
        ("July 2018", "August 2018", True),
        ("2018", "30 July 2018", False),
        ("30 July 2018", "2018", False),
        ("2018", "2018", False),
        ("2020", "2018", False),
    ],
)
def test_what_is_first_is_told_only_where_it_is_certain(early: str, late: str, certain: bool) -> None:
    assert interval(early).before(interval(late)) is certain


def test_a_weekday_means_the_days_it_may_mean() -> None:
    thursday = interval("last Thursday", date(2018, 9, 10))
    assert thursday.first <= date(2018, 9, 6) <= thursday.last
    assert interval("in 2016").before(thursday)


@pytest.mark.parametrize(
    "readings", [(), (CalendarDate(weekday=3),), (CalendarDate(2018), CalendarDate(month=7)), (CalendarDate(2018, 2, 30),)]
)
def test_a_date_that_is_not_known_is_no_span(readings: tuple[CalendarDate, ...]) -> None:
    assert date_interval(readings) is None


@pytest.mark.parametrize(
    ("one", "other", "unit", "time"),
    [
        ("2016", "2020", None, "4 years"),
        ("2020", "2016", "years", "4 years"),
        ("2016", "2016", "years", "0 years"),
        ("30 July 2018", "29 July 2020", "years", "1 year"),
        ("30 July 2018", "30 July 2020", None, "2 years"),
        ("30 July 2018", "2 August 2018", "days", "3 days"),
        ("30 July 2018", "2 August 2018", None, "3 days"),
        ("30 July 2018", "1 October 2018", "months", "2 months"),
        ("2016", "2020", "days", None),
        ("2016", "30 July 2018", "months", None),
        ("the 1990s", "2016", "years", None),
        ("December 2017", "January 2018", None, "1 month"),
        ("December 2017", "January 2018", "years", "0 years"),
        ("July 2016", "July 2018", None, "2 years"),
        ("July 2018", "July 2018", None, None),
        ("July 2016", "September 2018", "months", "26 months"),
        ("July 2016", "September 2018", "days", None),
        ("2016", "30 July 2018", None, None),
        ("December 2017", "30 January 2020", "years", "2 years"),
        ("December 2017", "5 January 2018", None, None),
        ("December 2017", "2018", None, None),
        ("2018", "30 July 2018", None, None),
    ],
)
def test_the_time_between(one: str, other: str, unit: str | None, time: str | None) -> None:
    assert elapsed(interval(one), interval(other), unit) == time
