from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.training.examples import MAX_TOKENS, Encoded, Example, batches, collate, encode, epoch_examples, load_tokenizer
from assistant.training.negatives import Mined
from assistant.training.squad import Question
from assistant.training.tricks import trick_question, without_answer

TOKENIZER = load_tokenizer()
WORDS = "Rain fell in Leeds on 5 March 2024 and nobody was hurt , said the mayor 's office – naïvely .".split()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 900), st.data())
def test_the_tokens_of_a_span_are_its_words(length: int, data: st.DataObject) -> None:
    words = [WORDS[i % len(WORDS)] for i in range(length)]
    first = data.draw(st.integers(0, length - 1))
    last = data.draw(st.integers(first, min(length - 1, first + 8)))
    passage = " ".join(words)
    start = len(" ".join(words[:first])) + (first > 0)
    span = start, start + len(" ".join(words[first : last + 1]))
    encoded = encode(Example("What happened?", passage, span, None), TOKENIZER)
    assert encoded is not None
    assert len(encoded.ids) <= MAX_TOKENS
    plain = TOKENIZER.encode(passage[slice(*span)], add_special_tokens=False).ids
    assert encoded.ids[encoded.start : encoded.end + 1] == plain


def test_no_answer_points_to_the_first_token() -> None:
    encoded = encode(Example("Why?", "Because.", None, 1.5), TOKENIZER)
    assert encoded is not None
    assert (encoded.start, encoded.end, encoded.relevance) == (0, 0, 1.5)


def test_batches_hold_every_example_once_within_their_size() -> None:
    chance = random.Random(1)
    encoded = [Encoded([0] * chance.randint(20, MAX_TOKENS), [], 0, 0, None) for _ in range(500)]
    groups = batches(encoded, seed=3)
    assert sorted(id(e) for group in groups for e in group) == sorted(map(id, encoded))
    assert max(len(group) * max(len(e.ids) for e in group) for group in groups) <= 3072
    assert batches(encoded, seed=3) == groups


def test_a_batch_is_padded_to_few_shapes() -> None:
    batch = collate([Encoded([7] * 5, [0, 0, 1, 1, 1], 2, 3, None), Encoded([7] * 18, [1] * 18, 0, 0, 2.0)])
    assert batch.input_ids.shape == (2, 32)
    assert batch.attention_mask.sum(dim=1).tolist() == [5, 18]
    assert batch.token_type_ids.sum(dim=1).tolist() == [3, 18]
    assert batch.start.tolist() == [2, 0]
    assert batch.relevance.isnan().tolist() == [True, False]


@pytest.mark.parametrize("seed", [1, 2])
def test_an_epoch_has_tricks_and_hard_negatives_without_answers(seed: int) -> None:
    passage = "In 1990 the bridge at Leeds was opened by Ann Lee."
    question = Question("q", "f", "Bridges", "Bridges", passage, "Who opened the bridge in 1990?", ((42, 49),))
    mined = {"q": Mined("q", ("A bridge fell in York.", "Leeds has bridges."), 5.0, -2.0)}
    examples = epoch_examples([question] * 40, mined, seed)
    assert examples == epoch_examples([question] * 40, mined, seed)
    answered = [e for e in examples if e.span]
    assert len(answered) == 40
    assert {e.passage[slice(*e.span)] for e in answered if e.span} == {"Ann Lee"}
    assert {e.passage.startswith("Bridges\n") for e in answered} == {True, False}
    # The teacher read the passage alone: with its title the logit doesn't hold.
    assert all((e.relevance == 5.0) == (e.passage == passage) for e in answered)
    negatives = [e for e in examples if e.passage in mined["q"].negatives]
    assert negatives
    assert {(e.passage, e.relevance) for e in negatives} == {("A bridge fell in York.", -2.0), ("Leeds has bridges.", None)}
    tricks = [e for e in examples if not e.span and e not in negatives]
    assert tricks
    assert all(e.question != question.text and passage in e.passage for e in tricks)


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
