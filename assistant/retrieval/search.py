"""Gathers passages: those nearest by vectors and best by BM25, ordered by late interaction and by when they were news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from langchain_core.embeddings import Embeddings

from assistant.index.build import Index
from assistant.language.values import holds_quotation
from assistant.retrieval.news_dates import is_news_of, months_asked
from assistant.retrieval.stopwatch import Stopwatch
from assistant.retrieval.wording import quotations, without_question_words
from assistant.settings import Settings
from assistant.types import ScoredChunk, SearchFilter

EVERYTHING = SearchFilter()
# What the cosine of the whole passage, and its BM25 as a share of the best one's, add to its similarity by late interaction, a
# mean of cosines. Of 783 fair questions of the gold set's dev half and of tests/asked/development.jsonl the right passage is
# first for 0.764 so, among ten for 0.963. Where both searches were fused by reciprocal rank instead it was first for 0.655, among
# ten for 0.934.
_COSINE_WEIGHT = 0.1
_BM25_WEIGHT = 0.02
# And what it adds that the article was published in the month asked about; in the year asked about adds half. Of 113 fair
# questions that name a month the right passage is first for 85 so, among three for 103, among ten for 111 (76, 96, 106 without);
# of 134 that name a year alone for 111, 125 and 132 (111, 124 and 131).
_NEWS_OF_THEN = 0.04


class Found(NamedTuple):
    """Chunks, best first, and the cosine of the question with each, by chunk id."""

    chunks: list[ScoredChunk]
    cosines: dict[str, float]


def best_first(scores: Mapping[str, float]) -> list[str]:
    """Ids by their score, ties by id."""
    return sorted(scores, key=lambda one: (-scores[one], one))


class HybridSearch:
    """Gathers what is nearest by vectors and best by BM25, and orders it by late interaction."""

    def __init__(self, index: Index, embeddings: Embeddings, settings: Settings) -> None:
        self.index = index
        self.embeddings = embeddings
        self.settings = settings

    def search(self, question: str, search_filter: SearchFilter, watch: Stopwatch) -> Found:
        """The `rerank_top_k` best chunks, ties by chunk id; those that have the words which the question quotes come first. One
        that the vectors didn't find counts as near as the last that they found."""
        vector = self.embeddings.embed_query(question)
        watch.lap("embed")
        cosines = dict(self.index.vectors.search(vector, self.settings.dense_top_k, search_filter))
        watch.lap("dense")
        words = without_question_words(question)
        by_words = dict(self.index.lexical.search(words, self.settings.lexical_top_k, search_filter))
        quoting = self._quoting(question, search_filter)
        watch.lap("lexical")
        scores = self.scores(question, cosines, dict.fromkeys(quoting, 0.0) | by_words)
        if asked := months_asked(question):
            for chunk_id, day in self.index.catalog.published(list(scores)).items():
                scores[chunk_id] += _NEWS_OF_THEN * is_news_of(day, asked)
        watch.lap("late")
        best = list(dict.fromkeys([*quoting, *best_first(scores)]))[: self.settings.rerank_top_k]
        # An index that is ahead of the catalog may name chunks that are gone; the catalog is the truth.
        chunks = list(self.index.catalog.chunks(best).values())
        farthest = min(cosines.values(), default=0.0)
        return Found(
            [ScoredChunk(chunk, scores[chunk.chunk_id], rank, "search") for rank, chunk in enumerate(chunks, start=1)],
            {chunk.chunk_id: cosines.get(chunk.chunk_id, farthest) for chunk in chunks},
        )

    def scores(self, question: str, cosines: Mapping[str, float], by_words: Mapping[str, float]) -> dict[str, float]:
        """What chunks are ordered by. One that a search didn't find is as near as the last that it found, and so is one whose
        tokens another process hasn't encoded yet."""
        found = sorted(cosines.keys() | by_words.keys())
        similarities = self.index.token_vectors.similarities(question, found, self.index.catalog.beginnings(found))
        least, farthest = (min(scores.values(), default=0.0) for scores in (similarities, cosines))
        most = max(by_words.values(), default=0.0) or 1.0
        return {
            chunk_id: similarities.get(chunk_id, least)
            + _COSINE_WEIGHT * cosines.get(chunk_id, farthest)
            + _BM25_WEIGHT * by_words.get(chunk_id, 0.0) / most
            for chunk_id in found
        }

    def _quoting(self, question: str, search_filter: SearchFilter) -> list[str]:
        """The chunks, by id, that have the words which the question quotes."""
        quoting = []
        for words in quotations(question):
            hits = [found for found, _ in self.index.lexical.search(words, self.settings.rerank_top_k, search_filter)]
            found = self.index.catalog.chunks(hits)
            quoting += [hit for hit in hits if hit in found and holds_quotation(words, found[hit].text)]
        return quoting
