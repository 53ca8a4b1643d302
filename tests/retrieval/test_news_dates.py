from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.intervals import Interval
from assistant.retrieval.news_dates import (
    Months,
    as_asked_of,
    is_news_of,
    months_asked,
    times_of_office,
    told_of_then,
    with_days_written_out,
    without_dates,
)

PUBLISHED = date(2025, 2, 7)  # a Friday
CALL = "The ministers held a call on Thursday."


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who held a call in February 2025?", "Who held a call?"),
        ("In 2025, who held a call?", "who held a call?"),
        ("What did the statement of 7 February 2025 say?", "What did the statement say?"),
        ("Who held a call on 6 February 2025?", "Who held a call?"),
        ("Who took part in Exercise Gale 2025?", "Who took part in Exercise Gale?"),
    ],
)
def test_a_date_that_the_passage_bears_out_is_not_asked_for(question: str, asked: str) -> None:
    assert as_asked_of(question, CALL, PUBLISHED) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Who held a call?",
        "Who held a call in March 2025?",
        "Who held a call in 2024?",
        "Who held a call on 5 February 2025?",
        "Who held calls before 2025?",
        "Who held calls between 2025 and 2026?",
        "What changed in 2025?",
    ],
)
def test_any_other_date_stays(question: str) -> None:
    assert as_asked_of(question, CALL, PUBLISHED) == question


def test_a_date_that_the_passage_writes_stays() -> None:
    question = "Who held a call in February 2025?"
    assert as_asked_of(question, "In February 2025 they held a call.", PUBLISHED) == question


def test_without_a_day_of_publication_nothing_is_left_out() -> None:
    assert as_asked_of("Who held a call in February 2025?", CALL, None) == "Who held a call in February 2025?"


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(-400, 400))
def test_only_the_day_of_publication_is_left_out(published: date, days: int) -> None:
    named = published + timedelta(days=days)
    question = f"Who won on {named.day} {named:%B %Y}, and where?"
    assert as_asked_of(question, "Ana won in Oslo.", published) == (question if days else "Who won, and where?")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who held a call in February 2025?", {(2025, 2)}),
        ("Who held a call on 7 February 2025?", {(2025, 2)}),
        ("Who held a call in 2025?", {(2025, None)}),
        ("Who spoke in March 2021, and who in 2022?", {(2021, 3), (2022, None)}),
        ("What happened in the autumn of 2020?", {(2020, 9), (2020, 10), (2020, 11)}),
        ("What happened in the 1990s?", set()),
        ("Who held a call?", set()),
    ],
)
def test_the_months_that_a_question_names(question: str, asked: set[tuple[int, int | None]]) -> None:
    assert months_asked(question) == asked


@pytest.mark.parametrize(
    ("asked", "share"),
    [({(2025, 2)}, 1.0), ({(2025, 3)}, 0.5), ({(2025, None)}, 0.5), ({(2024, 2)}, 0.0), ({(2024, 2), (2025, 2)}, 1.0)],
)
def test_how_far_an_article_may_be_news_of_then(asked: set[tuple[int, int | None]], share: float) -> None:
    months: Months = frozenset(asked)
    assert is_news_of(PUBLISHED, months) == share
    assert is_news_of(PUBLISHED, frozenset()) == 0


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who was running the ministry in June 2017?", True),
        ("who was foreign minister in 2016", True),
        ("Which politician was in charge of the navy on 5 May 2010?", True),
        ("What post did Ann Lee hold in June 2016?", True),
        ("Who was killed in June 2017?", False),
        ("Who signed it in June 2017?", False),
        ("What was signed in 2017?", False),
        ("Who was foreign minister?", False),
    ],
)
def test_whether_a_question_asks_who_was_in_office(question: str, asks: bool) -> None:
    assert bool(times_of_office(question)) is asks


def test_the_time_asked_about_is_left_out() -> None:
    assert without_dates("Who was running the ministry in June 2017?") == "Who was running the ministry?"
    assert without_dates("Who ran the ministry before 2017?") == "Who ran the ministry before 2017?"


TENURES = (
    "Ann Lee was minister from January 2017 until December 2018. Her deputy was Bo Dahl. "
    "Between her terms the minister was Cy Orr. He was appointed in March 2019 and resigned in May 2021."
)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2017, 6, 1), date(2017, 6, 30), "Ann Lee was minister from January 2017 until December 2018."),
        (date(2017, 1, 1), date(2017, 12, 31), "Ann Lee was minister from January 2017 until December 2018."),
        (
            date(2020, 2, 3),
            date(2020, 2, 3),
            "Between her terms the minister was Cy Orr. He was appointed in March 2019 and resigned in May 2021.",
        ),
        (date(2019, 2, 1), date(2019, 2, 28), None),
        (date(2016, 1, 1), date(2016, 12, 31), None),
    ],
)
def test_the_years_in_office_tell_of_each_day_of_them(first: date, last: date, told: str | None) -> None:
    found = [TENURES[start:end] for start, end in told_of_then(TENURES, PUBLISHED, [Interval(first, last)])]
    assert found == ([told] if told else [])


def test_days_of_the_week_are_written_out_and_lead_back() -> None:
    text = "They met on Thursday, and yesterday in Rome. On 3 May 2024 they had not."
    dated = with_days_written_out(text, PUBLISHED)
    assert dated is not None
    assert dated.text == (
        "They met on Thursday (6 February 2025), and yesterday (6 February 2025) in Rome. On 3 May 2024 they had not."
    )
    at = dated.text.index("6 February")
    assert text[dated.starts[at] : dated.ends[at + len("6 February 2025")]] == "Thursday"
    rome = dated.text.index("Rome")
    assert text[dated.starts[rome] : dated.ends[rome + 4]] == "Rome"
    assert (dated.starts[len(dated.text)], dated.ends[len(dated.text)]) == (len(text), len(text))


@pytest.mark.parametrize("text", ["It was signed on 3 May 2024.", "It was signed in May.", ""])
def test_where_there_is_no_day_of_the_week_nothing_is_written_out(text: str) -> None:
    assert with_days_written_out(text, PUBLISHED) is None


def test_without_a_day_of_publication_nothing_is_written_out() -> None:
    assert with_days_written_out(CALL, None) is None


@given(st.text(alphabet="Thursday monday, .1234() today", max_size=60))
def test_each_character_of_a_text_is_found_again(text: str) -> None:
    dated = with_days_written_out(text, PUBLISHED)
    if dated is not None:
        kept = [i for i in range(len(dated.text)) if dated.ends[i + 1] - dated.starts[i] == 1]
        assert [dated.text[i] for i in kept if dated.text[i] == text[dated.starts[i]]]
        assert set(range(len(text))) == {int(dated.starts[i]) for i in range(len(dated.text))}
