from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answering.conversation import condense_question
from assistant.answering.leaning import points_back
from assistant.types import Turn

GOLD = Path(__file__).parents[1] / "gold"


@pytest.mark.parametrize(
    "question",
    [
        "What did Ann Lee say when she signed the treaty?",
        "Which city was Ann Lee in when Bob Ray rang him?",
        "Why did the Peruvian minister call his counterpart?",
        "How much did Peru pay for its transports?",
        "In which city did Peru and Chile hold their first summit?",
        "In which city were Lee and Ray when they announced the plan?",
        "Which ship is the most recent one?",
        "What does one F414 engine cost?",
        "Who wrote One Hundred Years of Solitude?",
        "Where will the base be that the treaty provides for?",
        "Which minister said that Peru would join?",
        "What did Peru say in April that it would join?",
        "Why did Ann Lee turn down the call from Bob Ray?",
        "What was decided at the talks between Peru and Chile?",
        "What sits on top of the dialogue mechanisms?",
        'Who called the paper "not only long, it is dull"?',
        "For what date was the first summit planned before it was put off?",
        "I write about Ann Lee. On what date did she resign?",
        "The Andes Forum: which city hosted it?",
        "NAFTA - what does it stand for?",
        "What will Peru buy this year?",
        "How many ships are there in the fleet?",
        "Which exercise has the same members as the Quad?",
    ],
)
def test_a_question_may_name_itself_what_its_pronouns_stand_for(question: str) -> None:
    assert not points_back(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who signed it?",
        "Where was that?",
        "Who signed that deal?",
        "What did that cost?",
        "Which of these was first?",
        "Who was there?",
        "When did he resign?",
        "Did Ray meet him in Lima?",
        "Who was the US president when it was signed?",
        "What is its range?",
        "Who signed the agreement for Peru?",
        "When does the agreement expire?",
        "and the industrial one?",
        "Which one was signed first?",
        "What happened in that year?",
        "Where did Lee go afterwards?",
        "How long has the Pentagon known him?",
    ],
)
def test_what_is_not_named_was_said_before(question: str) -> None:
    assert points_back(question)


def test_gold_questions_that_stand_alone_are_asked_as_they_are_whatever_came_before() -> None:
    rows = [json.loads(line) for file in sorted(GOLD.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    alone = [row["question"] for row in rows if not row.get("history") and len(row["question"].split()) > 8]
    before = [Turn("user", "Who signed the trade agreement with Chile?"), Turn("assistant", "Ann Lee signed it.")]
    completed = [question for question in alone if condense_question(question, before) != (question,)]
    assert len(alone) > 400
    assert len(completed) <= len(alone) * 0.02, completed
