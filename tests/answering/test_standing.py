from __future__ import annotations

import pytest

from assistant.answering.standing import Standing


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        # A listed verb, one that is a noun elsewhere, and ones that are in no list.
        ("When did the Fed cut rates?", "the Fed"),
        ("What did the tram drivers want?", "the tram drivers"),
        ("How long did the tram strike last?", "the tram strike"),
        ("When did the peace plan fail?", "the peace plan"),
        ("When did the navy commission its second squadron?", "the navy"),
        ("When did the ferry capsize?", "the ferry"),
        ("When did the boat with the migrants capsize off Halden?", "the boat with the migrants"),
        ("How did the county assembly vote on the budget?", "the county assembly"),
        ("What does the short form PALSU collide with?", "the short form PALSU"),
        ("Who did Norvik outsource its payroll to?", "Norvik"),
        ("What did Olga Brandt complain about after the visit?", "Olga Brandt"),
        ("Did the ministers also want a treaty?", "the ministers"),
        ("Where will the trial be held?", "the trial"),
        ("What do nurses who failed the test earn?", "nurses"),
        # What is said of the subject is no part of it.
        ("When was the bridge built?", "the bridge"),
        ("Is Norland a member of the union?", "Norland"),
        ("Has Norland been let into the union?", "Norland"),
        ("When was the plane that crashed in Lima built?", "the plane"),
        # The question word is the subject, and something is done by it or to it.
        ("Who owns Norvik?", "Norvik"),
        ("Who shot the mayor in 2019?", "the mayor"),
        ("Who drew up the plan?", "the plan"),
        ("How many people died in the Halden fire?", "the Halden fire"),
        ("How many passengers were lost on the Sina Malua?", "the Sina Malua"),
        ("Who was on board the ferry?", "the ferry"),
        ("Who was on the plane that crashed in Lima?", "the plane that crashed in Lima"),
        ("Which helicopter can lift the gun?", "the gun"),
        ("Which trial was dropped?", "the trial"),
        # No verb, or nothing that is spoken of.
        ("Inflation in Drevia in February?", "Inflation"),
        ("What has been found?", None),
        ("Why?", None),
    ],
)
def test_what_a_question_is_about_is_told_by_its_grammar(question: str, topic: str | None) -> None:
    assert Standing.of(question).topic == topic


@pytest.mark.parametrize(
    ("question", "owner"),
    [
        ("What was Norvik's profit?", "Norvik"),
        ("What was the profit of Norvik?", "Norvik"),
        ("Who is the mayor of Brackley?", "Brackley"),
        ("When was the third meeting of the forum held?", "the third meeting of the forum"),
        ("When was the forum held?", "the forum"),
    ],
)
def test_what_is_somebody_s_has_an_owner(question: str, owner: str) -> None:
    assert Standing.of(question).owner == owner


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("When did Norland conclude the supply pact with Drevia?", "the supply pact"),
        ("When did Ines Duarte join Norvik?", "Norvik"),
        ("Which helicopter did the navy order in May?", "the helicopter of the navy"),
        ("When did Norvik get a new boss?", "the new boss"),
        ("When was the pact signed?", None),
        ("When did the ferry sink?", None),
    ],
)
def test_what_something_was_done_to(question: str, thing: str | None) -> None:
    assert Standing.of(question).object == thing
