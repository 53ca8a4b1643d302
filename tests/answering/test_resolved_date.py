from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.resolved_date import with_resolved_date
from assistant.types import Answer, Article, Citation


def answer(short: str | None, quote: str, published: date | None, question: str = "When?") -> Answer:
    citation = Citation(1, "a", "Title", None, published, quote, 0, len(quote), 1.0)
    return Answer(question, quote, short, (), (citation,), (), False, None, 0.9, question)


def nothing_before(article_id: str) -> Article:
    return Article(article_id, "Title", "")


@pytest.mark.parametrize(
    ("quote", "short", "expected"),
    [
        ("The two signed it in Washington on Monday.", "Monday", "Monday (29 August 2016)"),
        ("The two signed it in Washington on 29 August.", "29 August", "29 August (2016)"),
        ("The two signed it on 29 August 2016.", "29 August 2016", "29 August 2016"),
        ("The two signed it in Washington.", "in Washington", "in Washington"),
        ("Two signed it on Monday.", "Two", "Two"),
        ("Ordered in September 2015, it has 15 wings.", "15", "15"),
        ("It will be signed on Monday.", "Monday", "Monday (5 September 2016)"),
        ("He said on Monday that it will be signed.", "Monday", "Monday (29 August 2016)"),
        ("It was put off on Monday due to rain.", "Monday", "Monday (29 August 2016)"),
        ("The two met on Monday before the next round.", "Monday", "Monday (29 August 2016)"),
        ("On Monday they will meet.", "Monday", "Monday (5 September 2016)"),
        ("The summit will be held in May.", "May", "May (2017)"),
        ("Elections are due on 20 May.", "20 May", "20 May (2017)"),
    ],
)
def test_a_date_that_leans_on_the_day_of_publication_is_written_out(quote: str, short: str, expected: str) -> None:
    assert with_resolved_date(answer(short, quote, date(2016, 8, 31)), nothing_before).short_answer == expected


@pytest.mark.parametrize(
    ("question", "short", "expected"),
    [
        ("What did she say?", "the habit ends on Monday", "the habit ends on Monday"),
        ("When does it end?", "on Monday at noon", "on Monday (29 August 2016) at noon"),
        ("What day was it?", "on Monday", "on Monday (29 August 2016)"),
    ],
)
def test_a_date_is_explained_where_it_is_what_was_asked(question: str, short: str, expected: str) -> None:
    given = answer(short, "She said that the habit ends on Monday at noon.", date(2016, 8, 31), question)
    assert with_resolved_date(given, nothing_before).short_answer == expected


def test_without_a_day_of_publication_nothing_is_added() -> None:
    assert with_resolved_date(answer("Monday", "It was on Monday.", None), nothing_before).short_answer == "Monday"
    assert with_resolved_date(answer(None, "It was on Monday.", date(2016, 8, 31)), nothing_before).short_answer is None


def test_the_same_year_is_that_of_the_date_named_before_the_quote() -> None:
    first, quote = "The first summit was on 12 March 2021. ", "They met in person on 24 September of the same year."
    article = Article("a", "Title", first + quote, published=date(2024, 9, 30))
    citation = Citation(1, "a", "Title", None, article.published, quote, len(first), len(article.text), 1.0)
    found = replace(answer("24 September of the same year", quote, article.published), citations=(citation,))
    assert with_resolved_date(found, lambda _: article).short_answer == "24 September of the same year (24 September 2021)"
