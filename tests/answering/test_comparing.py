from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from assistant import Assistant
from assistant.answering.comparing import compare, names_neither
from assistant.types import Answer, Article, Chunk, Citation, ScoredChunk, Sentence

PACT = Article("pact", "The pact", "The pact was signed last Thursday in Delhi. It has ten parts.", published=date(2018, 9, 10))
ACCORD = Article(
    "accord", "The accord", "The accord was signed on 27 October 2020. It has 12 parts.", published=date(2020, 11, 2)
)


def answer(question: str, article: Article, short: str | None, confidence: float = 0.9) -> Answer:
    quote = article.text.split(". ")[0].rstrip(".") + "."
    if short and short not in quote:
        quote = article.text[len(quote) + 1 :]
    at = article.text.index(quote)
    citation = Citation(1, article.article_id, article.title, None, article.published, quote, at, at + len(quote), 1.0)
    chunk = ScoredChunk(Chunk(article.article_id, article.article_id, article.text, 0, len(article.text)), 1.0, 1, "fake")
    sentences = (Sentence(quote, "supported", (citation,)),)
    return Answer(
        question,
        f"{quote} [1]",
        short,
        sentences,
        (citation,),
        (chunk,),
        False,
        None,
        confidence,
        question,
        timings_ms={"total": 5.0},
    )


def nothing(question: str) -> Answer:
    return Answer(question, "The articles don't say.", None, (), (), (), True, "nothing found", 0.1, question)


def knowing(pact: str | None, accord: str | None) -> Callable[[str], Answer]:
    """Answers about the pact and the accord with these short answers; None: abstains."""

    def ask(question: str) -> Answer:
        article, short = (PACT, pact) if "pact" in question else (ACCORD, accord)
        return answer(question, article, short) if short else nothing(question)

    return ask


DATES = knowing("last Thursday", "27 October 2020")


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Which came first, the pact or the accord?", "pact (2018)"),
        ("Which came last, the pact or the accord?", "accord (27 October 2020)"),
        ("Was the pact signed before the accord?", "Yes (2018 and 27 October 2020)"),
        ("Was the accord signed before the pact?", "No, after (27 October 2020 and 2018)"),
        ("Was the pact signed after the accord?", "No, before (2018 and 27 October 2020)"),
        ("Was the pact signed before or after the accord?", "Before (2018 and 27 October 2020)"),
        ("How many years between the pact and the accord?", "2 years"),
    ],
)
def test_dates_are_compared_by_value(question: str, short: str) -> None:
    found = compare(question, DATES)
    assert found
    assert found.short_answer == short
    assert found.question == question


def test_each_fact_is_quoted_and_cited() -> None:
    found = compare("Which came first, the accord or the pact?", DATES)
    assert found
    assert found.text == "The accord was signed on 27 October 2020. [1] The pact was signed last Thursday in Delhi. [2]"
    assert [(c.marker, c.article_id) for c in found.citations] == [(1, "accord"), (2, "pact")]
    assert [scored.rank for scored in found.evidence] == [1, 2]
    assert found.timings_ms == {"total": 10.0}


def test_numbers_are_compared_by_value() -> None:
    ask = knowing("ten", "12")
    found = compare("In which document did the two sides write more parts, the pact or the accord?", ask)
    assert found
    assert found.short_answer == "accord (12)"


def test_how_far_a_figure_moved_is_told_from_both() -> None:
    def ask(question: str) -> Answer:
        return answer(question, *((PACT, "ten") if "2018" in question else (ACCORD, "12")))

    compared = compare("How much did the number of parts rise from 2018 to 2020?", ask)
    assert compared is not None
    assert compared.short_answer == "from ten to 12"
    assert compared.text == "It has ten parts. [1] It has 12 parts. [2]"


@pytest.mark.parametrize(
    ("question", "speaks_of_none"),
    [
        ("Which was signed first, the pact or the treaty?", False),
        ("Which was signed first, the charter or the treaty?", True),
        ("When was the charter signed?", False),
        ("What changed between the charter and the treaty?", False),
    ],
)
def test_an_answer_to_which_of_two_speaks_of_one(question: str, speaks_of_none: bool) -> None:
    assert names_neither(question, answer(question, PACT, "last Thursday")) is speaks_of_none


@pytest.mark.parametrize("ask", [knowing(None, "27 October 2020"), knowing("last Thursday", None), knowing(None, None)])
def test_without_both_facts_there_is_no_comparison(ask: Callable[[str], Answer]) -> None:
    assert compare("Which came first, the pact or the accord?", ask) is None


def test_what_the_dates_leave_open_is_not_guessed() -> None:
    assert compare("Which came first, the pact or the old pact?", DATES) is None


def test_other_questions_are_not_asked_at_all() -> None:
    def ask(question: str) -> Answer:
        raise AssertionError(question)

    assert compare("When was the pact signed?", ask) is None


def test_another_of_the_row_is_not_taken_for_it() -> None:
    fourth = Article("talks", "Talks", "The fourth round took place on 11 April 2022, the first since May.")
    fifth = Article("more", "More talks", "The fifth round took place in November 2023.")

    def ask(question: str) -> Answer:
        return answer(question, fourth, "11 April 2022") if "first" in question else answer(question, fifth, "November 2023")

    assert compare("How many years passed between the first and the fifth rounds?", ask) is None


@pytest.mark.parametrize(
    ("question", "short", "articles"),
    [
        (
            "Which came first, COMCASA or BECA?",
            "COMCASA (2018)",
            {"communications-security-pact-2018", "basic-exchange-agreement-2020"},
        ),
        ("Which is older, Malabar or Yudh Abhyas?", "Malabar (1992)", {"malabar-exercise", "yudh-abhyas-2024"}),
        ("Which is older, RIMPAC or Malabar?", "RIMPAC (1971)", {"rimpac-2024", "malabar-exercise"}),
        ("How many years between LEMOA and BECA?", "4 years", {"logistics-agreement-2016", "basic-exchange-agreement-2020"}),
    ],
)
def test_on_the_shipped_articles(shipped: Assistant, question: str, short: str, articles: set[str]) -> None:
    found = shipped.ask(question)
    assert found.short_answer == short
    assert {citation.article_id for citation in found.citations} == articles


def test_what_changed_between_two_documents_quotes_both(shipped: Assistant) -> None:
    found = shipped.ask("What changed between the 2005 and the 2015 frameworks?")
    assert {"framework-2005", "framework-2015"} <= {citation.article_id for citation in found.citations}
    assert found.short_answer is None


def test_more_than_two_are_put_in_order() -> None:
    minute = Article("minute", "The minute", "The minute was signed on 12 January 1995. It has 3 parts.")

    def ask(question: str) -> Answer:
        return answer(question, minute, "12 January 1995") if "minute" in question else DATES(question)

    found = compare("In what order were the accord, the minute and the pact signed?", ask)
    assert found
    assert found.short_answer == "minute (12 January 1995); pact (2018); accord (27 October 2020)"
    assert [citation.article_id for citation in found.citations] == ["minute", "pact", "accord"]
    assert [citation.marker for citation in found.citations] == [1, 2, 3]
    latest = compare("Which came last, the accord, the minute or the pact?", ask)
    assert latest
    assert latest.short_answer == "accord (27 October 2020)"
    assert compare("In what order were the accord, the pact and the old pact signed?", ask) is None
