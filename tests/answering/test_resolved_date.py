from __future__ import annotations

from datetime import date

import pytest

from assistant.answering.resolved_date import with_resolved_date
from assistant.types import Answer, Citation


def answer(short: str | None, quote: str, published: date | None) -> Answer:
    citation = Citation(1, "a", "Title", None, published, quote, 0, len(quote), 1.0)
    return Answer("When?", quote, short, (), (citation,), (), False, None, 0.9, "When?")


@pytest.mark.parametrize(
    ("quote", "short", "expected"),
    [
        ("The two signed it in Washington on Monday.", "Monday", "Monday (29 August 2016)"),
        ("The two signed it in Washington on 29 August.", "29 August", "29 August (2016)"),
        ("The two signed it on 29 August 2016.", "29 August 2016", "29 August 2016"),
        ("The two signed it in Washington.", "in Washington", "in Washington"),
        ("Two signed it on Monday.", "Two", "Two"),
        ("It will be signed on Monday.", "Monday", "Monday (5 September 2016)"),
    ],
)
def test_a_date_that_leans_on_the_day_of_publication_is_written_out(quote: str, short: str, expected: str) -> None:
    assert with_resolved_date(answer(short, quote, date(2016, 8, 31))).short_answer == expected


def test_without_a_day_of_publication_nothing_is_added() -> None:
    assert with_resolved_date(answer("Monday", "It was on Monday.", None)).short_answer == "Monday"
    assert with_resolved_date(answer(None, "It was on Monday.", date(2016, 8, 31))).short_answer is None
