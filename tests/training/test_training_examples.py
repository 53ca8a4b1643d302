from __future__ import annotations

import random

import pytest

from assistant.training.examples import epoch_examples
from assistant.training.squad import Question
from assistant.training.tricks import careless, trick_question, without_answer


@pytest.mark.parametrize("seed", [1, 2])
def test_an_epoch_has_tricks_and_hard_negatives_without_answers(seed: int) -> None:
    passage = "In 1990 the bridge at Leeds was opened by Ann Lee."
    question = Question("q", "f", "Bridges", "Bridges", passage, "Who opened the bridge in 1990?", ((42, 49),))
    negatives = {"q": ["A bridge fell in York.", "Leeds has bridges."]}
    examples = epoch_examples([question] * 80, negatives, seed)
    assert examples == epoch_examples([question] * 80, negatives, seed)
    answered = [e for e in examples if e.span]
    assert len(answered) == 80
    assert {e.passage[slice(*e.span)] for e in answered if e.span} == {"Ann Lee"}
    assert {e.title for e in answered} == {"Bridges", ""}
    assert {e.text == question.text for e in answered} == {True, False}  # some are typed carelessly
    silent = [e for e in examples if e.passage in negatives["q"]]
    assert {e.passage for e in silent} == set(negatives["q"])
    assert not any(e.span for e in silent)
    tricks = [e for e in examples if not e.span and e not in silent]
    assert tricks
    assert all(e.text != question.text and e.passage == passage for e in tricks)


def test_a_passage_that_doesnt_answer_has_its_own_title() -> None:
    one = Question("a", "f", "Bridges", "Bridges", "Ann Lee opened the bridge.", "Who opened the bridge?", ((0, 7),))
    other = Question("b", "f", "Towers", "Towers", "Bob Ray opened the tower.", "Who opened the tower?", ((0, 7),))
    examples = epoch_examples([one, other] * 20, {"a": [other.passage], "b": [one.passage]}, 1)
    titles = {(e.passage, e.title) for e in examples if e.title}
    assert titles == {(one.passage, "Bridges"), (other.passage, "Towers")}


def test_a_passage_that_no_question_is_about_has_its_title_too() -> None:
    asked = Question("a", "f", "Bridges", "Bridges", "Ann Lee opened the bridge.", "Who opened the bridge?", ((0, 7),))
    silent = "The bridge fell in York."
    examples = epoch_examples([asked] * 20, {"a": [silent]}, 1, {silent: "Bridges that fell"})
    assert {e.title for e in examples if e.passage == silent} == {"Bridges that fell", ""}


@pytest.mark.parametrize("text", ["Who opened the bridge at Leeds in 1990?", "When was the logistics agreement signed?", "Why?"])
def test_a_careless_question_keeps_most_of_its_letters(text: str) -> None:
    made = {careless(text, random.Random(seed)) for seed in range(40)}
    assert len(made) > 3 or text == "Why?"
    assert all(set(one.lower()) <= set(text.lower()) and one for one in made)
    assert all(abs(len(one) - len(text.rstrip("?"))) <= 2 or len(one.split()) < len(text.split()) for one in made)


def asked(text: str, passage: str, answer: str) -> Question:
    start = passage.index(answer)
    return Question("q", "f", "Bridges", "Bridges", passage, text, ((start, start + len(answer)),))


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Who opened the second bridge?", "first third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"),
        ("Who opened it in March?", "January February April June July August September October November December"),
    ],
)
def test_an_ordinal_or_a_month_becomes_another_that_the_passage_lacks(text: str, family: str) -> None:
    passage = "The second bridge was opened by Ann Lee in March, a year after the third and the May fair."
    tricks = {trick_question(asked(text, passage, "Ann Lee"), {passage: []}, [], random.Random(seed)) for seed in range(60)}
    held = {"third"} & set(family.split())
    words = text.split()
    place = next(i for i, word in enumerate(words) if word.strip("?") in ("second", "March"))
    new = {str(trick).split()[place].strip("?") for trick in tricks} - {words[place].strip("?")}  # other rules change other words
    assert new == set(family.split()) - held


def test_the_answer_is_taken_out_with_its_sentence() -> None:
    topic = "The bridge crosses the Aire near the station, and both the mayor and the council had wanted it for years."
    passage = f"{topic} It was opened by Ann Lee. It is closed at night, and boats wait below it until the morning."
    question = asked("Who opened the bridge?", passage, "Ann Lee")
    assert without_answer(question) == f"{topic} It is closed at night, and boats wait below it until the morning."


@pytest.mark.parametrize(
    ("passage", "answer"),
    [
        ("Ann Lee opened it.", "Ann Lee"),  # nothing is left
        (
            "It was opened. " + "Then it rained for days on the river and the bridge. " * 4,
            "opened. Then it rained",
        ),  # over two sentences
    ],
)
def test_no_answer_is_taken_out_where_it_cant_be(passage: str, answer: str) -> None:
    assert without_answer(asked("Who opened the bridge?", passage, answer)) is None
