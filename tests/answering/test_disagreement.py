from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answering.disagreement import disagreements, in_words, with_disagreement
from assistant.types import Answer, Article, Chunk, Citation, ScoredChunk, Sentence


class EvenScorer:
    """Gives every pair the same logit, but those that hold a word the logit of that word."""

    def __init__(self, logits: dict[str, float] | None = None) -> None:
        self._logits = logits or {}

    def score(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        found = [next((logit for word, logit in self._logits.items() if word in text), 5.0) for _, text in pairs]
        return np.array(found, dtype=np.float32)


QUESTION = "When did the port of Vasterby reopen?"


def article(name: str, text: str, year: int = 2021) -> Article:
    return Article(name, f"Vasterby {name}", text, published=date(year, 6, 1))


def evidence(articles: Sequence[Article]) -> tuple[ScoredChunk, ...]:
    chunks = [Chunk(one.article_id, one.article_id, one.text, 0, len(one.text)) for one in articles]
    return tuple(ScoredChunk(chunk, 1.0, rank, "fake") for rank, chunk in enumerate(chunks, start=1))


def cite(one: Article) -> Citation:
    quote = one.text.split(". ")[0].rstrip(".") + "."
    return Citation(1, one.article_id, one.title, None, one.published, quote, 0, len(quote), 1.0)


def found(articles: Sequence[Article], question: str = QUESTION, scorer: EvenScorer | None = None) -> str:
    known = {one.article_id: one for one in articles}
    return in_words(disagreements(question, cite(articles[0]), evidence(articles), known, scorer or EvenScorer()))


TRUE = article("gazette", "The port of Vasterby reopened on 12 May 2021. The mayor cut a ribbon of blue silk.")
LIES = [
    article("one", "The port of Vasterby reopened on 4 July 2022. Bells rang all over the old town.", 2023),
    article("two", "On 4 July 2022 the port of Vasterby reopened. Two cafes sold coffee to the crews.", 2023),
]


def test_the_values_are_counted_by_article() -> None:
    assert found([LIES[0], LIES[1], TRUE]) == "2 articles say 4 July 2022; 1 says 12 May 2021"


def test_of_as_many_the_older_comes_first() -> None:
    assert found([LIES[0], TRUE]) == "1 article says 12 May 2021; 1 says 4 July 2022"


def test_of_numbers_the_newer_comes_first_and_a_bound_far_below_is_another_value() -> None:
    first = article("first", "The flood in Vasterby killed at least 87 people. Roads were cut.", 2021)
    later = article("later", "The flood in Vasterby killed 213 people. Roads were mended.", 2022)
    near = article("near", "The flood in Vasterby killed 92 people. Roads were mended.", 2022)
    question = "How many people did the flood in Vasterby kill?"
    assert found([first, later], question) == "1 article says 213; 1 says 87"
    assert found([first, near], question) == ""


def test_a_wire_copy_counts_once() -> None:
    copy = article("copy", LIES[0].text + " By our staff.", 2023)
    assert found([LIES[0], copy, TRUE]) == "1 article says 12 May 2021; 1 says 4 July 2022"


@pytest.mark.parametrize(
    "same",
    [
        "The port of Vasterby reopened on May 12, 2021. A band played.",
        "The port of Vasterby reopened in May 2021. A band played.",
        "The port of Vasterby reopened in 2021. A band played.",
    ],
)
def test_the_same_date_in_other_words_is_no_disagreement(same: str) -> None:
    assert found([TRUE, article("other", same)]) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("reopened last year", "reopened on 12 May 2020"),
        ("reopened in May last year", "reopened on 12 May 2020"),
        # The year is inferred from a later article's, and may be wrong.
        ("reopened on 12 May", "reopened on 12 May 2019"),
        ("reopened in May", "reopened on 12 May 2019"),
        ("reopened on 12 May", "reopened in 2019"),
        ("reopened in the 2010s", "reopened on 12 May 2019"),
        # A date before which it happened contradicts none.
        ("reopened by 2020", "reopened on 12 May 2019"),
        ("reopened before the end of 2020", "reopened on 12 May 2019"),
        ("closed in 2017 and reopened two years later", "reopened on 12 May 2018"),
    ],
)
def test_a_date_that_says_less_is_no_disagreement(one: str, other: str) -> None:
    texts = [f"The port of Vasterby {said}. A band played." for said in (one, other)]
    for first, second in (texts, texts[::-1]):
        assert found([article("a", first), article("b", second)]) == ""


