"""Questions made from the articles' sentences, and offered only where the articles answer them."""

from __future__ import annotations

import pytest
from shipped import CORPUS

from assistant.answering.suggestions import questions_from, suggest
from assistant.ingestion.loading import load_articles
from assistant.ingestion.sentences import sentence_spans
from assistant.types import Answer, Article, Chunk, Citation, ScoredChunk


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The LEMOA pact was signed in August 2016.", "When was the LEMOA pact signed?"),
        ("On 30 July 2018, India was moved to Tier-1, officials said.", "When was India moved to Tier-1?"),
        ("The 16th meeting was held in Washington on 8 October 2021.", "When was the 16th meeting held in Washington?"),
        (
            "India joined the Australia Group on 19 January 2018, after years of talks.",
            "When did India join the Australia Group?",
        ),
        (
            "India and Japan concluded a Supply Pact (SOSA) in Tokyo on Thursday.",
            "When did India and Japan conclude a Supply Pact in Tokyo?",
        ),
        ("The fifth 2+2 Dialogue took place in November 2023 in New Delhi.", "Where did the fifth 2+2 Dialogue take place?"),
        ("Prime Minister Narendra Modi opened the Zojila tunnel.", "Who opened the Zojila tunnel?"),
        ("Mr Carter, a physicist by training, signed the Delhi framework.", "Who signed the Delhi framework?"),
        ("The Delhi accord was signed by Vic Ramdass, an official.", "Who signed the Delhi accord?"),
        ("India ordered 24 helicopters from Boeing.", "How many helicopters did India order from Boeing?"),
        ("Cope India is a bilateral exercise of air forces.", "What is Cope India?"),
    ],
)
def test_a_sentence_that_fits_becomes_a_question(sentence: str, question: str):
    assert question in questions_from(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was signed in August 2016.",  # what was?
        "The two countries signed the LEMOA pact in 2016.",
        "The agreement was signed in August 2016.",  # no name says which
        "He opened the Zojila tunnel in 2024.",
        "India, which had hesitated, joined the Australia Group in 2018.",
        "India ordered ten in 2011.",
        "India ordered 24 of the helicopters in February 2020.",
        "India ended two weeks of training in Goa at the weekend.",
        '"The pact was signed in 2016," said Mr Rao.',
        "The 13th was held in Goa in August 2022.",
        "India is a member.",
        "When was the pact signed in 2016?",
        "The pact was signed",
        "",
    ],
)
def test_a_sentence_that_does_not_is_left_alone(sentence: str):
    assert questions_from(sentence) == []


def test_the_questions_of_the_shipped_corpus_read_as_questions():
    made = [
        question
        for article in load_articles(CORPUS)
        for start, end in sentence_spans(article.text)
        for question in questions_from(article.text[start:end])
    ]
    assert len(made) >= 20
    for question in made:
        first, *_ = question.split()
        assert first in {"When", "Where", "Who", "How", "What"}
        assert question.endswith("?")
        assert len(question.split()) <= 25


ARTICLE = Article(
    "a",
    "T",
    "The Goa pact was signed in 2016. The Agra pact was signed in 2017. The Pune pact was signed in 2018. "
    "The Surat pact was signed in 2019. It ended.",
)


def passage(article: Article = ARTICLE) -> ScoredChunk:
    return ScoredChunk(Chunk("c", article.article_id, article.text, 0, len(article.text)), 1.0, 1, "reader")


class Answering:
    """Answers with the sentence that names the pact, unless it was told to abstain on it."""

    def __init__(self, *unknown: str, quotes: str | None = None) -> None:
        self.unknown, self.quotes, self.asked = unknown, quotes, []

    def __call__(self, question: str) -> Answer:
        self.asked.append(question)
        name = self.quotes or question.split()[3]
        start = ARTICLE.text.index(f"The {name}")
        end = ARTICLE.text.index(".", start) + 1
        citation = Citation(1, "a", "T", None, None, ARTICLE.text[start:end], start, end, 1.0)
        abstained = name in self.unknown
        return Answer(question, "", None, (), () if abstained else (citation,), (), abstained, None, 0.9, question)


def test_at_most_three_are_offered_in_the_order_of_the_passages():
    ask = Answering()
    assert suggest([passage(), passage()], {"a": ARTICLE}, ask) == (
        "When was the Goa pact signed?",
        "When was the Agra pact signed?",
        "When was the Pune pact signed?",
    )
    assert len(ask.asked) == 3


def test_a_question_that_is_not_answered_from_its_own_sentence_is_left_out():
    assert suggest([passage()], {"a": ARTICLE}, Answering("Goa", "Pune")) == (
        "When was the Agra pact signed?",
        "When was the Surat pact signed?",
    )
    assert suggest([passage()], {"a": ARTICLE}, Answering(quotes="Surat")) == ("When was the Surat pact signed?",)


def test_what_was_asked_is_not_suggested():
    assert "When was the Goa pact signed?" not in suggest(
        [passage()], {"a": ARTICLE}, Answering(), "when was the Goa pact signed"
    )


def test_no_more_than_five_are_tried():
    text = " ".join(f"The Goa{n} pact was signed in {2000 + n}." for n in range(9))
    ask = Answering(*[f"Goa{n}" for n in range(9)], quotes="Goa")
    article = Article("b", "T", text)
    assert suggest([passage(article)], {"b": article}, ask) == ()
    assert len(ask.asked) == 5


def test_a_passage_whose_article_is_gone_is_passed_over():
    assert suggest([passage()], {}, Answering()) == ()
