"""Finds the passages that answer a question: vectors and BM25, fused, then read by the reranker."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from langchain_core.embeddings import Embeddings

from assistant.index.build import Index
from assistant.index.documents import search_text
from assistant.models.reranker import Reranker
from assistant.retrieval.fusion import reciprocal_rank_fusion
from assistant.settings import Settings
from assistant.types import Chunk, ScoredChunk, SearchFilter

EVERYTHING = SearchFilter()


@dataclass(frozen=True)
class Retrieval:
    """Passages with the trail that led to them.

    chunks: reranked, best first; scores are the reranker's own.
    dense, lexical: (chunk id, score) as each index ranked them.
    timings_ms: milliseconds for embedding the question, each search, and reranking.
    """

    chunks: tuple[ScoredChunk, ...]
    dense: tuple[tuple[str, float], ...]
    lexical: tuple[tuple[str, float], ...]
    timings_ms: dict[str, float]


class Stopwatch:
    """Milliseconds between laps, by name; a name that comes again adds up."""

    def __init__(self) -> None:
        self.timings_ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Gives the time since the last lap to `name`."""
        now = time.perf_counter()
        self.timings_ms[name] = self.timings_ms.get(name, 0.0) + (now - self._last) * 1000
        self._last = now


def ranked(scored: Iterable[tuple[Chunk, float]], origin: str) -> list[ScoredChunk]:
    """Chunks with their ranks, best first, ties by chunk id."""
    order = sorted(scored, key=lambda entry: (-entry[1], entry[0].chunk_id))
    return [ScoredChunk(chunk, score, rank, origin) for rank, (chunk, score) in enumerate(order, start=1)]


class HybridRetriever:
    """Two rankings of chunks, fused by reciprocal rank, the best of them reranked by a cross-encoder."""

    def __init__(self, index: Index, embeddings: Embeddings, reranker: Reranker, settings: Settings) -> None:
        self._index = index
        self._embeddings = embeddings
        self._reranker = reranker
        self._settings = settings

    def retrieve(self, question: str, search_filter: SearchFilter = EVERYTHING) -> Retrieval:
        """The `rerank_top_k` best fused chunks in the reranker's order, ties by chunk id.

        Empty where nothing passes the filter.
        """
        watch = Stopwatch()
        vector = self._embeddings.embed_query(question)
        watch.lap("embed")
        dense = self._index.vectors.search(vector, self._settings.dense_top_k, search_filter)
        watch.lap("dense")
        lexical = self._index.lexical.search(question, self._settings.lexical_top_k, search_filter)
        watch.lap("lexical")
        chunks = self._rerank(question, self._fuse(dense, lexical)[: self._settings.rerank_top_k])
        watch.lap("rerank")
        return Retrieval(tuple(chunks), tuple(dense), tuple(lexical), watch.timings_ms)

    def _fuse(self, dense: list[tuple[str, float]], lexical: list[tuple[str, float]]) -> list[str]:
        rankings = [[chunk_id for chunk_id, _ in dense], [chunk_id for chunk_id, _ in lexical]]
        return [chunk_id for chunk_id, _ in reciprocal_rank_fusion(rankings, k=self._settings.rrf_k)]

    def _rerank(self, question: str, chunk_ids: list[str]) -> list[ScoredChunk]:
        # An index that is ahead of the catalog may name chunks that are gone; the catalog is the truth.
        found = self._index.catalog.chunks(chunk_ids)
        chunks = [found[chunk_id] for chunk_id in chunk_ids if chunk_id in found]
        titles = self._titles(chunks)
        scores = self._reranker.score(question, [search_text(titles[c.article_id], c.text) for c in chunks])
        return ranked(zip(chunks, map(float, scores), strict=True), origin="reranker")

    def _titles(self, chunks: list[Chunk]) -> dict[str, str]:
        articles = self._index.catalog.articles(sorted({chunk.article_id for chunk in chunks}))
        return {article_id: article.title for article_id, article in articles.items()}
