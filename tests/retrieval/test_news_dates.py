from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval.news_dates import Months, as_asked_of, is_news_of, months_asked

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
