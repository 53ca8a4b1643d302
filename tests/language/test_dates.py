from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.dates import MONTHS, WEEKDAYS, CalendarDate, find_dates, with_months_written_out

PUBLISHED = date(2018, 9, 10)  # a Monday
days = st.dates(date(1000, 1, 1), date(2099, 12, 31))


def dates_in(text: str, published: date | None = None) -> list[tuple[str, tuple[CalendarDate, ...]]]:
    return [(text[start:end], found) for start, end, found in find_dates(text, published)]


def ways_to_write(day: date) -> list[str]:
    month = MONTHS[day.month - 1].title()
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day not in (11, 12, 13) else 0, "th")
    return [
        f"{day.day} {month} {day.year}",
        f"{day.day:02} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{month} {day.day}{ending}, {day.year}",
        f"{day.day}{ending} of {month} {day.year}",
        f"{day.day} {month[:3]} {day.year}",
        day.isoformat(),
    ]


@given(days, st.integers(0, 6), st.sampled_from(["It rained on {}.", "On {} it rained", "({})", "Rain, {}, again"]))
def test_a_day_is_the_same_however_it_is_written(day: date, way: int, frame: str) -> None:
    written = ways_to_write(day)[way]
    assert dates_in(frame.format(written)) == [(written, (CalendarDate(day.year, day.month, day.day),))]


@given(days)
def test_a_month_and_a_year_are_found_alone(day: date) -> None:
    month = MONTHS[day.month - 1].title()
    assert dates_in(f"It rained in {month} {day.year}.") == [(f"{month} {day.year}", (CalendarDate(day.year, day.month),))]
    assert dates_in(f"It rained in {day.year}.") == [(str(day.year), (CalendarDate(day.year),))]


@given(days)
def test_less_follows_from_more_and_not_the_reverse(day: date) -> None:
    full = CalendarDate(day.year, day.month, day.day)
    month, year = CalendarDate(day.year, day.month), CalendarDate(day.year)
    assert full.says_no_more_than(full)
    assert month.says_no_more_than(full)
    assert year.says_no_more_than(month)
    assert not full.says_no_more_than(month)
    assert not month.says_no_more_than(year)
    assert CalendarDate(weekday=day.weekday()).says_no_more_than(full)
    assert not CalendarDate(weekday=(day.weekday() + 1) % 7).says_no_more_than(full)


@given(days, days)
def test_two_days_are_one_only_if_they_are(one: date, other: date) -> None:
    same = CalendarDate(one.year, one.month, one.day).says_no_more_than(CalendarDate(other.year, other.month, other.day))
    assert same == (one == other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("last Thursday", date(2018, 9, 6)),
        ("on Friday", date(2018, 9, 7)),
        ("on Monday", date(2018, 9, 10)),
        ("last Monday", date(2018, 9, 3)),
        ("on 3 November", date(2018, 11, 3)),
        ("on 20 December", date(2018, 12, 20)),
        ("on 7 January", date(2019, 1, 7)),
        ("yesterday", date(2018, 9, 9)),
        ("tomorrow", date(2018, 9, 11)),
        ("Two years ago last Thursday", date(2016, 9, 6)),
        ("Thirteen years ago today", date(2005, 9, 10)),
        ("It will be two years on Thursday", date(2018, 9, 6)),
        ("It will be two years Thursday", date(2016, 9, 6)),
        ("on 5 May last year", date(2017, 5, 5)),
        ("on 30 June next year", date(2019, 6, 30)),
    ],
)
def test_words_are_understood_from_the_day_of_publication(text: str, expected: date) -> None:
    [(_, found)] = dates_in(text, PUBLISHED)
    assert found[0].exact() == expected


def test_years_before_a_weekday_need_not_be_years_ago() -> None:
    [(written, readings)] = dates_in("He was sentenced to five years Thursday.", PUBLISHED)
    assert written == "Thursday"
    assert readings[0].exact() == date(2018, 9, 6)


