"""Questions that describe something first: what is described is looked up, and asked about by its name."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from assistant import Assistant
from assistant.answering.bridging import ask_through, described
from assistant.types import Answer, Citation, Sentence

QUESTION = "A minister closed the schools of a town. When did she resign?"
NAMING = "The schools were closed by Ann Lee and Bob Ray."
ANSWERING = "Mrs Lee resigned on 5 March."


def quoting(asked: str, text: str, confidence: float = 0.9) -> Answer:
    citation = Citation(1, text[:3], "", None, None, text, 0, len(text), 1.0)
    sentence = Sentence(text, "supported", (citation,))
    return Answer(asked, f"{text} [1]", "5 March", (sentence,), (citation,), (), False, None, confidence, asked)


def nothing(asked: str, confidence: float = 0.1) -> Answer:
    return Answer(asked, "The articles don't say.", None, (), (), (), True, "nothing found", confidence, asked)


def knowing(answers: dict[str, Answer]) -> Callable[[str], Answer]:
    return lambda asked: answers.get(asked, nothing(asked))


def ask(whole: Answer, **answers: Answer) -> Answer | None:
    asked = {f"When did she resign ({name.replace('_', ' ')})?": answer for name, answer in answers.items()}
    return ask_through(QUESTION, whole, lambda description: quoting(description, NAMING, 0.2), knowing(asked))


def test_the_name_that_leads_to_an_answer_is_asked_about_and_both_sentences_are_cited() -> None:
    found = ask(nothing(QUESTION), Bob_Ray=quoting("x", ANSWERING))
    assert found is not None
    assert found.text == f"{NAMING} [1] {ANSWERING} [2]"
    assert [c.marker for c in found.citations] == [1, 2]
    assert (found.short_answer, found.confidence, found.abstained) == ("5 March", 0.9, False)


def test_of_two_names_the_surer_answer_counts() -> None:
    found = ask(nothing(QUESTION), Ann_Lee=quoting("x", ANSWERING, 0.8), Bob_Ray=quoting("y", "Ray resigned in May.", 0.7))
    assert found is not None
    assert ANSWERING in found.text


def test_a_name_that_shares_a_word_with_the_description_goes_before_all_others() -> None:
    question, naming = "A supply arrangement was promised. Who signed it?", "Tom Fox promised a Security of Supply Arrangement."
    answers = {
        "Who signed it (Security of Supply Arrangement)?": quoting("x", "Ann Lee signed it.", 0.7),
        "Who signed it (Tom Fox)?": quoting("y", "Bob Ray signed it.", 0.9),
    }
    found = ask_through(question, nothing(question), lambda text: quoting(text, naming, 0.2), knowing(answers))
    assert found is not None
    assert "Ann Lee" in found.text


def test_the_sentence_that_names_it_is_no_answer() -> None:
    assert ask(nothing(QUESTION), Ann_Lee=quoting("x", NAMING)) is None


def test_a_surer_answer_to_the_whole_question_stays() -> None:
    whole = quoting(QUESTION, "Rain fell.", 0.95)
    assert ask(whole, Ann_Lee=quoting("x", ANSWERING)) is None
    assert ask(dataclasses.replace(whole, confidence=0.8), Ann_Lee=quoting("x", ANSWERING)) is not None


@pytest.mark.parametrize(
    "question",
    [
        "When did Ann Lee resign?",
        "When did Ann Lee resign? And when was she appointed?",
        "Ann Lee closed the schools. When did Bob Ray resign?",  # leans on nothing
        "Tell me about Dr. Lee.",
    ],
)
def test_other_questions_are_asked_as_a_whole(question: str) -> None:
    assert described(question) is None


def test_the_articles_are_asked_through_a_name(shipped: Assistant) -> None:
    answer = shipped.ask("The initiative DTTI was first named after a Pentagon deputy. When did that man die?")
    assert "October 2022" in answer.text
    assert len({citation.article_id for citation in answer.citations}) == 2
    for citation in answer.citations:
        assert shipped.article(citation.article_id).text[citation.start : citation.end] == citation.quote


def test_of_the_one_person_in_the_statement_the_question_is_asked_by_name() -> None:
    question = "I'm writing about Ann Lee. When did she resign?"
    known = knowing({"When did Ann Lee resign?": quoting("x", ANSWERING)})
    found = ask_through(question, nothing(question), nothing, known)
    assert found is not None
    assert found.text == f"{ANSWERING} [1]"
    assert ask_through(question, quoting(question, "She stayed.", 0.95), nothing, known) is None
    both = "Ann Lee met Bob Ray. When did she resign?"
    assert ask_through(both, nothing(both), nothing, known) is None


@pytest.mark.parametrize("aside", [": when", " - when", " – when", "—when"])
def test_who_is_described_before_a_colon_or_dash_is_looked_up_and_another_in_the_description_is_not_meant(aside: str) -> None:
    question = f"The adviser whom Ann Lee met in 2002{aside} did she resign?"
    answers = {
        "when did she resign (Bob Ray)?": quoting("x", ANSWERING),
        "when did Ann Lee resign?": quoting("y", "Ann Lee resigned in May."),
    }
    naming = "Ann Lee met the adviser, Bob Ray."
    found = ask_through(question, nothing(question), lambda text: quoting(text, naming, 0.2), knowing(answers))
    assert found is not None
    assert found.text == f"{naming} [1] {ANSWERING} [2]"


@pytest.mark.parametrize("question", ["The 2+2 dialogue: when was it?", "A test - what is it?"])
def test_a_description_is_what_stands_before(question: str) -> None:
    parts = described(question)
    assert parts is not None
    assert question.startswith(parts.description)
    assert question.endswith(parts.question)
    assert not parts.names_it


@pytest.mark.parametrize(
    "question", ["When was LEMOA - the logistics pact - signed?", "The drill: when did Malabar begin?", "Why: who?"]
)
def test_a_dash_alone_makes_no_description(question: str) -> None:
    assert described(question) is None
