from __future__ import annotations

import pytest

from assistant.answering.measures import Measure, asked_for, cannot_answer


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("How many people died?", "count"),
        ("How many years did he get?", "time"),
        ("How long is the deal?", "time"),
        ("How old is she?", "time"),
        ("How much did Greywater receive?", "money"),
        ("How much money was lost?", "money"),
        ("How many dollars were lost?", "money"),
        ("What percentage of voters stayed away?", "share"),
        ("How much did shares fall?", None),
        ("How long ago was it?", None),
        ("Who was paid?", None),
        ("How many ships came, and how much did they cost?", "count"),
    ],
)
def test_what_is_to_be_measured(question: str, measure: Measure | None) -> None:
    assert asked_for(question) == measure


@pytest.mark.parametrize(
    ("question", "text", "cannot"),
    [
        ("How many people died?", "The firm paid 1.8 million pounds.", True),
        ("How many people died?", "The firm paid 1.8 million pounds for ten deaths.", False),
        ("How many people died?", "Dozens died, and the firm paid 1.8 million pounds.", False),
        ("How many people died?", "The firm paid.", False),
        ("How many people left?", "A third of the crew left.", False),
        ("How much did Greywater receive?", "He received five and a half years.", True),
        ("How much did Greywater receive?", "It received 11 million.", False),
        ("How long is the runway?", "It is 3,000 metres long.", False),
        ("How long is the deal?", "It is worth $3 million.", True),
        ("Who was paid?", "The firm paid 1.8 million pounds.", False),
    ],
)
def test_figures_of_another_kind_cannot_answer(question: str, text: str, cannot: bool) -> None:
    assert cannot_answer(question, text) is cannot


def test_a_part_of_a_text_is_judged_by_its_own_figures() -> None:
    text = "Ten people died, and the firm paid 1.8 million pounds."
    at = text.index("1.8 million")
    assert cannot_answer("How many people died?", text, at, at + len("1.8 million"))
    assert not cannot_answer("How many people died?", text, 0, len("Ten people"))
