"""Conversations played through: how many last questions are answered as they should be, by kind.

    python tests/benchmarks/conversations.py tests/asked/conversations.jsonl [--wrong]

A line holds the questions asked before, the one that counts, and the accepted answers, as in a gold set: {"asked": […],
"question": …, "answers": […], "kind": …}. Where none is accepted, only "the articles don't say" is right. Kinds: "same", the
article spoken of answers; "other", another one does; "switch", the question stands by itself; "none". What was said is what the
assistant said.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.evaluation.gold import accepted_answers
from assistant.evaluation.json_lines import records
from assistant.evaluation.text import Accepted, contains_answer
from assistant.types import Answer, Turn


def last_answer(assistant: Assistant, line: dict[str, Any]) -> Answer:
    """The answer to the question that counts, after those asked before."""
    turns: list[Turn] = []
    for question in line["asked"]:
        turns += [Turn("user", question), Turn("assistant", assistant.ask(question, turns).text)]
    return assistant.ask(line["question"], turns)


def is_right(answer: Answer, accepted: Sequence[Accepted]) -> bool:
    """Whether an accepted answer is shown; where there is none, whether nothing is answered."""
    if not accepted:
        return answer.abstained
    return not answer.abstained and contains_answer(f"{answer.text} {answer.short_answer or ''}", accepted)


def main() -> None:
    """Plays a file and prints the counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--index", type=Path, default=Path(".index"))
    parser.add_argument("--wrong", action="store_true", help="print what was answered wrongly")
    options = parser.parse_args()
    right: dict[str, list[bool]] = defaultdict(list)
    with Assistant.open(options.corpus, options.index) as assistant:
        for place, line in records(options.file):
            answer = last_answer(assistant, line)
            right[line["kind"]].append(is_right(answer, accepted_answers(place, line["answers"])))
            if options.wrong and not right[line["kind"]][-1]:
                print(f"{line['kind']:7} {line['asked'][-1]} | {line['question']} | {answer.searched_for} | {answer.text}\n")
    for kind, rows in right.items():
        print(f"{kind:7} {sum(rows)} of {len(rows)}")


if __name__ == "__main__":
    main()
