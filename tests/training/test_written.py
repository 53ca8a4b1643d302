from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.errors import GoldFormatError
from assistant.training.squad import Question
from assistant.training.written import CLAIMS_FILE, CLAIMS_HELD_OUT_FILE, HELD_OUT_FILE, QUESTIONS_FILE, claims_for, written_for

PASSAGE = "Rain fell in Leeds on 5 March 2024. The mayor, Ann Lee, closed the schools."
QUESTION = Question("a", "file", "Leeds", "Weather in Leeds", PASSAGE, "Where did it rain?", ((13, 18),))


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_written_questions_are_found_by_the_passage_they_are_about(tmp_path: Path) -> None:
    file = write(
        tmp_path / "written.jsonl",
        {"passage": QUESTION.passage_id, "question": "Who shut the classrooms?", "answer": [47, 54]},
        {"passage": "0" * 12, "question": "Who is not here?", "answer": None},
        {"passage": QUESTION.passage_id, "question": "How much rain fell in Leeds?", "answer": None},
    )
    who, how_much = written_for([QUESTION], file)
    assert [PASSAGE[start:end] for start, end in who.answers] == ["Ann Lee"]
    assert (how_much.answers, how_much.title, how_much.question_id) == ((), "Weather in Leeds", "written-3")


@pytest.mark.parametrize("answer", [[5, 5], [-1, 4], [70, 200], [3], "Leeds"])
def test_an_answer_outside_the_passage_is_refused(tmp_path: Path, answer: object) -> None:
    file = write(tmp_path / "written.jsonl", {"passage": QUESTION.passage_id, "question": "Who?", "answer": answer})
    with pytest.raises(GoldFormatError, match="line 1"):
        written_for([QUESTION], file)


def test_written_claims_are_found_by_the_passage_they_are_about(tmp_path: Path) -> None:
    file = write(
        tmp_path / "claims.jsonl",
        {"passage": QUESTION.passage_id, "claim": "Leeds shut its classrooms.", "supported": True},
        {"passage": "0" * 12, "claim": "Nobody is here.", "supported": False},
        {"passage": QUESTION.passage_id, "claim": "The schools stayed open.", "supported": False},
    )
    true, false = claims_for([QUESTION], file)
    assert (true.text, true.passage, true.title, true.supported) == (
        "Leeds shut its classrooms.",
        PASSAGE,
        "Weather in Leeds",
        True,
    )
    assert not false.supported


def test_a_claim_may_be_about_the_passage_with_words_exchanged(tmp_path: Path) -> None:
    row = {"passage": QUESTION.passage_id, "claim": "Schools were shut.", "supported": False, "old": "closed", "new": "kept open"}
    [claim] = claims_for([QUESTION], write(tmp_path / "claims.jsonl", row))
    assert claim.passage == "Rain fell in Leeds on 5 March 2024. The mayor, Ann Lee, kept open the schools."


@pytest.mark.parametrize("old", ["Bradford", "e"])
def test_words_to_exchange_stand_in_the_passage_once(tmp_path: Path, old: str) -> None:
    row = {"passage": QUESTION.passage_id, "claim": "It rained.", "supported": True, "old": old, "new": "x"}
    with pytest.raises(GoldFormatError, match="does not stand in the passage once"):
        claims_for([QUESTION], write(tmp_path / "claims.jsonl", row))


@pytest.mark.parametrize(
    "row", [{"claim": "It rained."}, {"claim": "It rained.", "supported": 1}, {"claim": 7, "supported": True}]
)
def test_a_claim_without_a_verdict_is_refused(tmp_path: Path, row: dict[str, object]) -> None:
    file = write(tmp_path / "claims.jsonl", {"passage": QUESTION.passage_id, **row})
    with pytest.raises(GoldFormatError, match="line 1"):
        claims_for([QUESTION], file)


def test_a_line_without_a_passage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldFormatError, match="line 1"):
        claims_for([QUESTION], write(tmp_path / "claims.jsonl", {"claim": "It rained.", "supported": True}))


def rows_of(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_of_the_shipped_questions_half_or_more_are_unanswerable_and_none_is_asked_twice_of_a_passage() -> None:
    rows, held_out = rows_of(QUESTIONS_FILE), rows_of(HELD_OUT_FILE)
    assert sum(row["answer"] is None for row in rows) > len(rows) / 2
    assert len({(row["passage"], row["question"]) for row in rows + held_out}) == len(rows + held_out)
    assert not {row["passage"] for row in rows} & {row["passage"] for row in held_out}


@pytest.mark.parametrize("file", [CLAIMS_FILE, CLAIMS_HELD_OUT_FILE])
def test_half_of_the_shipped_claims_are_true(file: Path) -> None:
    rows = rows_of(file)
    assert sum(bool(row["supported"]) for row in rows) * 2 == pytest.approx(len(rows), rel=0.02)
    plain = [row for row in rows if row["kind"] != "edited"]
    assert all(row["supported"] == (row["kind"] in {"reworded", "far", "twin-true"}) for row in plain)
    truth = {(row["passage"], row["claim"]): row["supported"] for row in plain}
    edited = [row for row in rows if row["kind"] == "edited"]
    assert len(edited) > 500
    # The same claim, true of the passage and false of the edited one, or the other way round.
    assert all(truth[row["passage"], row["claim"]] != row["supported"] for row in edited)


def test_claims_that_measure_are_on_passages_of_their_own() -> None:
    trained, held_out = ({row["passage"] for row in rows_of(file)} for file in (CLAIMS_FILE, CLAIMS_HELD_OUT_FILE))
    assert not trained & held_out
