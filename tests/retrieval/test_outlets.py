from __future__ import annotations

import pytest

from assistant.retrieval.outlets import OfOutlet, of_outlet

OUTLETS = ["Herald", "National Dispatch", "Tarn Valley Herald", "The Times"]


@pytest.mark.parametrize(
    ("question", "plain", "outlet"),
    [
        ("According to the Tarn Valley Herald, how many people died?", "How many people died?", "Tarn Valley Herald"),
        ("How many people died according to the herald?", "How many people died?", "Herald"),
        ("Who signed it, as reported by National Dispatch?", "Who signed it?", "National Dispatch"),
        ("How many deaths did the National Dispatch report in May?", "How many deaths was reported in May?", "National Dispatch"),
        ("What did The Times say about the tram?", "What was reported about the tram?", "The Times"),
        ("In the Times, who won?", "Who won?", "The Times"),
    ],
)
def test_one_outlet_is_asked(question: str, plain: str, outlet: str) -> None:
    assert of_outlet(question, OUTLETS) == OfOutlet(plain, outlet)


@pytest.mark.parametrize(
    "question",
    [
        "Who owns the National Dispatch?",
        "How many times did it rain?",
        "According to the Daily Post, how many died?",
        "Who said it in Heraldton?",
        "",
    ],
)
def test_other_questions_are_asked_of_all(question: str) -> None:
    assert of_outlet(question, OUTLETS) is None
