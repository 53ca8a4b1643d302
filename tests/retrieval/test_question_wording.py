"""A question put into the corpus's own words."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.words import common_words
from assistant.retrieval.wording import (
    CorpusWording,
    as_done_in,
    as_named_in,
    as_titled_in,
    quotations,
    without_expansions,
    without_latest,
    without_question_words,
)

TEXTS = [
    "India signed the Basic Exchange and Cooperation Agreement. It uses the Strategic Trade Authorization.",
    "The General Security of Military Information Agreement came first.",
    "Pete Hegseth spoke of the Gurukul lessons and of an introductory call; the systems were activated in New Delhi.",
]


def stem(word: str) -> str:
    """Enough of a stemmer for these words."""
    return word.removesuffix("ly").removesuffix("s")


@pytest.fixture(scope="module")
def wording() -> CorpusWording:
    return CorpusWording(lambda: TEXTS, common_words(), stem)


@pytest.mark.parametrize(
    ("asked", "searched"),
    [
        ("when was BECA signed?", "when was BECA (Basic Exchange and Cooperation Agreement) signed?"),
        ("GSOMIA?", "GSOMIA (General Security of Military Information Agreement)?"),
        ("beca date", "BECA (Basic Exchange and Cooperation Agreement) date"),
        ("waht is the guruckul", "what is the Gurukul"),
        ("did Hegseht have an introductry call", "did Hegseth have an introductory call"),
        ("wich country", "which country"),
        ("whats the gurukul", "what is the Gurukul"),
        # What English knows is no misspelling, even where the articles don't use it.
        ("what is the speed of Austria", "what is the speed of Austria"),
        # Nor is the contrary of a word.
        ("when were the systems deactivated", "when were the systems deactivated"),
        # An acronym that nothing stands for stays as it is.
        ("when was XQZW signed?", "when was XQZW signed?"),
        ("2+2 in 2018?", "2+2 in 2018?"),
    ],
)
def test_the_question_is_restated(wording: CorpusWording, asked: str, searched: str) -> None:
    assert wording.restate(asked) == searched


def test_a_word_that_asks_goes_before_one_that_the_articles_have() -> None:
    wording = CorpusWording(lambda: ["They talked with one another, with care, with a smile."], frozenset({"year"}), stem)
    assert wording.restate("wich year") == "which year"


def test_a_form_of_a_known_word_gives_way_only_to_the_same_letters() -> None:
    wording = CorpusWording(lambda: ["The soldiers were trainees."], frozenset({"solider", "trainer"}), stem)
    assert wording.restate("how many soliders and trainers") == "how many soldiers and trainers"


def test_the_articles_are_read_only_when_a_word_needs_them() -> None:
    def unread() -> list[str]:
        raise AssertionError("read")

    known = CorpusWording(unread, common_words(), stem)
    assert known.restate("when was the agreement signed?") == "when was the agreement signed?"


@given(st.text(max_size=60))
def test_any_text_can_be_restated_and_known_words_stay(text: str) -> None:
    wording = CorpusWording(lambda: TEXTS, common_words(), stem)
    restated = wording.restate(f"{text} agreement")
    assert restated.endswith(" agreement")


def test_an_expansion_can_be_taken_back(wording: CorpusWording) -> None:
    asked = "was STA (the exception) moved after BECA?"
    assert without_expansions(wording.restate("was STA moved after BECA?")) == "was STA moved after BECA?"
    assert without_expansions(asked) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The pact, BECA, came last.", "When was BECA signed?"),
        ("The Basic Exchange Agreement came last.", "When was Basic Exchange Agreement signed?"),
        ("The basic exchange agreement came last.", "When was Basic Exchange Agreement signed?"),
        ("The Basic Exchange Agreement (BECA) came last.", "When was BECA (Basic Exchange Agreement) signed?"),
        ("The BECAs came last.", "When was BECA (Basic Exchange Agreement) signed?"),
    ],
)
def test_a_text_is_asked_in_its_own_choice_of_acronym_and_name(text: str, asked: str) -> None:
    assert as_named_in(text, "When was BECA (Basic Exchange Agreement) signed?") == asked
    assert as_named_in(text, "When was it signed?") == "When was it signed?"


def test_what_letters_stand_for_is_asked_with_both() -> None:
    asked = "What does BECA (Basic Exchange Agreement) stand for?"
    assert as_named_in("The Basic Exchange Agreement came last.", asked) == asked


@pytest.mark.parametrize(
    ("text", "question", "asked"),
    [
        ("The pact, concluded on Monday, has ten parts.", "When was the pact signed?", "When was the pact concluded?"),
        ("They will conclude the pact on Monday.", "When did they sign it?", "When did they conclude it?"),
        ("The pact was signed on Monday.", "When did they conclude the pact?", "When did they sign the pact?"),
        ("Signed on Monday, it was soon concluded.", "When was it signed?", "When was it signed?"),
        ("It was signed; talks concluded.", "When was it signed?", "When was it signed?"),
        ("It was agreed on Monday.", "When was it signed?", "When was it signed?"),
        ("The pact, concluded on Monday.", "What does a signal mean?", "What does a signal mean?"),
        ("It ordered ten.", "How many has it bought?", "How many has it ordered?"),
        ("They wanted to buy ten.", "How many did they order?", "How many did they buy?"),
        ("It was bought in order to fly.", "How many has it bought?", "How many has it bought?"),
    ],
)
def test_of_an_agreement_or_an_aircraft_two_verbs_tell_the_same(text: str, question: str, asked: str) -> None:
    assert as_done_in(text, question) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("They signed an Industrial Security Annex.", "Who signed the industrial security Annex?"),
        ("The industrial security agreement and its Industrial Security Annex.", "Who signed the industrial security agreement?"),
        ("An Industrial Security Annex, or industrial security pact.", "Who signed the industrial security agreement?"),
        ("They signed a maritime security pact.", "Who signed the industrial security agreement?"),
    ],
)
def test_a_document_is_called_what_the_text_calls_it(text: str, asked: str) -> None:
    assert as_titled_in(text, "Who signed the industrial security agreement?") == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Where was the latest summit held?", "Where was the summit held?"),
        ("the newest secretary", "the secretary"),
        ("What is the latest on the engines?", "What is the news on the engines?"),
        ("Which round is the most recent one?", None),
        ("What is the current policy rate?", "What is the policy rate?"),
        ("How many have died so far?", "How many have died?"),
        ("What is the toll now?", "What is the toll?"),
        ("Who is now the leader?", "Who is the leader?"),
        ("What is it now known as?", "What is it known as?"),
        ("How large is the current account deficit?", None),
        ("What did he say in the current affairs programme?", None),
        ("When did the last aircraft arrive?", None),
    ],
)
def test_the_latest_is_asked_of_the_newest_news(question: str, asked: str | None) -> None:
    assert without_latest(question) == asked


@pytest.mark.parametrize(
    ("question", "looked_for"),
    [
        ("What is Mooserboden?", "Mooserboden?"),
        ("How many did the WHO count?", "the WHO count?"),
        ("Who is who?", "Who is who?"),
    ],
)
def test_question_words_are_not_looked_for(question: str, looked_for: str) -> None:
    assert without_question_words(question) == looked_for


def test_what_is_quoted_is_three_words_or_more_without_our_expansions() -> None:
    assert quotations('Who said "comparable to NATO (North Atlantic Treaty Organisation) allies"?') == [
        "comparable to NATO allies"
    ]
    assert quotations("Who called it “a new chapter”, and who “historic”?") == ["a new chapter"]
    assert quotations("Who said so?") == []


@pytest.mark.parametrize(
    ("asked", "searched"),
    [
        ("mq9b price", "MQ-9B price"),
        ("the P8i and p-8i", "the P-8I and P-8I"),
        ("what do ah-64s replace", "what do AH-64E replace"),
        ("how many c17s", "how many C-17s"),
        # Two helicopters begin so: nothing tells which is meant.
        ("mh60 crews", "mh60 crews"),
        ("the f35 and the 2+2 of 2018", "the f35 and the 2+2 of 2018"),
    ],
)
def test_a_designation_is_written_as_the_articles_write_it(asked: str, searched: str) -> None:
    texts = ["The MQ-9B, the P-8I and the AH-64E came; C-17s, the MH-60R and the MH-60S in 2018 for the 2+2."]
    assert CorpusWording(lambda: texts, common_words(), stem).restate(asked) == searched


def test_a_small_word_may_give_a_letter_or_not() -> None:
    texts = ["It is the Communication and Information Security Memorandum of Agreement."]
    wording = CorpusWording(lambda: texts, common_words(), stem)
    assert wording.restate("CISMOA") == "CISMOA (Communication and Information Security Memorandum of Agreement)"


def test_a_run_of_many_small_words_stays_small() -> None:
    run = " of the ".join("Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliet".split())
    wording = CorpusWording(lambda: [f"It is the {run}."], common_words(), stem)
    tracemalloc.start()
    try:
        assert wording.restate("GHIJ") == "GHIJ (Golf of the Hotel of the India of the Juliet)"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000


def test_the_articles_are_read_again_when_they_changed() -> None:
    texts = ["The gurukul is a school."]
    wording = CorpusWording(lambda: texts, common_words(), stem, version=lambda: len(texts))
    assert wording.restate("the guruckul and the sarvodya") == "the gurukul and the sarvodya"
    texts.append("The sarvodaya is a movement.")
    assert wording.restate("the guruckul and the sarvodya") == "the gurukul and the sarvodaya"


_ASKED_WORDS = st.sampled_from(
    "when was what is the BECA beca GSOMIA gurukul guruckul introductry (India) (Basic Agreement) Delhi? whats nov 2023".split(
        " "
    )
)


@given(st.lists(_ASKED_WORDS, max_size=8).map(" ".join))
def test_what_is_restated_stays_as_it_is(wording: CorpusWording, question: str) -> None:
    restated = wording.restate(question)
    assert wording.restate(restated) == restated


def test_a_name_that_the_asker_wrote_behind_the_acronym_is_not_put_there_again(wording: CorpusWording) -> None:
    asked = "when was BECA (Basic Exchange and Cooperation Agreement) signed?"
    assert wording.restate(asked) == asked
    # Another name than the articles' is the asker's own.
    assert wording.restate("BECA (Building Code)?") == "BECA (Basic Exchange and Cooperation Agreement) (Building Code)?"