@pytest.mark.parametrize("published", [PUBLISHED, None])
@pytest.mark.parametrize(
    "written",
    [
        "Thursday, July 5, 2018",
        "Thursday 5 July 2018",
        "Thursday, the 5th of July 2018",
        "Thursday evening, July 5, 2018",
        "Thursday (July 5, 2018",
        "5 July 2018, a Thursday",
        "July 5, 2018 (Thursday",
        "Thursday, 2018-07-05",
    ],
)
def test_a_weekday_beside_its_date_is_no_date_of_its_own(written: str, published: date | None) -> None:
    assert dates_in(f"They met on {written}) in Delhi.", published) == [
        (written, (CalendarDate(2018, 7, 5, weekday=3, named=True),))
    ]


@pytest.mark.parametrize(
    ("claimed", "follows"),
    [
        ("on 5 July 2018", True),
        ("on Thursday, 5 July 2018", True),
        ("on Thursday", True),
        ("in July 2018", True),
        ("on Friday", False),
        ("on 6 September 2018", False),
        ("on 13 September 2018", False),
    ],
)
def test_what_follows_from_a_weekday_and_its_date(claimed: str, follows: bool) -> None:
    [(_, one)] = dates_in(claimed, PUBLISHED)
    [(_, (passage,))] = dates_in("They met on Thursday, July 5, 2018, in Delhi.", PUBLISHED)
    assert any(reading.says_no_more_than(passage) for reading in one) is follows


def test_a_weekday_that_its_date_is_not_is_wrong() -> None:
    claimed, (_, (passage,)) = dates_in("on Friday, 5 July 2018", PUBLISHED), dates_in("on 5 July 2018")[0]
    assert not all(any(reading.says_no_more_than(passage) for reading in readings) for _, readings in claimed)


def test_a_weekday_that_follows_counts_from_the_date_before_it() -> None:
    found = dates_in("The court met on 3 May 2018 and ruled on the following Monday.", PUBLISHED)
    assert [readings for _, readings in found] == [
        (CalendarDate(2018, 5, 3),),
        (CalendarDate(2018, 5, 7, weekday=0, leans=True),),
    ]
    assert dates_in("It ruled the following Monday.", PUBLISHED) == [("the following Monday", (CalendarDate(weekday=0),))]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("next May", CalendarDate(2019, 5)),
        ("next December", CalendarDate(2018, 12)),
        ("next September", CalendarDate(2019, 9)),
        ("last May", CalendarDate(2018, 5)),
        ("last December", CalendarDate(2017, 12)),
        ("last September", CalendarDate(2017, 9)),
    ],
)
def test_the_next_and_the_last_month_of_a_name(text: str, meant: CalendarDate) -> None:
    assert dates_in(f"It rained {text}.", PUBLISHED) == [(text.split()[1], (meant,))]
    assert dates_in(f"It rained {text}.") == [(text.split()[1], (CalendarDate(month=meant.month),))]


def test_a_weekday_to_come_is_a_reading_too() -> None:
    [(_, readings)] = dates_in("a fifth is due this Friday", PUBLISHED)
    assert date(2018, 9, 14) in [reading.exact() for reading in readings]


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_one_of_the_last_seven_days(published: date, number: int) -> None:
    [(_, readings)] = dates_in(f"on {WEEKDAYS[number].title()}", published)
    day = readings[0].exact()
    assert day is not None
    assert day.weekday() == number
    assert timedelta(0) <= published - day < timedelta(7)


def test_without_a_day_of_publication_such_words_stay_open() -> None:
    assert dates_in("on Friday") == [("Friday", (CalendarDate(weekday=4),))]
    assert dates_in("last year") == []
    assert dates_in("on 3 November") == [("3 November", (CalendarDate(month=11, day=3),))]


def test_a_span_of_days_is_two_dates() -> None:
    assert dates_in("from 10 to 24 April 2023") == [
        ("10", (CalendarDate(2023, 4, 10),)),
        ("24 April 2023", (CalendarDate(2023, 4, 24),)),
    ]


