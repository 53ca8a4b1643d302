"""Answers with the articles' own sentences, word for word. No language model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.answering.confidence import Signals, confidence
from assistant.answering.short_answer import expected_kind, short_answer
from assistant.answering.terms import Term, missing_terms, question_terms
from assistant.ingestion.sentences import sentence_spans
from assistant.models.reranker import Reranker
from assistant.retrieval.retriever import Retrieval
from assistant.settings import Settings
from assistant.types import Article, Citation, ScoredChunk, Sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of an article that may answer: its span, its own logit and its passage's."""

    article_id: str
    start: int
    end: int
    sentence_logit: float
    passage_logit: float
    chunk: ScoredChunk

    @property
    def score(self) -> float:
        """A sentence is read without its surroundings, a passage with them: together they choose better than either."""
        return self.sentence_logit + self.passage_logit


@dataclass(frozen=True)
class Extract:
    """The sentences chosen, in reading order, with the short answer and the confidence.

    `missing` is what the question speaks of and the passage doesn't; `best` is None when there was nothing to read.
    """

    sentences: tuple[Sentence, ...]
    short_answer: str | None
    confidence: float
    missing: tuple[Term, ...]
    best: Candidate | None


# A second or third sentence must come this near to the best one's score (logits, sentence plus passage).
_MARGIN = 6.0
_MARGIN_OF_LISTS = 9.0
_LIST_QUESTION = re.compile(
    r"\b(?:list|which .*s\b.* (?:are|were|have)|what (?:are|were)|name (?:the|all|some)|examples?)\b", re.IGNORECASE
)


class ExtractiveAnswerer:
    """Chooses the sentences of the best passages that answer a question."""

    def __init__(self, reranker: Reranker, stem: Callable[[str], str], settings: Settings) -> None:
        self._reranker = reranker
        self._stem = stem
        self._settings = settings

    def extract(self, question: str, retrieval: Retrieval, articles: Mapping[str, Article]) -> Extract:
        """At most `max_sentences` sentences; ties go to the earlier article id and offset."""
        candidates = self._score(question, retrieval.chunks[: self._settings.evidence_top_k], articles)
        if not candidates:
            return Extract((), None, 0.0, (), None)
        best = candidates[0]
        article = articles[best.article_id]
        context = f"{article.title}\n{best.chunk.chunk.text}"
        missing = missing_terms(question, context, self._stem)
        signals = Signals(
            sentence_logit=best.sentence_logit,
            passage_logit=best.passage_logit,
            missing_share=len(missing) / max(1, len(question_terms(question))),
            missing_names=float(sum(term.is_name for term in missing)),
            agreement=_agreement(best.chunk.chunk.chunk_id, retrieval),
        )
        chosen = self._choose(question, candidates, articles)
        span = short_answer(question, article.text[best.start : best.end])
        short = article.text[best.start + span[0] : best.start + span[1]] if span else None
        return Extract(_quote(chosen, articles), short, confidence(signals), tuple(missing), best)

    def _score(self, question: str, chunks: tuple[ScoredChunk, ...], articles: Mapping[str, Article]) -> list[Candidate]:
        spans: dict[tuple[str, int, int], ScoredChunk] = {}
        for scored in chunks:
            chunk = scored.chunk
            for start, end in sentence_spans(chunk.text):
                # Chunks overlap: a sentence counts with the better of its passages, which comes first.
                spans.setdefault((chunk.article_id, chunk.start + start, chunk.start + end), scored)
        texts = [articles[article_id].text[start:end] for article_id, start, end in spans]
        logits = self._reranker.score(question, texts)
        candidates = [
            Candidate(*span, float(logit), scored.score, scored)
            for (span, scored), logit in zip(spans.items(), logits, strict=True)
        ]
        return sorted(candidates, key=lambda c: (-c.score, c.article_id, c.start))

    def _choose(self, question: str, candidates: list[Candidate], articles: Mapping[str, Article]) -> list[Candidate]:
        limit = self._settings.max_sentences
        is_list = bool(_LIST_QUESTION.search(question)) and expected_kind(question) is None
        margin = _MARGIN_OF_LISTS if is_list else _MARGIN
        chosen: list[Candidate] = []
        seen: list[set[str]] = []
        for candidate in candidates:
            if len(chosen) == limit or candidate.score < candidates[0].score - margin:
                break
            words = set(articles[candidate.article_id].text[candidate.start : candidate.end].lower().split())
            if any(_same_words(words, other) for other in seen):
                continue  # the same sentence again, in a copy of the article
            chosen.append(candidate)
            seen.append(words)
        order = {article_id: rank for rank, article_id in enumerate(dict.fromkeys(c.article_id for c in chosen))}
        return sorted(chosen, key=lambda c: (order[c.article_id], c.start))


def _same_words(one: set[str], other: set[str]) -> bool:
    return len(one & other) > 0.8 * len(one | other)


def _agreement(chunk_id: str, retrieval: Retrieval) -> float:
    """Mean reciprocal rank of the chunk in the two searches, in [0, 1]."""
    total = 0.0
    for ranking in (retrieval.dense, retrieval.lexical):
        ids = [found for found, _ in ranking]
        total += 1 / (1 + ids.index(chunk_id)) if chunk_id in ids else 0.0
    return total / 2


def _quote(chosen: list[Candidate], articles: Mapping[str, Article]) -> tuple[Sentence, ...]:
    sentences = []
    for marker, candidate in enumerate(chosen, start=1):
        article = articles[candidate.article_id]
        quote = article.text[candidate.start : candidate.end]
        citation = Citation(
            marker=marker,
            article_id=article.article_id,
            title=article.title,
            source=article.source,
            published=article.published,
            quote=quote,
            start=candidate.start,
            end=candidate.end,
            support=1.0,
        )
        sentences.append(Sentence(quote, "supported", (citation,)))
    return tuple(sentences)
