"""Answers with the articles' own sentences, word for word. No language model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answering.abstention import long_date
from assistant.answering.confidence import Signals
from assistant.answering.short_answer import expected_kind, holds_expected, short_answer
from assistant.answering.terms import (
    Term,
    Vocabulary,
    focus_words,
    missing_ordinals,
    missing_terms,
    question_terms,
    subject,
)
from assistant.index.documents import search_text
from assistant.ingestion.sentences import sentence_spans
from assistant.models.reranker import Reranker
from assistant.retrieval.retriever import Retrieval
from assistant.retrieval.wording import without_expansions
from assistant.settings import Settings
from assistant.types import Article, Citation, ScoredChunk, Sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of an article that may answer: its span, its own logit, its passage's, and whether it holds an expression
    of the kind asked for."""

    article_id: str
    start: int
    end: int
    sentence_logit: float
    passage_logit: float
    fits_kind: bool
    chunk: ScoredChunk

    @property
    def score(self) -> float:
        """A sentence is read without its surroundings, a passage with them: together they choose better than either."""
        return self.sentence_logit + self.passage_logit + (_KIND_BONUS if self.fits_kind else 0.0)


@dataclass(frozen=True)
class Extract:
    """The sentences chosen, in reading order, with the short answer and the signals for the confidence.

    `missing` is what the question speaks of and the passage doesn't; `best` is None when there was nothing to read.
    """

    sentences: tuple[Sentence, ...]
    short_answer: str | None
    signals: Signals | None
    missing: tuple[Term, ...]
    best: Candidate | None


# Set on the dev split of the gold set. In logits: what a date is worth to a question that asks when, and how near to the
# best sentence's score a second or third one must come.
_KIND_BONUS = 2.0
_MARGIN = 6.0
_NEGATION = re.compile(r"\b(?:not|never|no|without|except|unlike|cannot)\b|n['’]t\b", re.IGNORECASE)


class ExtractiveAnswerer:
    """Chooses the sentences of the best passages that answer a question."""

    def __init__(self, reranker: Reranker, vocabulary: Vocabulary, settings: Settings) -> None:
        self._reranker = reranker
        self._vocabulary = vocabulary
        self._settings = settings

    def extract(self, question: str, retrieval: Retrieval, articles: Mapping[str, Article]) -> Extract:
        """At most `max_sentences` sentences; ties go to the earlier article id and offset."""
        candidates = self._score(question, retrieval.chunks[: self._settings.evidence_top_k], articles)
        if not candidates:
            return Extract((), None, None, (), None)
        best = candidates[0]
        article = articles[best.article_id]
        sentence = article.text[best.start : best.end]
        asked = without_expansions(question)
        missing = missing_terms(asked, _everything_about(article), self._vocabulary.stem)
        signals = self._signals(asked, best, retrieval, articles, missing)
        chosen = self._choose(candidates, articles)
        span = short_answer(question, sentence)
        short = sentence[span[0] : span[1]] if span else None
        return Extract(_quote(chosen, articles), short, signals, tuple(missing), best)

    def _signals(
        self,
        question: str,
        best: Candidate,
        retrieval: Retrieval,
        articles: Mapping[str, Article],
        missing: list[Term],
    ) -> Signals:
        article = articles[best.article_id]
        sentence = article.text[best.start : best.end]
        passage = search_text(article.title, best.chunk.chunk.text)
        stem, rarity = self._vocabulary.stem, self._vocabulary.rarity
        terms = question_terms(question)
        not_in_passage = {term.word for term in missing_terms(question, passage, stem)}
        return Signals(
            sentence_logit=best.sentence_logit,
            passage_logit=best.passage_logit,
            missing=sum(rarity(t.word) for t in missing) / (sum(rarity(t.word) for t in terms) or 1.0),
            missing_name=float(any(term.is_name for term in missing)),
            missing_subject=float(subject(question) in {term.word for term in missing}),
            missing_ordinal=float(bool(missing_ordinals(question, passage))),
            missing_focus=float(bool(focus_words(question) & not_in_passage)),
            misfit=self._misfit(question, search_text(article.title, sentence), best.sentence_logit),
            negation=float(bool(_NEGATION.search(question)) != bool(_NEGATION.search(sentence))),
            similarity=retrieval.dense[0][1] if retrieval.dense else 0.0,
            open_question=float(expected_kind(question) is None),
            asks_why=float(bool(re.match(r"\W*why\b", question, re.IGNORECASE))),
        )

    def _misfit(self, question: str, sentence: str, logit: float) -> float:
        """How much better the sentence answers when one word is left out of the question: the word that fits worst."""
        shorter = [(_leave_out(term.word, question), sentence) for term in question_terms(question)]
        return max(0.0, float(self._reranker.score(shorter).max(initial=logit)) - logit)

    def _score(self, question: str, chunks: tuple[ScoredChunk, ...], articles: Mapping[str, Article]) -> list[Candidate]:
        spans: dict[tuple[str, int, int], ScoredChunk] = {}
        for scored in chunks:
            chunk = scored.chunk
            for start, end in sentence_spans(chunk.text):
                # Chunks overlap: a sentence counts with the better of its passages, which comes first.
                spans.setdefault((chunk.article_id, chunk.start + start, chunk.start + end), scored)
        texts = [articles[article_id].text[start:end] for article_id, start, end in spans]
        # News sentences lean on their article ("Fifteen of them are for the navy"): read with its title they are understood.
        titles = [articles[article_id].title for article_id, _, _ in spans]
        logits = self._reranker.score([(question, search_text(title, text)) for title, text in zip(titles, texts, strict=True)])
        candidates = [
            Candidate(*span, float(logit), scored.score, holds_expected(question, text), scored)
            for (span, scored), logit, text in zip(spans.items(), logits, texts, strict=True)
        ]
        return sorted(candidates, key=lambda c: (-c.score, c.article_id, c.start))

    def _choose(self, candidates: list[Candidate], articles: Mapping[str, Article]) -> list[Candidate]:
        chosen: list[Candidate] = []
        seen: list[set[str]] = []
        for candidate in candidates:
            if len(chosen) == self._settings.max_sentences or candidate.score < candidates[0].score - _MARGIN:
                break
            words = set(articles[candidate.article_id].text[candidate.start : candidate.end].lower().split())
            if any(_same_words(words, other) for other in seen):
                continue  # the same sentence again, in a copy of the article
            chosen.append(candidate)
            seen.append(words)
        order = {article_id: rank for rank, article_id in enumerate(dict.fromkeys(c.article_id for c in chosen))}
        return sorted(chosen, key=lambda c: (order[c.article_id], c.start))


def _everything_about(article: Article) -> str:
    """Title, text and the day of publication, which the text seldom repeats."""
    day = f"\n{long_date(article.published)}" if article.published else ""
    return search_text(article.title, article.text) + day


def _leave_out(word: str, question: str) -> str:
    return " ".join(re.sub(rf"\b{re.escape(word)}\b(?:['’]s)?", " ", question, flags=re.IGNORECASE).split())


def _same_words(one: set[str], other: set[str]) -> bool:
    return len(one & other) > 0.8 * len(one | other)


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
