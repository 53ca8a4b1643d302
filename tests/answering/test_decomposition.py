from __future__ import annotations

import pytest

from assistant.answering.decomposition import Relation, decompose


@pytest.mark.parametrize(
    ("question", "relation", "one", "other"),
    [
        ("Which came first, COMCASA or BECA?", "first", "COMCASA", "BECA"),
        ("Which is older, Malabar or Yudh Abhyas?", "first", "Malabar", "Yudh Abhyas"),
        ("Which was signed later: the Industrial Security Annex or BECA?", "last", "the Industrial Security Annex", "BECA"),
        ("Which of LEMOA and BECA was signed first?", "first", "LEMOA", "BECA"),
        ("Which of LEMOA and BECA came last?", "last", "LEMOA", "BECA"),
        ("Which of LEMOA and BECA came first and which came last?", "first", "LEMOA", "BECA"),
        ("Which came first, LEMOA or BECA, and which came last?", "first", "LEMOA", "BECA"),
        ("Which was signed last, LEMOA or BECA, and who was first?", "last", "LEMOA", "BECA"),
        ("Which came first, Poland or Finland?", "first", "Poland", "Finland"),
        ("Was LEMOA signed before COMCASA?", "before", "LEMOA", "COMCASA"),
        ("Did LEMOA come after COMCASA?", "after", "LEMOA", "COMCASA"),
        ("Was the memorandum concluded before or after the accord?", "before or after", "the memorandum", "the accord"),
        ("How many years between LEMOA and BECA?", "between", "LEMOA", "BECA"),
        ("How long was it between LEMOA and BECA?", "between", "LEMOA", "BECA"),
        ("How long was it between LEMOA and the last dialogue in Delhi?", "between", "LEMOA", "the last dialogue in Delhi"),
        ("What changed between the 2005 and the 2015 frameworks?", "changed", "the 2005 framework", "the 2015 framework"),
        ("How do LEMOA and COMCASA differ?", "changed", "LEMOA", "COMCASA"),
        ("What is the difference between LEMOA and COMCASA?", "changed", "LEMOA", "COMCASA"),
        ("What's the difference between LEMOA and COMCASA?", "changed", "LEMOA", "COMCASA"),
        ("whats the difference between LEMOA and COMCASA", "changed", "LEMOA", "COMCASA"),
        ("How does LEMOA differ from COMCASA?", "changed", "LEMOA", "COMCASA"),
        ("How is LEMOA different from COMCASA?", "changed", "LEMOA", "COMCASA"),
        ("Compare LEMOA with COMCASA.", "changed", "LEMOA", "COMCASA"),
        ("LEMOA vs COMCASA", "changed", "LEMOA", "COMCASA"),
        ("Which cost more, the Apache or the Chinook?", "more", "the Apache", "the Chinook"),
        ("Which party won more seats, Homeland or the Green Left?", "more", "Homeland", "the Green Left"),
        ("Who scored fewer goals in May, Rossi or Kane?", "less", "Rossi", "Kane"),
        ("To which exercise did India send more soldiers, Yudh Abhyas or Vajra Prahar?", "more", "Yudh Abhyas", "Vajra Prahar"),
        ("To which exercise did India send fewer soldiers, A or B, and how many?", "less", "A", "B"),
        ("chinook or apache: which entered service earlier", "first", "chinook", "apache"),
        ("LEMOA or BECA, which was signed last?", "last", "LEMOA", "BECA"),
        ("Who cost more, Rossi or Kane?", "more", "Rossi", "Kane"),
        ("Which was cheaper, the Apache or the Chinook?", "less", "the Apache", "the Chinook"),
        ("Who is older, Rossi or Kane?", "more", "Rossi", "Kane"),
        ("Did more people die in the flood or the fire?", "more", "the flood", "the fire"),
        ("Was inflation higher in January or in May 2023?", "more", "January 2023", "May 2023"),
        ("Which was lower, the rate in 2019 or 2020?", "less", "2019", "2020"),
        ("How much did the rate fall between June 2024 and January 2026?", "moved", "June 2024", "January 2026"),
    ],
)
def test_questions_about_two_things(question: str, relation: Relation, one: str, other: str) -> None:
    parts = decompose(question)
    assert parts
    assert (parts.relation, *parts.things) == (relation, one, other)


