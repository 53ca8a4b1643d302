from __future__ import annotations

import pytest

from assistant.answering.counterparts import in_its_place, names_in_its_place, noun_in_its_place, time_in_its_place

RENTS = "What were rents in Leeds in May 2020 for students?"


@pytest.mark.parametrize(
    ("phrase", "before", "meant"),
    [
        ("in June", RENTS, "What were rents in Leeds in June 2020 for students?"),
        ("in 2021", RENTS, "What were rents in Leeds in 2021 for students?"),
        ("in York", RENTS, "What were rents in York in May 2020 for students?"),
        ("in york", RENTS, "What were rents in york in May 2020 for students?"),
        ("for nurses", RENTS, "What were rents in Leeds in May 2020 for nurses?"),
        ("with heating", RENTS, "What were rents in Leeds in May 2020 for students with heating?"),
        ("in person", "When did they meet in Leeds?", "When did they meet in Leeds in person?"),
        ("to Rome", "How long is the flight from Leeds to York?", "How long is the flight from Leeds to Rome?"),
        ("from Rome", "How long is the flight from Leeds to York?", "How long is the flight from Rome to York?"),
        ("at Wembley", "How many watched the match in Leeds?", "How many watched the match at Wembley?"),
        ("since Monday", "How many were hurt last week?", "How many were hurt since Monday?"),
        ("at the tax one", "Who spoke at the trade forum in May?", "Who spoke at the tax forum in May?"),
    ],
)
def test_a_phrase_takes_the_place_of_the_last_one_of_its_kind(phrase: str, before: str, meant: str) -> None:
    assert in_its_place(phrase, before) == meant


@pytest.mark.parametrize(
    ("time", "before", "meant"),
    [
        ("June", RENTS, "What were rents in Leeds in June 2020 for students?"),
        ("last year", RENTS, "What were rents in Leeds last year for students?"),
        ("Tuesday", "What happened on Monday?", "What happened on Tuesday?"),
        ("the second quarter", "What was lost in the first quarter of 2020?", "What was lost in the second quarter of 2020?"),
        ("June", "What were rents?", "What were rents in June?"),
        ("May", "Since May, or until June?", "Since May, or until May?"),
        ("the second half", "What were rents?", None),
        ("nurses", RENTS, None),
    ],
)
def test_a_time_needs_no_preposition(time: str, before: str, meant: str | None) -> None:
    assert time_in_its_place(time, before) == meant


@pytest.mark.parametrize(
    ("noun", "topic", "before", "meant"),
    [
        ("lorries", "the toll for cars", "How high is the toll for cars?", "How high is the toll for lorries?"),
        ("nurses", "teachers", "What do teachers earn in cities?", None),
        ("the women's final", "the cup", "Who won the cup in the men's final?", "Who won the cup in the women's final?"),
        ("the bridge", "the toll for cars", "How high is the toll for cars?", None),
    ],
)
def test_a_noun_takes_the_place_of_one_like_it(noun: str, topic: str, before: str, meant: str | None) -> None:
    assert noun_in_its_place(noun, before, topic) == meant


@pytest.mark.parametrize(
    ("name", "topic", "before", "meant"),
    [
        ("the ECB", "the Fed", "When did the Fed cut rates?", "When did the ECB cut rates?"),
        ("Norvik", "Ann Lee", "When did Ann Lee join Halden?", "When did Ann Lee join Norvik?"),
        ("Bob Ray", "Ann Lee", "When did Ann Lee join Halden?", "When did Bob Ray join Halden?"),
        ("Chile", "Peru", "When did Peru sign a pact with France?", "When did Peru sign a pact with Chile?"),
    ],
)
def test_a_name_takes_the_place_of_the_likest(name: str, topic: str, before: str, meant: str) -> None:
    assert next(names_in_its_place(name, before, topic)) == meant
