from __future__ import annotations

from datetime import date

import pytest

from assistant.language.periods import find_periods

PUBLISHED = date(2025, 2, 3)


def told(text: str, published: date | None = PUBLISHED) -> list[tuple[str, date, date]]:
    return [(text[start:end], days.first, days.last) for start, end, days in find_periods(text, published)]


@pytest.mark.parametrize(
    ("text", "written", "first", "last"),
    [
        (
            "She was secretary from January 2017 until the end of December 2018.",
            "January 2017 until the end of December 2018",
            date(2017, 1, 31),
            date(2018, 12, 1),
        ),
        ("Ann Lee, minister from 2006 to 2014, died.", "2006 to 2014", date(2006, 12, 31), date(2014, 1, 1)),
        ("Between 2 May 2019 and 7 June 2020 he led it.", "2 May 2019 and 7 June 2020", date(2019, 5, 2), date(2020, 6, 7)),
        ("She took over in April 2018 and stayed until January 2021.", "April 2018 and stayed until January 2021", None, None),
        ("He was appointed in November 2014 and resigned in March 2017.", "November 2014 and resigned in March 2017", None, None),
        ("He became mayor in 2011 and was dismissed on 9 May 2014.", "2011 and was dismissed on 9 May 2014", None, None),
        ("She has led it since May 2019.", "May 2019", date(2019, 5, 31), PUBLISHED),
        ("He was in charge for more than seven years, from October 2006.", "October 2006", date(2006, 10, 31), date(2013, 10, 1)),
        ("The office was hers in 2018-2020.", "2018-2020", date(2018, 12, 31), date(2020, 1, 1)),
    ],
)
def test_a_span_of_time(text: str, written: str, first: date | None, last: date | None) -> None:
    (found,) = told(text)
    assert found[0] == written
    if first:
        assert found[1:] == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "It was signed in 2016 and in 2018.",
        "It began in 2016. He left in 2018.",
        "Rounds were held in September 2018, December 2019 and October 2020.",
        "From 2019 to 2014 is no span.",
        "She met him in 2016 and resigned in 2018.",
        "No date at all.",
        "",
    ],
)
def test_no_span_of_time(text: str) -> None:
    assert told(text) == []


def test_since_needs_to_know_the_day_of_publication() -> None:
    assert told("She has led it since May 2019.", None) == []
    assert told("She will have led it since May 2026.") == []
