"""Questions in SQuAD's JSON format, with whole subjects set aside."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import GoldFormatError

_WHOLE_SUBJECTS = 4  # a file with fewer subjects is split by paragraph instead


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one passage. `answers` are half-open character spans of the passage; none: unanswerable from it.

    A follow-up's `text` begins with the questions asked before it.
    """

    question_id: str
    file: str
    subject: str
    title: str
    passage: str
    text: str
    answers: tuple[tuple[int, int], ...]
    is_follow_up: bool = False

    @property
    def passage_id(self) -> str:
        """Twelve hex digits of the passage's SHA-256."""
        return hashlib.sha256(self.passage.encode()).hexdigest()[:12]


def read_squad(path: Path) -> list[Question]:
    """The questions of one file, in order. In a file of one subject, such as a crawl of comments, each passage is a subject.

    Raises:
        GoldFormatError: the file cannot be read, or an answer is not the passage's words at its offset.
    """
    try:
        subjects = json.loads(path.read_text(encoding="utf-8"))["data"]
        alone = len(subjects) < _WHOLE_SUBJECTS
        return [question for subject in subjects for question in _questions(subject, path, alone=alone)]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise GoldFormatError(
            f"{path} is not in SQuAD's format ({error!r}); give a file with data, paragraphs and qas."
        ) from error


def _questions(subject: dict[str, Any], path: Path, *, alone: bool) -> Iterable[Question]:
    title = str(subject["title"]).replace("_", " ")
    for number, paragraph in enumerate(subject["paragraphs"]):
        passage = paragraph["context"]
        for entry in paragraph["qas"]:
            spans = []
            for answer in () if entry.get("is_impossible") else entry["answers"]:
                start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
                if passage[start:end] != answer["text"]:
                    raise GoldFormatError(
                        f"{path}: question {entry['id']!r}: {answer['text']!r} does not stand at {start}; mend the offset."
                    )
                if start < end:
                    spans.append((start, end))
            yield Question(
                question_id=entry["id"],
                file=path.stem,
                subject=f"{title} {number}" if alone else title,
                title="" if alone else title,
                passage=passage,
                text=entry["question"].strip(),
                answers=tuple(spans),
            )


def split_by_subject(questions: Iterable[Question], share: float) -> tuple[list[Question], list[Question]]:
    """Training and dev questions; dev holds whole subjects, about `share` of each file's, those with the lowest hashes.

    Two subjects that share a passage go to the same side.
    """
    questions = list(questions)
    held: set[tuple[str, str]] = set()
    for file in sorted({q.file for q in questions}):
        subjects = sorted({q.subject for q in questions if q.file == file}, key=lambda s: hashlib.sha256(s.encode()).digest())
        held |= {(file, subject) for subject in subjects[: max(1, round(share * len(subjects)))]}
    passages = {q.passage for q in questions if (q.file, q.subject) in held}
    dev = [q for q in questions if q.passage in passages]
    return [q for q in questions if q.passage not in passages], dev


def at_most(questions: Iterable[Question], count: int) -> list[Question]:
    """Of each file the questions of its passages with the lowest hashes, in their order, until there are `count` or more."""
    questions = list(questions)
    taken: set[tuple[str, str]] = set()
    for file in sorted({q.file for q in questions}):
        sizes = Counter(q.passage_id for q in questions if q.file == file)
        so_far = 0
        for passage_id in sorted(sizes):
            if so_far >= count:
                break
            so_far += sizes[passage_id]
            taken.add((file, passage_id))
    return [q for q in questions if (q.file, q.passage_id) in taken]