def test_days_of_other_months_differ_whatever_their_year() -> None:
    one, other = "The port of Vasterby reopened on 12 May.", "The port of Vasterby reopened on 4 July 2019."
    assert found([article("a", one), article("b", other)]) == "1 article says 12 May; 1 says 4 July 2019"


def test_what_goes_with_either_side_counts_for_none() -> None:
    open_ended = [article(name, "The port of Vasterby reopened in 2022. A band played.", 2023) for name in ("x", "y")]
    later = article("later", "The port of Vasterby reopened on 8 November 2022. Geese flew.", 2023)
    expected = "1 article says 8 November 2022; 1 says 4 July 2022"
    assert found([LIES[0], *open_ended, later]) == expected
    assert found([LIES[0], later, *open_ended]) == expected


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("in Paris", "in France", ""),
        ("in France", "in Paris", ""),
        ("in Paris", "in Europe", ""),
        ("in Kyiv", "in the Soviet Union", ""),
        # Either may be a part of the other, for all that is known.
        ("in Paris", "in Montmartre", ""),
        ("in Agra", "in Uttar Pradesh", ""),
        ("in Paris", "in Berlin", "1 article says Paris; 1 says Berlin"),
        ("in Paris", "in Germany", "1 article says Paris; 1 says Germany"),
        ("in India", "in Japan", "1 article says India; 1 says Japan"),
    ],
)
def test_places(one: str, other: str, said: str) -> None:
    texts = [f"The pact of Vasterby was signed {where}." for where in (one, other)]
    articles = [article(name, text) for name, text in zip("ab", texts, strict=True)]
    assert found(articles, "Where was the pact of Vasterby signed?") == said


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("4.5 million", "4.53 million", ""),
        ("4.53 million", "4.5 million", ""),
        ("5,000", "5,040", ""),
        ("5,000", "5,400", "1 article says 5,000; 1 says 5,400"),
        ("4.51 million", "4.53 million", "1 article says 4.51 million; 1 says 4.53 million"),
        ("16", "15", "1 article says 16; 1 says 15"),
    ],
)
def test_a_rounded_number_is_no_other_number(one: str, other: str, said: str) -> None:
    articles = [article(name, f"{count} people came to Vasterby.") for name, count in (("a", one), ("b", other))]
    assert found(articles, "How many people came to Vasterby?") == said


@pytest.mark.parametrize(
    "other",
    [
        "The quay of Nordby was painted on 4 July 2022.",
        "The weather was fine on 4 July 2022.",
        "Nothing was said of a date.",
    ],
)
def test_a_sentence_about_something_else_is_none(other: str) -> None:
    assert found([TRUE, article("other", other)]) == ""


def test_a_sentence_that_fits_the_question_badly_is_none() -> None:
    assert found([TRUE, LIES[0]], scorer=EvenScorer({"4 July": -3.0})) == ""


def test_another_of_the_row_is_none() -> None:
    fourth = article("fourth", "The fourth 2+2 dialogue was held on 11 April 2022.")
    fifth = article("fifth", "The fifth 2+2 dialogue was held on 10 November 2023.")
    assert found([fourth, fifth], "When was the 2+2 dialogue held?") == ""
    # The day of a date is no place in a row.
    days = [
        article(name, f"The port of Vasterby reopened on {day}.")
        for name, day in (("a", "12th May 2021"), ("b", "4th July 2022"))
    ]
    assert found(days) == "1 article says 12th May 2021; 1 says 4th July 2022"


def test_numbers() -> None:
    question = "How many people came to Vasterby?"
    some = [
        article(name, f"{count} people came to Vasterby.")
        for name, count in (("a", "300"), ("b", "5,000"), ("c", "three hundred"))
    ]
    assert found(some, question) == "2 articles say 300; 1 says 5,000"
    assert found([some[0], article("d", "Vasterby had 40 ships when people came.")], question) == ""
    bound = article("e", "More than 290 people came to Vasterby.")
    assert found([bound, some[0]], question) == ""  # 300 are more than 290
    assert found([bound, article("f", "250 people came to Vasterby.")], question) == "1 article says 290; 1 says 250"