@pytest.mark.parametrize("published", [PUBLISHED, None])
@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("between March and July 2018", CalendarDate(2018, 3), CalendarDate(2018, 7)),
        ("March to July 2018", CalendarDate(2018, 3), CalendarDate(2018, 7)),
        ("from November to February 2018", CalendarDate(2017, 11), CalendarDate(2018, 2)),
        ("from 30 March to 2 April 2016", CalendarDate(2016, 3, 30), CalendarDate(2016, 4, 2)),
        ("March 30 to April 2, 2016", CalendarDate(2016, 3, 30), CalendarDate(2016, 4, 2)),
        ("from 2018 to 2020", CalendarDate(2018), CalendarDate(2020)),
        ("from 2018-2020", CalendarDate(2018), CalendarDate(2020)),
        ("in 2018–2020", CalendarDate(2018), CalendarDate(2020)),
        ("in 2018-19", CalendarDate(2018), CalendarDate(2019)),
        ("in 1999-2000", CalendarDate(1999), CalendarDate(2000)),
    ],
)
def test_a_span_is_two_dates(text: str, first: CalendarDate, last: CalendarDate, published: date | None) -> None:
    assert [readings for _, readings in dates_in(text, published)] == [(first,), (last,)]


def test_a_decade_holds_its_years() -> None:
    [(_, (decade,))] = dates_in("in the 1980s")
    assert decade.says_no_more_than(CalendarDate(1986))
    assert not decade.says_no_more_than(CalendarDate(1990))
    assert not CalendarDate(1986).says_no_more_than(decade)


def test_an_apostrophe_before_the_s_of_a_decade_changes_nothing() -> None:
    assert dates_in("in the 1980's") == [("1980's", (CalendarDate(1980, decade=True),))]
    assert dates_in("2020's best film") == [("2020", (CalendarDate(2020),))]


def test_a_month_of_last_year_is_one_date() -> None:
    assert dates_in("in March last year", PUBLISHED) == [("March last year", (CalendarDate(2017, 3),))]
    assert dates_in("in March last year") == [("March", (CalendarDate(month=3),))]


@pytest.mark.parametrize(("text", "years"), [("the '90s", [1990]), ("the ’80s", [1980]), ("the '20s", [1920, 2020])])
def test_a_decade_may_be_without_its_century(text: str, years: list[int]) -> None:
    assert [readings for _, readings in dates_in(text)] == [tuple(CalendarDate(year, decade=True) for year in years)]


@pytest.mark.parametrize(
    "text",
    [
        "They may go.",
        "March on!",
        "375,000 men",
        "page 2,018",
        "room 1999b",
        "$2018",
        "Rs 2018",
        "Rs. 2018",
        "$ 2018",
        "3.2018",
        "A friday",
        "2018-05",
        "2000 soldiers took part.",
        "1800-2000 troops",
        "about 1500 km",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert dates_in(text, PUBLISHED) == []


@pytest.mark.parametrize(
    "text", ["In 2018 troops entered.", "the 2018 people's march", "in 2018 dollars", "In 2017 and 2018 men"]
)
def test_a_year_before_what_is_counted_elsewhere(text: str) -> None:
    assert dates_in(text)[-1] == ("2018", (CalendarDate(2018),))


@given(st.text(max_size=80), st.dates(date(1000, 1, 1), date(9000, 1, 1)) | st.none())
def test_any_text_can_be_read(text: str, published: date | None) -> None:
    for start, end, readings in find_dates(text, published):
        assert 0 <= start < end <= len(text)
        assert readings


@given(days)
def test_a_day_in_figures_has_every_reading_that_is_a_day(day: date) -> None:
    ((written, readings),) = dates_in(f"It rained on {day.day}/{day.month}/{day.year}.")
    assert written == f"{day.day}/{day.month}/{day.year}"
    assert readings[0] == CalendarDate(day.year, day.month, day.day)
    assert len(readings) == (2 if day.day <= 12 and day.day != day.month else 1)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("the day before", CalendarDate(1991, 12, 25, leans=True)),
        ("the next day", CalendarDate(1991, 12, 27, leans=True)),
        ("five days earlier", CalendarDate(1991, 12, 21, leans=True)),
        ("the following month", CalendarDate(1992, 1, leans=True)),
        ("a month later", CalendarDate(1992, 1, leans=True)),
        ("that year", CalendarDate(1991, leans=True)),
        ("the previous year", CalendarDate(1990, leans=True)),
        ("two years later", CalendarDate(1993, leans=True)),
        ("3 March of the same year", CalendarDate(1991, 3, 3)),
    ],
)
def test_a_date_may_lean_on_the_one_named_before(words: str, meant: CalendarDate) -> None:
    named = CalendarDate(1991, 12, 26)
    ((start, end, (found,)),) = find_dates(f"It rained {words}.", None, named)
    assert found == meant
    assert (start, end) == (10, 10 + len(words))
    assert list(find_dates(f"On 26 December 1991 it was dry; it rained {words}."))[1][2] == (meant,)


