from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.training.statements import statement


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("When did Alaska gain statehood?", "1959", "Alaska gained statehood in 1959."),
        ("When was the bridge opened?", "5 March 2024", "The bridge was opened on 5 March 2024."),
        ("In what year was the bridge opened?", "2024", "The bridge was opened in 2024."),
        ("What year was the bridge opened?", "2024", "The bridge was opened in 2024."),
        ("Who opened the bridge?", "Ann Lee", "Ann Lee opened the bridge."),
        ("Who did the mayor meet in York?", "Ann Lee", "The mayor met Ann Lee in York."),
        ("What is the capital of Norway?", "Oslo", "The capital of Norway is Oslo."),
        ("What was signed in 2016?", "the agreement", "The agreement was signed in 2016."),
        ("What is the language spoken in Norway?", "Norwegian", "The language spoken in Norway is Norwegian."),
        ("How many students did each school have?", "688", "Each school had 688 students."),
        ("How many people live there now?", "about 40,000", "About 40,000 people live there now."),
        ("What company built the bridge?", "Smith & Son", "Smith & Son built the bridge."),
        ("What did the mayor ask for?", "money", "The mayor asked for money."),
        ("Why was the bridge closed?", "heavy rain", "The bridge was closed because of heavy rain."),
        ("Where can the bridge be seen?", "on the hill", "The bridge can be seen on the hill."),
        ("In 1755 what fort did the British capture?", "Beauséjour", "In 1755, the British captured Beauséjour."),
        ("The bridge was opened in what year?", "2024", "The bridge was opened in 2024."),
        ("When didn't the bridge open?", "Monday", "The bridge did not open in Monday."),
    ],
)
def test_a_question_and_its_answer_are_said_as_one_sentence(question: str, answer: str, said: str) -> None:
    assert statement(question, answer) == said


@pytest.mark.parametrize(("question", "answer"), [("Really?", "yes"), ("What?", "rain"), ("Who opened it?", " "), ("", "rain")])
def test_what_no_rule_fits_gives_nothing(question: str, answer: str) -> None:
    assert statement(question, answer) is None


WORDS = st.sampled_from("what who did was how many year in the bridge opened open Leeds of can not is when by called".split())


@given(st.lists(WORDS, max_size=12).map(" ".join), st.sampled_from(["Ann Lee", "2024", "in the rain", "5 March 2024"]))
def test_whatever_is_asked_the_statement_holds_the_answer(question: str, answer: str) -> None:
    said = statement(question + "?", answer)
    assert said is None or (answer.lower() in said.lower() and said.endswith(".") and "  " not in said)
