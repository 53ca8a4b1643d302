"""Asks every question and keeps every row."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from assistant.errors import AssistantError
from assistant.evaluation.gold import GoldExample
from assistant.evaluation.rows import Row, answered_row, failed_row
from assistant.types import Answer, Article, Turn

# What is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]


class System(Protocol):
    """Anything that answers questions: the assistant, or something to compare it with."""

    def ask(self, question: str, history: Sequence[Turn] = ...) -> Answer:
        """The answer to a question after the turns of `history`, or an abstention."""
        ...


def run_questions(
    system: System,
    examples: Sequence[GoldExample],
    articles: Mapping[str, Article],
    count_tokens: Callable[[str], int],
    *,
    finished: Mapping[str, Row] | None = None,
    keep: Callable[[Row], None] = lambda row: None,
    progress: Progress = lambda task, done, total: None,
) -> list[Row]:
    """One row for each question, in the order of the questions; those in `finished` are taken from there.

    `keep` is given each new row as soon as it is made. What the system raises on purpose (`AssistantError`), a time-out
    (`TimeoutError`) and a confidence outside [0, 1] make a row that counts as wrong; any other exception is a defect and ends
    the run, the rows made so far being kept.
    """
    rows = dict(finished or {})
    for done, example in enumerate(examples, start=1):
        if example.id not in rows:
            rows[example.id] = _ask(system, example, articles, count_tokens)
            keep(rows[example.id])
        progress("Asking questions", done, len(examples))
    return [rows[example.id] for example in examples]


def _ask(system: System, example: GoldExample, articles: Mapping[str, Article], count_tokens: Callable[[str], int]) -> Row:
    began = time.perf_counter()
    try:
        answer = system.ask(example.question, history=example.history)
    except (AssistantError, TimeoutError) as error:
        return failed_row(example, f"{type(error).__name__}: {error}", _milliseconds_since(began))
    elapsed_ms = _milliseconds_since(began)
    if not 0.0 <= answer.confidence <= 1.0:
        return failed_row(example, f"The confidence is {answer.confidence!r}, not within 0 and 1.", elapsed_ms)
    return answered_row(example, answer, articles, count_tokens, elapsed_ms)


def _milliseconds_since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
