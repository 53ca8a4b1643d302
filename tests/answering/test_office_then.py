"""Who held an office when something happened: the event is dated first, the office asked about at that time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant import Assistant
from assistant.answering.office_then import ask_of_then
from assistant.types import Answer, Citation, Sentence

QUESTION = "Who was minister when the bridge was opened?"
EVENT, OFFICE = "When was it that the bridge was opened?", "Who was minister in June 2013?"


def quoting(asked: str, text: str, short: str, confidence: float = 0.9) -> Answer:
    citation = Citation(1, text[:3], "", None, None, text, 0, len(text), 1.0)
    sentence = Sentence(text, "supported", (citation,))
    return Answer(asked, f"{text} [1]", short, (sentence,), (citation,), (), False, None, confidence, asked)


def nothing(asked: str) -> Answer:
    return Answer(asked, "The articles don't say.", None, (), (), (), True, "nothing found", 0.1, asked)


OPENED = quoting(EVENT, "The bridge was opened in June 2013.", "June 2013", 0.8)
HELD = quoting(OFFICE, "Ann Lee was minister from 2010 to 2015.", "Ann Lee")


def knowing(**answers: Answer) -> Callable[[str], Answer]:
    by_question = {answer.question: answer for answer in answers.values()}
    return lambda asked: by_question.get(asked, nothing(asked))


def test_the_event_is_dated_and_who_held_the_office_then_is_told() -> None:
    found = ask_of_then(QUESTION, nothing(QUESTION), knowing(opened=OPENED, held=HELD))
    assert found is not None
    assert found.text == "The bridge was opened in June 2013. [1] Ann Lee was minister from 2010 to 2015. [2]"
    assert (found.short_answer, found.confidence, found.abstained) == ("Ann Lee", 0.8, False)


def test_an_answer_to_the_whole_that_is_as_sure_stays() -> None:
    assert ask_of_then(QUESTION, quoting(QUESTION, "Bo Dahl was there.", "Bo Dahl", 0.8), knowing(a=OPENED, b=HELD)) is None
    assert ask_of_then(QUESTION, quoting(QUESTION, "Bo Dahl was there.", "Bo Dahl", 0.7), knowing(a=OPENED, b=HELD))


@pytest.mark.parametrize(
    "known",
    [{}, {"opened": OPENED}, {"held": HELD}, {"opened": quoting(EVENT, "The bridge was opened late.", "late"), "held": HELD}],
    ids=["neither", "no holder", "no date", "a date that is none"],
)
def test_without_a_date_and_a_holder_there_is_no_answer(known: dict[str, Answer]) -> None:
    assert ask_of_then(QUESTION, nothing(QUESTION), knowing(**known)) is None


@pytest.mark.parametrize(
    "question",
    [
        "Who opened the bridge when it rained?",
        "When was the bridge opened?",
        "Who was minister?",
        "",
        "What fell during the storm?",
    ],
)
def test_other_questions_are_not_taken_apart(question: str) -> None:
    def refuse(asked: str) -> Answer:
        raise AssertionError(asked)

    assert ask_of_then(question, nothing(question), refuse) is None


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who was running the Pentagon when Trump and Modi settled on the 2+2 format?", "James Mattis"),
        ("Who headed the Pentagon when India was moved to STA Tier-1?", "James Mattis"),
        ("Who was US defence secretary in 2020?", "Mark Esper"),
        ("Who was US secretary of state in 2019?", "Mike Pompeo"),
        ("Who was US secretary of state in 2022?", "Antony Blinken"),
        ("Who was the US ambassador in New Delhi at the time of the third 2+2?", None),
    ],
)
def test_offices_of_the_shipped_articles(shipped: Assistant, question: str, short: str | None) -> None:
    assert shipped.ask(question).short_answer == short
