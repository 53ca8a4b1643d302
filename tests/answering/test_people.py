from __future__ import annotations

import re

import pytest

from assistant.answering.people import fit, people_spoken_of, with_people


@pytest.mark.parametrize(
    ("question", "topic", "said", "people"),
    [
        ("Who did Ann Lee marry?", "Ann Lee", "Ann Lee married Bob Ray.", ["Bob Ray", "Ann Lee"]),
        ("When was Ann Lee born?", "Ann Lee", "Ann Lee, Bob Ray's wife, was born in May.", ["Ann Lee", "Bob Ray"]),
        ("Who is the mayor of Brackley?", "the mayor of Brackley", "Ann Lee.", ["Ann Lee", "the mayor of Brackley"]),
        ("Which judge was ill?", None, "Judge Ruth Okafor was ill.", ["Ruth Okafor"]),
        ("When did Ann Lee join Norvik?", "Ann Lee", "Lee joined Norvik in May.", ["Ann Lee"]),
        (
            "When was the pact signed?",
            "the pact",
            "Ann Lee signed it at the Chamber of Commerce in Halden.",
            ["Ann Lee", "the pact"],
        ),
        ("Who was it?", None, "He met Bob Ray's lawyer. [1] During the talks Ann Lee spoke. [2]", ["Ann Lee", "Bob Ray"]),
        ("Who was it?", None, "The articles don't say. Nearest article: “Ann Lee resigns”, 3 May 2020.", []),
    ],
)
def test_the_likeliest_person_comes_first(question: str, topic: str | None, said: str, people: list[str]) -> None:
    assert people_spoken_of(question, topic, said) == people


@pytest.mark.parametrize(
    ("question", "people", "meant"),
    [
        ("When did he die?", ["Bob Ray", "Ann Lee"], ["When did Bob Ray die?", "When did Ann Lee die?"]),
        ("What did she tell him?", ["Ann Lee", "Bob Ray"], ["What did Ann Lee tell Bob Ray?", "What did Bob Ray tell Ann Lee?"]),
        ("What did she tell him?", ["Bob Ray"], ["What did Bob Ray tell him?", "What did she tell Bob Ray?"]),
        ("Did he sell his car?", ["Bob Ray"], ["Did Bob Ray sell Bob Ray's car?"]),
        ("Did he hit him?", ["Bob Ray"], ["Did Bob Ray hit him?", "Did he hit Bob Ray?"]),
        ("When did he die?", [], []),
    ],
)
def test_one_person_stands_for_no_two(question: str, people: list[str], meant: list[str]) -> None:
    assert list(with_people(question, people)) == meant


@pytest.mark.parametrize(
    ("question", "owned"),
    [
        ("what is her job?", True),
        ("who was her first coach?", True),
        ("did her own party vote?", True),
        ("where is her most famous picture?", True),
        ("who succeeded her?", False),
        ("who met her yesterday?", False),
        ("who met her first?", False),
        ("who voted for her in May?", False),
        ("who gave her money?", False),
        ("what did they call her publicly?", False),
    ],
)
def test_her_may_be_whose_or_whom(question: str, owned: bool) -> None:
    her = re.search(r"\bher\b", question)
    assert her is not None
    assert fit(her, "Ann Lee") == ("Ann Lee's" if owned else "Ann Lee")
