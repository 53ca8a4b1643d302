from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import GoldFormatError
from assistant.training.squad import Question, at_most, read_squad, split_by_subject
from assistant.training.tricks import names_of, other_attribute, trick_question

PASSAGE = "Rain fell in Leeds on 5 March 2024. The mayor, Ann Lee, closed the schools."


def entry(name: str, text: str, answer: str | None) -> dict[str, Any]:
    answers = [{"text": answer, "answer_start": PASSAGE.index(answer)}] if answer else []
    return {"id": name, "question": text, "answers": answers, "is_impossible": not answers}


def write(path: Path, subjects: dict[str, list[list[dict[str, Any]]]]) -> Path:
    data = [
        {"title": title, "paragraphs": [{"context": PASSAGE + " " * number, "qas": qas} for number, qas in enumerate(paragraphs)]}
        for title, paragraphs in subjects.items()
    ]
    path.write_text(json.dumps({"data": data}))
    return path


def test_questions_come_with_the_places_of_their_answers(tmp_path: Path) -> None:
    rows = [entry("a", "Where did it rain?", "Leeds"), entry("b", "Where did it snow?", None)]
    one, other = read_squad(write(tmp_path / "few.json", {"Weather_in_Leeds": [rows]}))
    assert [PASSAGE[start:end] for start, end in one.answers] == ["Leeds"]
    assert other.answers == ()


def test_an_answer_that_stands_elsewhere_is_refused(tmp_path: Path) -> None:
    wrong = entry("a", "Where did it rain?", "Leeds")
    wrong["answers"][0]["answer_start"] += 1
    with pytest.raises(GoldFormatError, match="question 'a': 'Leeds' does not stand at 14"):
        read_squad(write(tmp_path / "wrong.json", {"Weather": [[wrong]]}))


@pytest.mark.parametrize("text", ["", "[]", '{"data": [{}]}', '{"data": 3}'])
def test_another_format_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(GoldFormatError, match="is not in SQuAD's format"):
        read_squad(path)


def question(name: str, subject: str, passage: str, *, answered: bool = True) -> Question:
    return Question(name, "file", subject, subject, passage, "Where did it rain?", ((13, 18),) if answered else ())


def test_whole_subjects_are_set_aside_and_no_passage_is_on_both_sides() -> None:
    questions = [question(f"{s}{p}", f"subject {s}", f"{PASSAGE} {s} {p}") for s in range(20) for p in range(3)]
    # Two subjects share a passage: wherever one goes, the other's question about it goes too.
    questions += [question("x", "subject 0", "shared"), question("y", "subject 1", "shared")]
    training, dev = split_by_subject(questions, 0.1)
    assert len(training) + len(dev) == len(questions)
    assert 6 <= len(dev) <= 8
    assert not {q.passage for q in training} & {q.passage for q in dev}
    assert split_by_subject(questions[::-1], 0.1)[1] == dev[::-1]


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Where did it rain in 2024?", {"year"}),
        ("What was the first school to close?", {"last", "opposite", "ordinal"}),
        ("What did Ann Lee close?", {"name", "not", "opposite"}),
        ("What was found?", {"not"}),
    ],
)
def test_a_trick_question_changes_one_thing(text: str, changes: set[str]) -> None:
    asked = Question("q", "f", "s", "s", PASSAGE, text, ((13, 18),))
    others = ["In York, the clerk Bob Hill swept the snow with George Black."]
    names = names_of([PASSAGE, *others])
    for seed in range(20):
        trick = trick_question(asked, names, others, random.Random(seed))
        assert trick is not None
        assert trick != text
        seen = {
            "year": not {"2024"} & set(trick.replace("?", "").split()),
            "last": "last" in trick,
            "name": any(name in trick for name in ("Bob Hill", "George Black", "York", "Leeds", "March")),
            "not": "n't" in trick,
            "opposite": "open" in trick,
            "ordinal": "first" not in trick,
        }
        assert any(seen[change] for change in changes), trick
    assert trick_question(asked, names, others, random.Random(3)) == trick_question(asked, names, others, random.Random(3))


def test_of_each_file_whole_passages_are_taken_until_there_are_enough() -> None:
    def of(file: str, passages: int) -> list[Question]:
        made = [question(f"{file}{p}{n}", file, f"{PASSAGE} {file} {p}") for p in range(passages) for n in range(3)]
        return [dataclasses.replace(each, file=file) for each in made]

    questions = [*of("large", 30), *of("small", 2)]
    taken = at_most(questions, 10)
    assert [q for q in taken if q.file == "small"] == of("small", 2)
    assert len([q for q in taken if q.file == "large"]) == 12
    passages = {q.passage for q in taken}
    assert taken == [q for q in questions if q.passage in passages]
    assert set(taken) <= set(at_most(questions, 20))


@pytest.mark.parametrize(
    ("asked", "answer", "becomes"),
    [
        ("Who closed the schools?", "Ann Lee", "How many people closed the schools?"),
        ("How many schools were closed by the mayor?", "the schools", "What did the schools cost?"),
        ("When did it rain?", "5 March 2024", None),  # the sentence says where
        ("Where did it rain?", "Leeds", None),  # and when
        ("How many times did it rain?", "Rain", None),
        ("What did the mayor do?", "closed", None),
    ],
)
def test_another_attribute_is_asked_for_only_where_the_sentences_lack_it(asked: str, answer: str, becomes: str | None) -> None:
    start = PASSAGE.index(answer)
    one = Question("a", "file", "Leeds", "Leeds", PASSAGE, asked, ((start, start + len(answer)),))
    found = {other_attribute(one, random.Random(seed)) for seed in range(8)}
    assert becomes in found
    assert becomes is not None or found == {None}
