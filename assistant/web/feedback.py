"""What readers said of answers, as lines of a gold set (see `assistant.evaluation.gold`).

Besides the keys of a gold set a line has `index`, the settings fingerprint of the index that answered, and `review`: null where
the reader liked an answer from all articles, else what is to be done before the line can count as gold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.types import Answer, Turn
from assistant.web.conversations import Rating
from assistant.web.filters import filter_in_words
from assistant.writing import write_whole


def gold_lines(ratings: Iterable[Rating]) -> list[dict[str, Any]]:
    """One line for each rated answer, sorted by question and id; the same rating given twice is one line.

    A liked answer is the expected one, with its quotes as the evidence; a liked abstention is a question that isn't answerable.
    A disliked answer is given in the same way, as what was answered, and marked for review; so is one that was asked with a
    filter, for a gold set asks all articles.
    """
    lines = {line["id"]: line for line in map(_line, ratings)}
    return sorted(lines.values(), key=lambda line: (line["question"], line["id"]))


def write_lines(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Puts JSON lines in place of what the file held, or leaves that as it was. A device, such as /dev/stdout, stays one.

    Raises:
        SettingsError: the file cannot be written.
    """
    write_whole(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def _line(rating: Rating) -> dict[str, Any]:
    answer = rating.answer
    line: dict[str, Any] = {
        "question": answer.question,
        "answers": _answers(answer),
        "evidence": [{"article_id": c.article_id, "quote": c.quote} for c in answer.citations],
        "answerable": not answer.abstained,
        "history": [_turn(turn) for turn in rating.history],
        "tags": ["feedback"],
        "index": rating.fingerprint,
        "review": _review(rating),
    }
    digest = hashlib.sha256(json.dumps(line, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return {"id": f"feedback-{digest[:12]}"} | line


def _review(rating: Rating) -> str | None:
    doubts = [] if rating.liked else ["A reader disliked this answer."]
    if chosen := filter_in_words(rating.search_filter):
        doubts.append(f"Asked with a filter ({', '.join(chosen)}); a gold set asks all articles.")
    return " ".join([*doubts, "Put the right answers and quotes, or delete the line."]) if doubts else None


def _answers(answer: Answer) -> list[str]:
    if answer.abstained:
        return []
    return [answer.short_answer] if answer.short_answer else [sentence.text for sentence in answer.sentences]


def _turn(turn: Turn) -> dict[str, str]:
    return {"role": turn.role, "content": turn.content}
