"""Questions written for this project on passages of the training data: most look answerable from their passage and are not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

from assistant.errors import GoldFormatError
from assistant.training.squad import Question

WRITTEN_FILE = Path(__file__).with_name("written.jsonl")


def written_for(questions: Iterable[Question], file: Path = WRITTEN_FILE) -> list[Question]:
    """The written questions on the passages of `questions`, in the order of the file; the passages themselves aren't in it.

    Raises:
        GoldFormatError: a line is not {"passage": id, "question": text, "answer": [start, end] in characters, or null}.
    """
    passages = {question.passage_id: question for question in questions}
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            about = passages.get(row["passage"])
            answers = ((int(row["answer"][0]), int(row["answer"][1])),) if row["answer"] else ()
            if about and answers and not 0 <= answers[0][0] < answers[0][1] <= len(about.passage):
                raise ValueError(f"{row['answer']} is not in the passage")
            text = str(row["question"])
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise GoldFormatError(f"{file}, line {number}: {error}; mend the line.") from error
        if about:
            found.append(dataclasses.replace(about, question_id=f"written-{number}", text=text, answers=answers))
    return found
