"""Questions and claims written for this project on passages of the training data: most of the questions look answerable from
their passage and are not; half of the claims are true, in other words than the passage's, and half are subtly false."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import GoldFormatError
from assistant.training.squad import Question

QUESTIONS_FILE = Path(__file__).with_name("written_questions.jsonl")
HELD_OUT_FILE = Path(__file__).with_name("written_held_out.jsonl")  # never trained on: they measure
CLAIMS_FILE = Path(__file__).with_name("written_claims.jsonl")
CLAIMS_HELD_OUT_FILE = Path(__file__).with_name("written_claims_held_out.jsonl")  # likewise


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement about a passage. `supported`: the passage says so, perhaps in other words. `kind`: how it was reworded or in
    which way it is false."""

    text: str
    passage: str
    title: str
    supported: bool
    kind: str = ""


def written_for(questions: Iterable[Question], file: Path = QUESTIONS_FILE) -> list[Question]:
    """The written questions on the passages of `questions`, in the order of the file; the passages themselves aren't in it.

    Raises:
        GoldFormatError: a line is not {"passage": id, "question": text, "answer": [start, end] in characters, or null}.
    """
    passages = {question.passage_id: question for question in questions}
    found = []
    for number, row in _rows(file):
        about = passages.get(row["passage"])
        try:
            answers = ((int(row["answer"][0]), int(row["answer"][1])),) if row["answer"] else ()
            if about and answers and not 0 <= answers[0][0] < answers[0][1] <= len(about.passage):
                raise ValueError(f"{row['answer']} is not in the passage")
            text = str(row["question"])
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise GoldFormatError(f"{file}, line {number}: {error}; mend the line.") from error
        if about:
            name = f"{file.stem}-{number}"
            found.append(dataclasses.replace(about, question_id=name, file=file.stem, text=text, answers=answers))
    return found


def claims_for(questions: Iterable[Question], file: Path = CLAIMS_FILE) -> list[Claim]:
    """The written claims on the passages of `questions`, in the order of the file.

    A line with "old" and "new" is about the passage with those words exchanged: the same claim is true of the one and false of
    the other (contrastive evidence, Schuster, Fisch and Barzilay 2021).

    Raises:
        GoldFormatError: a line is not {"passage": id, "claim": text, "supported": true or false}, or "old" does not stand in
            the passage exactly once.
    """
    passages = {question.passage_id: question for question in questions}
    found = []
    for number, row in _rows(file):
        if not isinstance(row.get("supported"), bool) or not isinstance(row.get("claim"), str):
            raise GoldFormatError(
                f"{file}, line {number}: it lacks 'claim', or 'supported' is neither true nor false; mend the line."
            )
        if about := passages.get(row["passage"]):
            passage = about.passage
            if "old" in row:
                if passage.count(row["old"]) != 1:
                    raise GoldFormatError(
                        f"{file}, line {number}: {row['old']!r} does not stand in the passage once; mend the line."
                    )
                passage = passage.replace(row["old"], row["new"])
            found.append(Claim(row["claim"], passage, about.title, row["supported"], str(row.get("kind", ""))))
    return found


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines with their numbers, from 1; each holds at least the id of its passage."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            row["passage"]
        except (KeyError, TypeError, ValueError) as error:
            raise GoldFormatError(f"{file}, line {number}: {error}; mend the line.") from error
        yield number, row
