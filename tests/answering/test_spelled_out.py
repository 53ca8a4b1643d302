"""What the letters of an acronym stand for, asked of the project's own articles."""

from __future__ import annotations

import pytest

from assistant.engine import Assistant


@pytest.mark.parametrize(
    ("question", "name", "shown"),
    [
        # Its article never writes the letters.
        ("What does BECA stand for?", "Basic Exchange and Cooperation Agreement", "Basic Exchange and Cooperation Agreement"),
        # A sentence that has both is the better one.
        ("LEMOA full form please", "Logistics Exchange Memorandum of Agreement", "Memorandum of Agreement (LEMOA)"),
        ("SOSA - what do the letters mean?", "Security of Supply Arrangement", "Security of Supply Arrangement (SOSA)"),
    ],
)
def test_the_sentence_that_writes_the_name_out_answers(shipped: Assistant, question: str, name: str, shown: str) -> None:
    answer = shipped.ask(question)
    assert answer.short_answer == name
    [sentence] = answer.sentences
    assert shown in sentence.text
    assert answer.searched_for == question
    assert answer.citations == sentence.citations


@pytest.mark.parametrize(
    "question",
    [
        "What does XQZW stand for?",
        "What do LEMOA and BECA stand for?",
        # The ends of longer names have these letters.
        "What does ECA stand for?",
        "What does CSA stand for?",
        "What does EMOA stand for?",
        "What does TCR stand for?",
        # The articles shorten that one to SOSA.
        "What does SSA stand for?",
        "When was BECA signed?",
        "Who signed the letters on BECA?",
        "Why did BECA expand the cooperation?",
        "Who stood for the SOSA at the talks?",
        "Has the DTTI spelled out its conditions?",
    ],
)
def test_other_questions_are_asked_as_they_are(shipped: Assistant, question: str) -> None:
    assert shipped.ask(question).confidence != 0.99
