from __future__ import annotations

import pytest

from assistant.verification.analysis import analyse
from assistant.verification.counting import counted, may_stand_for


def speaks_against(claim: str, sentence: str, *, is_sentence: bool = True) -> bool:
    """Whether the first value of the one says otherwise than the first of the other."""
    one, other = analyse(claim), analyse(sentence)
    return may_stand_for(one, one.values[0], other, other.values[0], is_sentence=is_sentence)


def test_what_a_number_counts_is_said_behind_it() -> None:
    sentence = analyse("They freed 40 wounded soldiers, and 20, some said, died.")
    assert [counted(sentence, value) for value in sentence.values] == [["wound", "soldier"], []]


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("It cut 1,510 jobs.", "It cut 1,150 jobs."),
        ("It paid 3 million euros.", "It paid 4 million dollars."),
        ("It took 17 days.", "It took two months."),
        ("It came to 40.", "It came to 41 people."),
        ("In May 2020 it ended.", "In May 2021 it ended."),
    ],
)
def test_another_value_of_the_same(claim: str, sentence: str) -> None:
    assert speaks_against(claim, sentence)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("It cut 1,510 jobs.", "It kept 40 people."),
        ("More than 100 people died.", "And 213 people died."),
        ("In 2007 it ended.", "In September of that year it ended."),
        ("In 2007 it ended.", "In September it ended."),
    ],
)
def test_a_value_of_something_else_or_one_that_may_go_with_it(claim: str, sentence: str) -> None:
    assert not speaks_against(claim, sentence)


def test_a_bare_number_beside_the_sentence_may_count_anything() -> None:
    assert not speaks_against("It cut 40 jobs.", "It was 41.", is_sentence=False)
