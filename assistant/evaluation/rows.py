"""One row for each question: what was asked, expected and given, and every measure of it. Means are made from rows alone.

A row is a plain JSON object, so that what is in memory and what is in the report are the same thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypedDict

from assistant.evaluation import citations as cited
from assistant.evaluation import scores
from assistant.evaluation.catalogue import QUESTION_MEASURES
from assistant.evaluation.gold import GoldExample, split_of
from assistant.types import Answer, Article

# The form of a row and the meaning of its numbers; raise it when either changes, so that no run goes on with other rows.
ROWS_FORMAT = 2


class CitationRow(TypedDict):
    """A citation as given, and what its check found (see `citations.CheckedCitation`)."""

    marker: int
    article_id: str
    quote: str
    start: int
    end: int
    support: float
    exact: bool
    gold_article: bool
    gold_quote: bool


class SentenceRow(TypedDict):
    """A sentence of the answer, the verifier's verdict, and whether exact citations bear it out."""

    text: str
    verdict: str
    supported: bool


class PassageRow(TypedDict):
    """A passage that was found: characters `start` to `end` of an article."""

    article_id: str
    start: int
    end: int


class EvidenceRow(TypedDict):
    """A piece of gold evidence."""

    article_id: str
    quote: str | None


class TurnRow(TypedDict):
    """A message before the question."""

    role: str
    content: str


class Row(TypedDict):
    """One question. `error` is None, or says why there is no answer; then every measure that applies is the worst.

    expected: the accepted answers in words, see `text.Accepted`. confidence: None on a failure. cluster: what the bootstrap
    draws together. elapsed_ms: wall-clock milliseconds of the whole call. passages_read: how many of the found passages the
    reader read. measures: by name; None where a measure does not apply to the question or the reply.
    """

    id: str
    question: str
    history: list[TurnRow]
    tags: list[str]
    split: str
    cluster: str
    answerable: bool
    expected: list[str]
    evidence: list[EvidenceRow]
    error: str | None
    given: str
    short_answer: str | None
    abstained: bool
    reason: str | None
    confidence: float | None
    searched_for: str
    sentences: list[SentenceRow]
    citations: list[CitationRow]
    passages: list[PassageRow]
    passages_read: int
    timings_ms: dict[str, float]
    elapsed_ms: float
    measures: dict[str, float | None]


def answered_row(
    example: GoldExample, answer: Answer, articles: Mapping[str, Article], count_tokens: Callable[[str], int], elapsed_ms: float
) -> Row:
    """The row of a reply, an abstention included."""
    checked = [cited.check_citation(citation, example, articles) for citation in cited.all_citations(answer)]
    exact = {check.citation: check.exact for check in checked}
    row = _row(example, elapsed_ms)
    row["given"] = answer.text
    row["short_answer"] = answer.short_answer
    row["abstained"] = answer.abstained
    row["reason"] = answer.reason
    row["confidence"] = float(answer.confidence)
    row["searched_for"] = answer.searched_for
    row["sentences"] = [
        {"text": sentence.text, "verdict": sentence.verdict, "supported": cited.is_supported(sentence, exact)}
        for sentence in answer.sentences
    ]
    row["citations"] = [_citation_row(check) for check in checked]
    row["passages"] = [
        {"article_id": scored.chunk.article_id, "start": scored.chunk.start, "end": scored.chunk.end}
        for scored in answer.evidence[: scores.PASSAGES_KEPT]
    ]
    row["passages_read"] = sum(scored.origin == "reader" for scored in answer.evidence)
    row["timings_ms"] = {stage: float(value) for stage, value in answer.timings_ms.items()}
    row["measures"] |= scores.reply_scores(example, answer, checked, articles, count_tokens)
    return row


def failed_row(example: GoldExample, error: str, elapsed_ms: float) -> Row:
    """The row of a question that got no reply: wrong, nothing found, and never out of the denominator."""
    row = _row(example, elapsed_ms)
    row["error"] = error
    row["measures"] |= scores.failure_scores(example)
    return row


def _row(example: GoldExample, elapsed_ms: float) -> Row:
    return {
        "id": example.id,
        "question": example.question,
        "history": [{"role": turn.role, "content": turn.content} for turn in example.history],
        "tags": list(example.tags),
        "split": split_of(example),
        "cluster": example.evidence[0].article_id if example.answerable else example.id,
        "answerable": example.answerable,
        "expected": [str(answer) for answer in example.answers],
        "evidence": [{"article_id": evidence.article_id, "quote": evidence.quote} for evidence in example.evidence],
        "error": None,
        "given": "",
        "short_answer": None,
        "abstained": False,
        "reason": None,
        "confidence": None,
        "searched_for": example.question,
        "sentences": [],
        "citations": [],
        "passages": [],
        "passages_read": 0,
        "timings_ms": {},
        "elapsed_ms": elapsed_ms,
        "measures": dict.fromkeys(QUESTION_MEASURES) | {"elapsed_ms": elapsed_ms},
    }


def _citation_row(check: cited.CheckedCitation) -> CitationRow:
    citation = check.citation
    return {
        "marker": citation.marker,
        "article_id": citation.article_id,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "support": citation.support,
        "exact": check.exact,
        "gold_article": check.gold_article,
        "gold_quote": check.gold_quote,
    }
