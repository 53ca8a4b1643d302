from __future__ import annotations

from datetime import date

import pytest

from assistant.answering.abstention import abstention_reason, abstention_text, long_date
from assistant.language.terms import Term
from assistant.types import Article, SearchFilter

RAIN = Article("rain", "Rain in Leeds", "Rain fell.", published=date(2024, 3, 5))


@pytest.mark.parametrize(
    ("missing", "question", "reason"),
    [
        ((), "Did rain fall?", "no sentence answers it clearly enough"),
        ((Term("pakistan", True),), "When did Pakistan join?", "the nearest article doesn't mention “Pakistan”"),
        ((Term("join", False), Term("un", True)), "Did it join the UN?", "the nearest article doesn't mention “UN”"),
        ((Term("soldiers", False),), "How many soldiers joined?", "the nearest article doesn't mention “soldiers”"),
        ((Term("join", False),), "Did it join?", "no sentence answers it clearly enough"),
        # What holds a figure is named whole, once; a figure alone isn't.
        ((Term("8i", True),), "Who flies the P-8I?", "the nearest article doesn't mention “P-8I”"),
        ((Term("mq", True), Term("9b", True)), "Is the MQ-9B here?", "the nearest article doesn't mention “MQ-9B”"),
        ((Term("17", True),), "How many C-17s?", "the nearest article doesn't mention “C-17s”"),
        ((Term("us", True),), "Is it the India-US pact?", "the nearest article doesn't mention “US”"),
        ((Term("2030", True),), "What is due in 2030?", "the nearest article doesn't mention “2030”"),
        ((Term("2", True),), "What is $x^2$?", "no sentence answers it clearly enough"),
        (
            (Term("a1", True), Term("b2", True), Term("c3", True), Term("d4", True)),
            "A1 b2 C3 d4?",
            "the nearest article doesn't mention “A1”, “b2” or “C3”",
        ),
    ],
)
def test_the_reason_names_what_is_missing_as_the_question_writes_it(
    missing: tuple[Term, ...], question: str, reason: str
) -> None:
    assert abstention_reason(missing, question, RAIN) == reason


def test_nothing_passes_the_filter() -> None:
    reason = abstention_reason((), "Did rain fall?", None)
    only_old = SearchFilter(published_before=date(1900, 1, 1))
    assert reason == "no article passes the filter"
    assert abstention_text(reason, None, (date(2024, 3, 5), date(2024, 3, 6)), only_old) == (
        "The articles don't say: no article passes the filter. Widen the dates or the outlets."
    )


@pytest.mark.parametrize(
    ("dates", "covers"),
    [
        ((date(2016, 8, 29), date(2025, 2, 7)), " They are from 29 August 2016 to 7 February 2025."),
        ((date(2024, 3, 5), date(2024, 3, 5)), " They are of 5 March 2024."),
        (None, ""),
    ],
)
def test_the_text_says_why_what_the_articles_cover_and_what_is_nearest(dates: tuple[date, date] | None, covers: str) -> None:
    text = abstention_text("nothing fits", RAIN, dates, SearchFilter())
    assert text == f"The articles don't say: nothing fits.{covers} Nearest article: “Rain in Leeds”, 5 March 2024."


def test_the_nearest_article_may_have_no_date() -> None:
    undated = Article("rain", "Rain in Leeds", "Rain fell.")
    text = abstention_text("nothing fits", undated, None, SearchFilter())
    assert text == "The articles don't say: nothing fits. Nearest article: “Rain in Leeds”."


def test_long_date() -> None:
    assert long_date(date(2025, 2, 7)) == "7 February 2025"


def test_behind_a_filter_only_what_passes_it_is_spoken_of() -> None:
    only_new = SearchFilter(published_after=date(2024, 1, 1))
    assert abstention_text("nothing fits", RAIN, (date(2016, 8, 29), date(2025, 2, 7)), only_new) == (
        "The articles that pass the filter don't say: nothing fits. Nearest article: “Rain in Leeds”, 5 March 2024."
        " Widen the dates or the outlets."
    )
