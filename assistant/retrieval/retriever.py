"""Finds the passages that answer a question: vectors and BM25, fused, then read by the reader."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from langchain_core.embeddings import Embeddings

from assistant.index.build import Index
from assistant.index.documents import search_text
from assistant.models.reader import Reader, Reading
from assistant.retrieval.fusion import reciprocal_rank_fusion
from assistant.retrieval.news_dates import as_asked_of
from assistant.retrieval.wording import as_named_in
from assistant.settings import Settings
from assistant.types import Article, Chunk, ScoredChunk, SearchFilter

EVERYTHING = SearchFilter()
_ARTICLE_SEARCH_CHUNKS = 200
_RERANKED_ARTICLES = 20
_PASSAGES_PER_ARTICLE = 2
# Reading ends with a best passage of a score this high after two passages, or above the second figure after more; and after four
# with a best passage whose answerability is below the third. On the gold set's dev half 3.9 passages are then read a question,
# and the right one comes first for 0.860 of 222; four, then three at a time to the first that probably answers: 6.2 for 0.847.
_READ_AT_ONCE = 2
_ENOUGH_AT_FIRST, _ENOUGH = 12.0, 0.0
_GIVE_UP_AFTER, _FAR_OFF = 4, -3.0


@dataclass(frozen=True)
class Retrieval:
    """Passages with the trail that led to them.

    chunks: best first by `Reading.score`; after them those that were not read, with the lowest score among those read.
    readings: what the reader found in those that were read, by chunk id; offsets count from the chunk's start.
    dense: (chunk id, cosine) as the vector search ranked them.
    timings_ms: milliseconds for embedding the question, each search, and reading.
    """

    chunks: tuple[ScoredChunk, ...]
    readings: Mapping[str, Reading]
    dense: tuple[tuple[str, float], ...]
    timings_ms: dict[str, float]


def _ids(hits: list[tuple[str, float]]) -> list[str]:
    return [found for found, _ in hits]


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


def of_the_newest(retrieval: Retrieval, articles: Mapping[str, Article]) -> Retrieval:
    """The passages of the newest article that seems to answer, in their order; all of them where none seems to.

    An undated article counts as the oldest; of two of a day the better passage's article is taken.
    """

    answering = [scored for scored in retrieval.chunks if retrieval.readings[scored.chunk.chunk_id].answerable > 0]
    if not answering:
        return retrieval
    newest = max(answering, key=lambda scored: articles[scored.chunk.article_id].published or date.min).chunk.article_id
    return replace(retrieval, chunks=tuple(scored for scored in retrieval.chunks if scored.chunk.article_id == newest))


class HybridSearch:
    """Two rankings of chunks, nearest vectors and BM25, fused by reciprocal rank."""

    def __init__(self, index: Index, embeddings: Embeddings, settings: Settings) -> None:
        self._index = index
        self._embeddings = embeddings
        self._settings = settings

    def search(self, question: str, search_filter: SearchFilter, watch: Stopwatch) -> tuple[list[Chunk], list[tuple[str, float]]]:
        """The `rerank_top_k` best fused chunks, ties by chunk id, and the (chunk id, cosine) of the vector search."""
        vector = self._embeddings.embed_query(question)
        watch.lap("embed")
        dense = self._index.vectors.search(vector, self._settings.dense_top_k, search_filter)
        watch.lap("dense")
        lexical = self._index.lexical.search(question, self._settings.lexical_top_k, search_filter)
        watch.lap("lexical")
        fused = reciprocal_rank_fusion([_ids(dense), _ids(lexical)], k=self._settings.rrf_k)
        best = [chunk_id for chunk_id, _ in fused[: self._settings.rerank_top_k]]
        # An index that is ahead of the catalog may name chunks that are gone; the catalog is the truth.
        found = self._index.catalog.chunks(best)
        return [found[chunk_id] for chunk_id in best if chunk_id in found], dense


class HybridRetriever:
    """The best chunks of both searches, read for the question and ranked by what was found."""

    def __init__(self, index: Index, embeddings: Embeddings, reader: Reader, settings: Settings) -> None:
        self._index = index
        self._embeddings = embeddings
        self._search = HybridSearch(index, embeddings, settings)
        self._reader = reader
        self._settings = settings

    def find(self, text: str, search_filter: SearchFilter = EVERYTHING) -> list[Chunk]:
        """The `rerank_top_k` best fused chunks, unread, ties by chunk id."""
        chunks, _ = self._search.search(text, search_filter, Stopwatch())
        return chunks

    def retrieve(self, question: str, search_filter: SearchFilter = EVERYTHING, *, read_all: bool = False) -> Retrieval:
        """The `rerank_top_k` best fused chunks: those read, in the reader's order, then those not read, as they were fused.

        They are read two at a time, until the best of them scores high or four have come nowhere near an answer. `read_all`
        reads them all. Ties go to the smaller chunk id. Empty where nothing passes the filter.
        """
        watch = Stopwatch()
        chunks, dense = self._search.search(question, search_filter, watch)
        readings: dict[str, Reading] = {}
        while len(readings) < len(chunks):
            following = chunks[len(readings) :]
            readings |= self._read(question, following if read_all else following[:_READ_AT_ONCE])
            best, count = max(readings.values(), key=lambda reading: reading.score), len(readings)
            if best.score > (_ENOUGH if count > _READ_AT_ONCE else _ENOUGH_AT_FIRST):
                break
            if count >= _GIVE_UP_AFTER and best.answerable < _FAR_OFF:
                break
        watch.lap("read")
        read, rest = chunks[: len(readings)], chunks[len(readings) :]
        order = ranked(((chunk, readings[chunk.chunk_id].score) for chunk in read), origin="reader")
        lowest = order[-1].score if order else 0.0
        order += [ScoredChunk(chunk, lowest, rank, "fusion") for rank, chunk in enumerate(rest, start=len(order) + 1)]
        return Retrieval(tuple(order), readings, tuple(dense), watch.timings_ms)

    def rank_articles(self, query: str) -> list[tuple[str, float]]:
        """Articles with fused scores, best first, ties by id.

        Three rankings are fused by reciprocal rank: articles by their nearest chunk, articles by BM25 over their whole
        text, and the best of those two as the reader orders them by the mean relevance of their two best passages. The reader
        weighs as much as both searches together.
        """
        index, k = self._index, self._settings.rrf_k
        dense = index.vectors.search(self._embeddings.embed_query(query), _ARTICLE_SEARCH_CHUNKS, EVERYTHING)
        lexical = index.lexical.search(query, _ARTICLE_SEARCH_CHUNKS, EVERYTHING)
        ids_by_hash = index.catalog.article_ids_by_hash()
        whole = [
            ids_by_hash[key]
            for key, _ in index.whole_articles.search(query, _ARTICLE_SEARCH_CHUNKS, EVERYTHING)
            if key in ids_by_hash
        ]
        fused_chunks = [chunk_id for chunk_id, _ in reciprocal_rank_fusion([_ids(dense), _ids(lexical)], k=k)]
        chunks = index.catalog.chunks(fused_chunks)
        owner = {chunk_id: chunk.article_id for chunk_id, chunk in chunks.items()}
        by_chunk = [[owner[i] for i in _ids(hits) if i in owner] for hits in (dense, lexical)]
        candidates = [article_id for article_id, _ in reciprocal_rank_fusion([*by_chunk, whole], k=k)]
        passages = {
            article_id: [chunks[i] for i in fused_chunks if owner.get(i) == article_id][:_PASSAGES_PER_ARTICLE]
            for article_id in candidates[:_RERANKED_ARTICLES]
        }
        read = [chunk for found in passages.values() for chunk in found]
        scores = dict(zip((c.chunk_id for c in read), self._reader.read([(query, c.text) for c in read]), strict=True))
        means = {
            article_id: sum(scores[c.chunk_id].relevance for c in found) / len(found)
            for article_id, found in passages.items()
            if found
        }
        reranked = sorted(means, key=lambda article_id: (-means[article_id], article_id))
        return reciprocal_rank_fusion([reranked, whole, by_chunk[0]], k=k, weights=[2.0, 1.0, 1.0])

    def _read(self, question: str, chunks: Sequence[Chunk]) -> dict[str, Reading]:
        """Each chunk is read under its article's title, which says what "the agreement" is; the title itself never answers."""
        articles = self._index.catalog.articles(sorted({c.article_id for c in chunks}))
        passages = [search_text(articles[chunk.article_id].title, chunk.text) for chunk in chunks]
        days = [articles[chunk.article_id].published for chunk in chunks]
        named = [as_named_in(passage, question) for passage in passages]
        asked = [as_asked_of(*pair) for pair in zip(named, passages, days, strict=True)]
        found = self._reader.read(list(zip(asked, passages, strict=True)))
        lengths = [len(passage) - len(chunk.text) for passage, chunk in zip(passages, chunks, strict=True)]
        return {chunk.chunk_id: reading.after(length) for chunk, reading, length in zip(chunks, found, lengths, strict=True)}
