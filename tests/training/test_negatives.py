from __future__ import annotations

from pathlib import Path

from assistant.training.negatives import mine
from assistant.training.squad import Question

PASSAGES = [
    "Rain fell in Leeds on 5 March 2024. The mayor, Ann Lee, closed the schools of the town.",
    "Rain fell in York on 6 March 2024. The mayor closed the museums.",
    "Snow fell in Leeds in January. Ann Lee kept the schools open.",
    "Lemon trees are pruned in early spring, once the frost has gone.",
]


def question(name: str, text: str, passage: int, answer: str) -> Question:
    start = PASSAGES[passage].index(answer)
    return Question(name, "file", "Leeds", "Leeds", PASSAGES[passage], text, ((start, start + len(answer)),))


WHO = question("who", "Who closed the schools of Leeds when rain fell?", 0, "Ann Lee")
WHEN = question("when", "When did rain fall in York?", 1, "6 March 2024")


def test_negatives_are_found_by_the_search_and_dont_hold_the_answer(tmp_path: Path) -> None:
    mined = mine([WHO, WHEN], PASSAGES, tmp_path)
    assert mined["who"] == [PASSAGES[1], PASSAGES[3]]  # the third passage names Ann Lee; what is off the topic comes last
    assert mined["when"][0] == PASSAGES[0]
    assert PASSAGES[1] not in mined["when"]


def test_what_was_mined_is_not_mined_again(tmp_path: Path) -> None:
    first = mine([WHO], PASSAGES, tmp_path)
    kept = tmp_path / "negatives.jsonl"
    kept.write_text(kept.read_text() + '["half a li', encoding="utf-8")  # a kill cut the last line short
    steps: list[int] = []
    both = mine([WHO, WHEN], PASSAGES, tmp_path, lambda task, done, total: steps.append(total))
    assert steps == [1]
    assert both["who"] == first["who"]
    assert mine([WHO, WHEN], [], tmp_path) == both
