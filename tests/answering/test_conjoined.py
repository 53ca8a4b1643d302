"""Questions that ask two things."""

from __future__ import annotations

import pytest

from assistant.answering.conjoined import of_what_was_found, two_questions


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who signed BECA, and when?", ("Who signed BECA?", "when?")),
        ("When was the pact signed and who signed it?", ("When was the pact signed?", "who signed it?")),
        ("Which council chose Leeds, and in which year was that?", ("Which council chose Leeds?", "in which year was that?")),
        (
            "How many ships came and how many aircraft were in the drill?",
            ("How many ships came?", "how many aircraft were in the drill?"),
        ),
        ("who makes the engine and where is it built", ("who makes the engine?", "where is it built?")),
        ("When and where was it signed?", None),
        ("What did India and Japan sign?", None),
        ("What did she say about how it works and when it starts?", None),
        ("Did India sign it, and when?", None),
        ("Explain who signed it and when.", None),
        ("Who signed BECA? And when?", None),
        ("Which was signed first, LEMOA or BECA, and when?", ("Which was signed first, LEMOA or BECA?", "when?")),
        ("and who?", None),
        ("", None),
    ],
)
def test_the_two_questions(question: str, parts: tuple[str, str] | None) -> None:
    assert two_questions(question) == parts


@pytest.mark.parametrize(
    ("one", "other", "found", "meant"),
    [
        ("Which council approved it?", "who chairs it?", "Arms Council", "who chairs Arms Council?"),
        ("Which minister went?", "until when was he in office?", "Ann Lee", "until when was Ann Lee in office?"),
        ("Who went?", "what was her office?", "Ann Lee", "what was Ann Lee's office?"),
        ("Who signed BECA?", "what does it cover?", "Ann Lee", None),
        ("When was BECA signed?", "what does it cover?", "27 October 2020", None),
        ("What did she sell?", "when did it sink?", "a boat", None),
        ("Which council approved it?", "in which year?", "Arms Council", None),
        ("Which council approved it?", "who chairs it?", "", None),
    ],
)
def test_a_pronoun_is_what_was_found_first(one: str, other: str, found: str, meant: str | None) -> None:
    assert of_what_was_found(one, other, found) == meant
