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
            ["When was the fifth 2+2 between India and the US?"],
            "And the round before?",
            "When was the fourth 2+2 between India and the US?",
        ),
        (["When did they hold their first 2+2?"], "and the next one?", "When did they hold their second 2+2?"),
        (["Where was the first 2+2 held?"], "and the second?", "Where was the second 2+2 held?"),
        (["When was India moved to STA Tier-1?"], "and South Korea?", "When was South Korea moved to STA Tier-1?"),
        (["How much did India pay for the P-8I?"], "and for the Apaches?", "How much did India pay for the Apaches?"),
        (["Where was Vajra Prahar held in 2024?"], "and the year before?", "Where was Vajra Prahar held in 2023?"),
        (["Who signed the framework of 2005?"], "and ten years later?", "Who signed the framework of 2015?"),
        (["When was the first Quad summit?"], "and in person?", "When was the first Quad summit in person?"),
        (["Who signed BECA?"], "when?", "When was BECA signed?"),
        (["Who signed BECA?"], "what is it for?", "what is BECA for?"),
        (["When was BECA signed?"], "who?", "Who signed BECA?"),
        (["How many ships took part in Malabar 2024?"], "where was it held?", "where was Malabar 2024 held?"),
        (["What is INDUS-X?", "when was it launched?"], "by whom?", "By whom was INDUS-X launched?"),
        (["When was the second 2+2 held?"], "who attended?", "who attended the second 2+2?"),
        (["When was the second 2+2 held?"], "who were the hosts?", "who were the hosts (the second 2+2)?"),
        (["When was the logistics agreement signed?"], "what about 2020?", "Which agreement was signed in 2020?"),
        (["Which agreement was signed in 2020?"], "where was that?", "Where was the agreement signed in 2020?"),
        (["When was GSOMIA signed?"], "who signed that one?", "who signed GSOMIA?"),
        (
            ["When was the logistics agreement signed?", "and the industrial security one?", "where was that?", "and when?"],
            "who signed it?",
            "who signed the industrial security agreement?",
        ),
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


def test_he_is_who_was_asked_about_or_else_who_the_answer_named() -> None:
    history = [Turn("user", "When did Pete Hegseth take office?"), Turn("assistant", "Pete Hegseth was sworn in on 25 January.")]
    assert condense_question("who did he follow?", history)[0] == "who did Pete Hegseth follow?"
    named = [Turn("user", "Who was sworn in?"), Turn("assistant", "Pete Hegseth was sworn in on 25 January.")]
    assert "what did Pete Hegseth say?" in condense_question("what did he say?", named)


def test_a_short_question_that_says_which_is_first_read_alone() -> None:
    asks, topic = "When was the logistics agreement signed?", "the Communications Compatibility and Security Agreement"
    assert condense_question(asks, asked(SIGNED))[:2] == (asks, f"When was the logistics agreement signed ({topic})?")


def test_what_is_of_something_is_of_what_was_asked_about() -> None:
    readings = condense_question("who were the hosts?", asked("When was the second 2+2 held?"))
    assert readings == ("who were the hosts (the second 2+2)?", "When was the second 2+2 held? who were the hosts?")


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


@pytest.mark.parametrize(
    ("before", "follow_up", "meant"),
    [
        ("Who came to the 17th Trade Forum?", "and who came to the meeting before that?", "who came to the 16th Trade Forum?"),
        ("Who came to the 12th Trade Forum?", "and who came to the meeting after it?", "who came to the 13th Trade Forum?"),
        ("Who came to the 3rd Trade Forum?", "the one before?", "Who came to the 2nd Trade Forum?"),
        ("Who hosted the second summit?", "Where was the one after that held?", "Where was the third summit held?"),
    ],
)
def test_the_one_before_that_is_counted(before: str, follow_up: str, meant: str) -> None:
    assert condense_question(follow_up, asked(before))[0] == meant


def test_nothing_is_before_the_first() -> None:
    readings = condense_question("Who came to the meeting before that?", asked("Who came to the 1st Trade Forum?"))
    assert not any("0th" in reading for reading in readings)


def test_a_question_word_after_a_phrase_asks_all_the_same() -> None:
    readings = condense_question("And in 2024, what was the ship called?", asked("Which ship came to Tiger Triumph in 2019?"))
    assert readings[0] == "In 2024, what was the ship called (Tiger Triumph)?"


@pytest.mark.parametrize(
    ("before", "follow_up", "meant"),
    [
        (
            "When did Peru sign the trade agreement with Chile?",
            "and the tax one?",
            "When did Peru sign the tax agreement with Chile?",
        ),
        ("When was the trade agreement PCTA signed?", "and the tax one?", "When was the tax agreement signed?"),
        ("How many Saab fighters did Peru order in 2015?", "and transports?", "How many transports did Peru order in 2015?"),
        ("How many Saab fighters did Peru buy?", "who makes them?", "who makes Saab fighters?"),
        ("When was the trade forum held?", "where did Ann Lee go afterwards?", "where did Ann Lee go after the trade forum?"),
        ("Where was the trade forum held?", "who spoke?", "who spoke at the trade forum?"),
        (
            "Who chaired the 17th meeting of the Trade Forum?",
            "and when was the one before?",
            "when was the 16th meeting of the Trade Forum?",
        ),
        (
            "Who chaired the trade forum?",
            "Where was the first meeting held?",
            "Where was the first meeting held (the trade forum)?",
        ),
    ],
)
def test_what_a_follow_up_leaves_out_is_taken_from_the_right_place(before: str, follow_up: str, meant: str) -> None:
    assert condense_question(follow_up, asked(before))[0] == meant


def test_a_question_behind_and_that_names_what_it_asks_about_is_first_asked_as_it_is() -> None:
    assert condense_question("And who leads NATO?", asked("When was the Quad revived?"))[0] == "who leads NATO?"
    assert condense_question("And who signed it?", asked("When was the Quad revived?"))[0] == "who signed the Quad?"


def test_a_name_before_an_unknown_verb_is_what_a_question_is_about() -> None:
    readings = condense_question("who was his host?", asked("Which aide did Ann Lee ask to plan the trip?"))
    assert readings[0] == "who was Ann Lee's host?"
