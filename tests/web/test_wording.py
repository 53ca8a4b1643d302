"""The words of the conversation, and that Markdown shows text exactly as it is."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Answer, Citation, Sentence
from assistant.web.wording import answer_markdown, confidence_in_words, plain

CITATION = Citation(1, "a", "T", None, date(2020, 1, 1), 'He said "no"', 0, 12, 1.0)


def answer(**changes) -> Answer:
    values = {
        "question": "Q?",
        "text": "He said no. [1] So did she. [2]",
        "short_answer": "no",
        "sentences": (Sentence("He said no.", "supported", (CITATION,)), Sentence("So did she.", "supported", (CITATION,))),
        "citations": (CITATION,),
        "evidence": (),
        "abstained": False,
        "reason": None,
        "confidence": 0.95,
        "searched_for": "Q?",
    }
    return Answer(**(values | changes))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=80))
def test_plain_keeps_the_words_and_leaves_nothing_that_markdown_reads(text):
    shown = plain(text)
    assert unescape(shown) == " ".join(text.split())
    assert not set("`*_[]<>()!|~$\\\"'") & set(shown)
    assert "\n" not in shown


def test_markers_link_to_their_place_and_show_the_quote_on_hover():
    assert '[&#91;1&#93;](#cite-4-1 "He said &#34;no&#34;")' in answer_markdown(answer(), turn=4)


def test_an_answer_grows_by_whole_sentences_and_says_how_sure_it_is_at_the_end():
    first = answer_markdown(answer(), 0, sentences=1)
    assert "He said no" in first
    assert "So did she" not in first
    assert "confident" not in first
    assert "Very confident" in answer_markdown(answer(), 0)


@pytest.mark.parametrize(
    ("confidence", "words"), [(0.95, "Very confident"), (0.75, "Fairly confident"), (0.55, "Not very confident")]
)
def test_confidence_in_words(confidence, words):
    assert confidence_in_words(answer(confidence=confidence)).startswith(words)


def test_the_reason_counts_sentences_and_articles():
    assert confidence_in_words(answer()) == "Very confident. 2 sentences, word for word from 1 article."


def test_a_rewritten_question_is_shown():
    assert "Searched for: Who else" in answer_markdown(answer(searched_for="Who else?"), 0)
    assert "Searched for" not in answer_markdown(answer(), 0)


def test_an_unsupported_sentence_says_so():
    sentence = Sentence("He said maybe.", "unsupported", ())
    assert "*(unsupported)*" in answer_markdown(answer(sentences=(sentence,), citations=()), 0)


def test_an_abstention_says_only_that():
    text = answer_markdown(
        answer(abstained=True, text="The articles don't say.", sentences=(), citations=(), short_answer=None), 0
    )
    assert unescape(text) == "The articles don't say."