@pytest.mark.parametrize(
    ("question", "relation", "things"),
    [
        ("In what order were LEMOA, COMCASA and BECA signed?", "order", ("LEMOA", "COMCASA", "BECA")),
        ("In which order did LEMOA and COMCASA come?", "order", ("LEMOA", "COMCASA")),
        (
            "In what order were these signed: the pact with Iran, the accord, and the minute? Which was last?",
            "order",
            ("the pact with Iran", "the accord", "the minute"),
        ),
        ("Put these in order: LEMOA, BECA and COMCASA.", "order", ("LEMOA", "BECA", "COMCASA")),
        ("Sort by date: LEMOA, BECA", "order", ("LEMOA", "BECA")),
        ("Which of LEMOA, COMCASA and BECA came last?", "last", ("LEMOA", "COMCASA", "BECA")),
        ("Which came first, LEMOA or COMCASA or BECA?", "first", ("LEMOA", "COMCASA", "BECA")),
        ("Which was signed first: LEMOA, COMCASA or BECA?", "first", ("LEMOA", "COMCASA", "BECA")),
        ("Which exercise is the oldest: Malabar, Yudh Abhyas, or Cope?", "first", ("Malabar", "Yudh Abhyas", "Cope")),
    ],
)
def test_questions_about_more_things(question: str, relation: Relation, things: tuple[str, ...]) -> None:
    parts = decompose(question)
    assert parts
    assert (parts.relation, parts.things) == (relation, things)


@pytest.mark.parametrize(
    "question",
    [
        "When was BECA signed?",
        "Who came first?",
        "Was he signed or not?",
        "What happened between 2005 and 2015?",
        "Which country was the first to sign?",
        "Who met Modi before the summit?",
        "Who came first and who came last?",
        "Which of the agreements came first and which came last?",
        "In what order did the talks between India and Japan take place?",
        "In what order did it happen?",
        "How long did the talks between India and the US last?",
        "How many days did the war between Iran and Iraq last?",
        "How long did the call between Modi and Biden last in April 2022?",
        "What changed between the first and the last?",
        "What changed between 2005 and 2015?",
        "",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert decompose(question) is None


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Which came first, COMCASA or BECA?", "When was COMCASA signed?"),
        ("Which is older, Malabar or Yudh Abhyas?", "When did Malabar first take place?"),
        ("Which came first, Malabar or Yudh Abhyas?", "When was Malabar?"),
        ("Which was commissioned first, the ship or the plane?", "When was the ship commissioned?"),
        ("Which cost more, the Apache or the Chinook?", "How much did the Apache cost?"),
        ("Which party won more seats, Homeland or the Green Left?", "How many seats did Homeland win?"),
        ("Who scored fewer goals in May, Rossi or Kane?", "How many goals did Rossi score in May?"),
        ("Which firm had more money in 2020, Rossi or Kane?", "How much money did Rossi have in 2020?"),
        ("To which exercise did India send more men, A or B?", "How many men did India send to A?"),
        ("How do LEMOA and COMCASA differ?", "What does LEMOA provide for?"),
        ("Who cost more, Rossi or Kane?", "How much did Rossi cost?"),
        ("Who is younger, Rossi or Kane?", "How old is Rossi?"),
        ("Did more people die in the flood or the fire?", "How many people died in the flood?"),
        ("Was inflation higher in January or in May 2023?", "What was inflation in January 2023?"),
        ("How much did the rate fall between June 2024 and May 2026?", "What was the rate in June 2024?"),
        ("How many days passed between the first and the fifth 2+2 dialogues?", "When was the first 2+2 dialogue?"),
    ],
)
def test_each_part_is_a_plain_question(question: str, asked: str) -> None:
    parts = decompose(question)
    assert parts
    assert parts.ask[0][0] == asked
