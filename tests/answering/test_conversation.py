from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.conversation import condense_question
from assistant.types import Turn


def asked(*questions: str) -> list[Turn]:
    """A conversation: each question with some answer to it."""
    return [turn for text in questions for turn in (Turn("user", text), Turn("assistant", "Words about Tokyo."))]


STANDALONE = [
    "When was India moved to STA Tier-1?",
    "Who is the US Secretary of Defence?",
    "What does the Basic Exchange and Cooperation Agreement cover?",
    "How many MQ-9B drones did India order from General Atomics?",
    "Where did the fifth 2+2 Ministerial Dialogue take place?",
]


@pytest.mark.parametrize("question", STANDALONE)
def test_a_question_that_stands_by_itself_comes_back_alone(question: str) -> None:
    assert condense_question(question, asked("Who signed the logistics agreement in 2016?")) == (question,)


@pytest.mark.parametrize("question", [*STANDALONE, "and where was that?", "it?", ""])
def test_without_history_every_question_comes_back_alone(question: str) -> None:
    assert condense_question(question, []) == (question,)


def test_what_the_assistant_said_is_no_question() -> None:
    assert condense_question("and where was that?", [Turn("assistant", "Hello.")]) == ("and where was that?",)


SIGNED = "When was the Communications Compatibility and Security Agreement signed?"


@pytest.mark.parametrize(
    ("history", "question", "meant"),
    [
        (["When was the fifth 2+2 dialogue held?"], "and where?", "Where was the fifth 2+2 dialogue held?"),
        (["When was the fifth 2+2 dialogue held?"], "Where was that?", "Where was the fifth 2+2 dialogue held?"),
        (["When was the logistics agreement signed?"], "who signed it?", "who signed the logistics agreement?"),
        (["When was the logistics agreement signed?"], "What does it cover?", "What does the logistics agreement cover?"),
        (
            ["When was the logistics agreement signed?"],
            "and the industrial security one?",
            "When was the industrial security agreement signed?",
        ),
        (
            ["When was the logistics agreement signed?"],
            "What about the Industrial Security Annex?",
            "When was the Industrial Security Annex signed?",
        ),
        (["Which exercises were held in 2023?"], "and in 2024?", "Which exercises were held in 2024?"),
        (["Which exercises were held in 2023?"], "what about 2024?", "Which exercises were held in 2024?"),
        ([SIGNED, "and where?"], "who signed it?", "who signed the Communications Compatibility and Security Agreement?"),
        (
            [SIGNED, "What is a lemon?", "When was the logistics agreement signed?"],
            "and where?",
            "Where was the logistics agreement signed?",
        ),
    ],
)
def test_a_follow_up_is_read_with_the_question_before_it(history: list[str], question: str, meant: str) -> None:
    readings = condense_question(question, asked(*history))
    assert readings[0] == meant


def test_a_question_of_its_own_keeps_its_words_and_takes_the_names_before_it() -> None:
    first = "What vessel carried the Americans at the first Tiger Triumph in 2019?"
    readings = condense_question("And in the 2024 edition, what was the ship called?", asked(first))
    assert "In the 2024 edition, what was the ship called (Tiger Triumph)?" in readings
    assert "At which of the meetings did that happen (Communications Compatibility and Security Agreement)?" in condense_question(
        "At which of the meetings did that happen?", asked(SIGNED)
    )
    named = "Which American ship took part that time (Tiger Triumph)?"  # "that time" is no "that" to put a name in the place of
    assert named in condense_question("which American ship took part that time?", asked("When was Tiger Triumph first held?"))


@pytest.mark.parametrize("question", ["and where?", "Why?", "In which city?"])
def test_another_question_word_has_one_reading(question: str) -> None:
    [reading] = condense_question(question, asked(SIGNED))
    assert reading.endswith(SIGNED.split(maxsplit=1)[1])
    assert reading != SIGNED


@pytest.mark.parametrize("question", ["who signed it?", "what about the other one?", "its cost?"])
def test_one_reading_always_holds_both_questions_in_full(question: str) -> None:
    assert f"{SIGNED} {question}" in condense_question(question, asked(SIGNED))


QUESTIONS = [
    *STANDALONE,
    SIGNED,
    "and where?",
    "who signed it?",
    "what about 2020?",
    "Why?",
    "",
    "  ",
    "?",
    "and",
    "it",
    "for the one?",
]


@given(st.lists(st.sampled_from(QUESTIONS) | st.text(max_size=20), max_size=6), st.sampled_from(QUESTIONS) | st.text(max_size=40))
def test_there_is_always_a_reading_and_none_comes_twice(history: list[str], question: str) -> None:
    readings = condense_question(question, asked(*history))
    assert readings
    assert len(set(readings)) == len(readings)
    assert readings == condense_question(question, asked(*history))