def test_an_age_is_no_number_of_people() -> None:
    question = "How many people were infected in Vasterby?"
    toll = article("toll", "The flu in Vasterby infected 53 people.")
    assert found([toll, article("age", "The youngest person infected in Vasterby is 33.")], question) == ""
    assert found([toll, article("man", "A man of 79 was infected in Vasterby.")], question) == ""


def test_a_verb_behind_a_number_is_not_what_it_counts() -> None:
    question = "How many people have died in Vasterby?"
    three = article("three", "Three have died in Vasterby of the flu.")
    four = article("four", "Four people have died in Vasterby of the flu.", 2022)
    assert found([three, four], question) == "1 article says Four; 1 says Three"
    ships = article("ships", "Four ships have died in Vasterby of the flu.", 2022)
    people = article("people", "Three people have died in Vasterby of the flu.")
    assert found([people, ships], question) == ""


def test_the_season_before_is_no_rival() -> None:
    question = "How many goals has Rossi scored for Vasterby?"
    now = article("now", "Rossi has scored 11 goals for Vasterby.")
    before = article("before", "Rossi scored 19 goals for Vasterby last season.")
    assert found([now, before], question) == ""


def test_figures_of_sentences_that_answer_as_well_are_compared_whatever_their_words() -> None:
    question = "How many people have died in Vasterby?"
    three = article("three", "Three have died in Vasterby.")
    killed = article("killed", "The outbreak killed four people in Vasterby.", 2022)
    known = {"three": three, "killed": killed}
    assert found([three, killed], question) == ""
    stated = disagreements(question, cite(three), evidence([three, killed]), known, EvenScorer(), None, [cite(killed)])
    assert in_words(stated) == "1 article says four; 1 says Three"


def test_other_numbers_of_the_sentences_are_not_compared() -> None:
    one, other = (article(name, f"{count} people came to Vasterby on 2 ships.") for name, count in (("a", "300"), ("b", "5,000")))
    question = "How many people came to Vasterby?"
    assert found([one, other], question) == "1 article says 300; 1 says 5,000"
    both = article("c", "300 people came to Vasterby in May and 5,000 people in June.")
    assert found([other, both], question) == ""


def test_the_year_that_both_sentences_name_beside_their_days_settles_nothing() -> None:
    one, other = (
        article(name, f"In a report of 2021 the port of Vasterby reopened on {day} 2021.")
        for name, day in (("a", "12 May"), ("b", "4 July"))
    )
    assert found([one, other]) == "1 article says 12 May 2021; 1 says 4 July 2021"


def test_people() -> None:
    question = "Who reopened the port of Vasterby?"
    one = article("a", "Mayor Lena Holm reopened the port of Vasterby.")
    other = article("b", "The port of Vasterby was reopened by Karl Berg.")
    assert found([one, other], question) == "1 article says Mayor Lena Holm; 1 says Karl Berg"
    assert found([one, article("c", "Lena Holm and Karl Berg reopened the port of Vasterby.")], question) == ""


def test_a_question_for_no_value_has_no_disagreements() -> None:
    assert found([TRUE, LIES[0]], "Why did the port of Vasterby reopen?") == ""


def make_answer(one: Article, articles: Sequence[Article]) -> Answer:
    citation = cite(one)
    sentence = Sentence(citation.quote, "supported", (citation,))
    return Answer(
        QUESTION, f"{citation.quote} [1]", "4 July 2022", (sentence,), (citation,), evidence(articles), False, None, 0.9, QUESTION
    )


def test_an_answer_names_all_sides() -> None:
    articles = [*LIES, TRUE]
    answer = with_disagreement(make_answer(LIES[0], articles), {one.article_id: one for one in articles}, EvenScorer())
    assert answer.notice == "The articles differ: 2 articles say 4 July 2022; 1 says 12 May 2021."
    assert answer.short_answer == "4 July 2022 or 12 May 2021"
    assert [(c.marker, c.article_id) for c in answer.citations] == [(1, "one"), (2, "two"), (3, "gazette")]
    assert answer.text.endswith("The port of Vasterby reopened on 12 May 2021. [3]")
    for citation in answer.citations:
        text = next(one.text for one in articles if one.article_id == citation.article_id)
        assert text[citation.start : citation.end] == citation.quote


def test_an_answer_that_nobody_disputes_stays_as_it_is() -> None:
    answer = make_answer(LIES[0], LIES)
    assert with_disagreement(answer, {one.article_id: one for one in LIES}, EvenScorer()) is answer