def test_what_leans_on_too_little_is_no_date() -> None:
    assert dates_in("It rained the day before.") == []
    assert dates_in("It was dry in 1991. It rained the following day.") == [("1991", (CalendarDate(1991),))]
    assert dates_in("It was dry in 1991, and it rained the day before the vote.") == [("1991", (CalendarDate(1991),))]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("It is due by mid-2023.", [(2023, None, None)]),
        ("the pre-2019 rules", [(2019, None, None)]),
        ("Jul. 4, 2020", [(2020, 7, 4)]),
        ("MAY 5, 2020", [(2020, 5, 5)]),
        ("5-May-2020", [(2020, 5, 5)]),
        ("15-05-2024", [(2024, 5, 15)]),
        ("2024-05-15T10:00:00Z", [(2024, 5, 15)]),
        ("in 2019/20", [(2019, None, None), (2020, None, None)]),
        ("in 1999-00", [(1999, None, None), (2000, None, None)]),
        ("in 1800 schools opened", [(1800, None, None)]),
        ("the 2000 elections", [(2000, None, None)]),
        ("on the fifth of May 2020", [(2020, 5, 5)]),
        ("on the twenty-first of May 2020", [(2020, 5, 21)]),
        ("May the 5th, 2020", [(2020, 5, 5)]),
        ("in FY2020", [(2020, None, None)]),
        ("FY20 revenue", [(2020, None, None)]),
        ("in FY2019-20", [(2019, None, None), (2020, None, None)]),
        ("in FY19-20", [(2019, None, None), (2020, None, None)]),
        ("by the end of March", [(None, 3, None)]),
        ("by end-March", [(None, 3, None)]),
        ("on 31/5/98", [(1998, 5, 31)]),
        # No dates.
        ("may 5 people come", []),
        ("the 9/11 attacks", []),
        ("open 24/7", []),
        ("It killed 1500 civilians.", []),
        ("2000 tourists came", []),
        ("at 1100 GMT", []),
        ("the C-1990", []),
    ],
)
def test_dates_as_outlets_write_them(text: str, meant: list[tuple[int, int | None, int | None]]) -> None:
    assert [(day.year, day.month, day.day) for _, _, [day] in find_dates(text)] == meant


def test_earlier_than_planned_is_no_date() -> None:
    dates = find_dates("It closed on 1 May 2020, two months earlier than planned.", None, CalendarDate(2016))
    assert [days for _, _, days in dates] == [(CalendarDate(2020, 5, 1),)]


def test_two_years_later_begins_a_sentence_too() -> None:
    [(_, _, [later])] = find_dates("Two years later, it ended.", None, CalendarDate(2016))
    assert later.year == 2018


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("the nov 2023 talks", "the November 2023 talks"),
        ("on 12 january 1995", "on 12 January 1995"),
        ("june 5, 2020 and sept of 2018", "June 5, 2020 and September of 2018"),
        ("in Dec. 2019", "in December 2019"),
        ("in may 2023", "in May 2023"),
        ("what may happen in 2023", "what may happen in 2023"),
        ("the march of 500 people", "the march of 500 people"),
        ("talks in nov", "talks in nov"),
        ("a decade 2020", "a decade 2020"),
        ("mid-may-2020 and octagon 2020", "mid-may-2020 and octagon 2020"),
    ],
)
def test_months_before_a_year_are_written_out(typed: str, written: str) -> None:
    assert with_months_written_out(typed) == written


@given(st.sampled_from(MONTHS), st.integers(3, 9), st.integers(1950, 2049))
def test_a_month_however_shortened_is_the_month(month: str, length: int, year: int) -> None:
    short = month if month in ("may", "june", "july") or length >= len(month) else month[:3]
    written = with_months_written_out(f"the {short} {year} talks")
    assert written == f"the {month.capitalize()} {year} talks"
    ((_, _, (found,)),) = find_dates(written)
    assert (found.year, found.month) == (year, MONTHS.index(month) + 1)
