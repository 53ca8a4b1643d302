"""Finds the passages that answer a question: vectors and BM25, fused, then read by the reader."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple, TypeVar

from langchain_core.embeddings import Embeddings

from assistant.index.build import Index
from assistant.index.documents import search_text
from assistant.language.values import holds_quotation
from assistant.models.reader import Reader
from assistant.models.reading import Reading, Skim
from assistant.retrieval.fusion import reciprocal_rank_fusion
from assistant.retrieval.news_dates import as_asked_of
from assistant.retrieval.wording import as_done_in, as_named_in, as_titled_in, quotations, without_question_words
from assistant.settings import Settings
from assistant.types import Article, Chunk, ScoredChunk, SearchFilter

EVERYTHING = SearchFilter()
Found = TypeVar("Found")
_ARTICLE_SEARCH_CHUNKS = 200
_RERANKED_ARTICLES = 20
_PASSAGES_PER_ARTICLE = 2
# Three rankings that are good already: first places count for more than where candidates are gathered. nDCG@10 over the articles
# of the gold set's dev half is 0.904 with 10 and 0.898 with 60.
_ARTICLES_RRF_K = 10
# A passage that shares no word with the question is low in the fused ranking however near its meaning. Of 222 fair questions of
# the gold set's dev half 0.968 have their passage among ten so, 0.964 without; of 14 paraphrases 11, and 8.
_BY_MEANING_ALONE = 3
# And one that alone has the name asked for ("Who is Noor Haddad?") is low where the vectors don't know the name.
_BY_WORDS_ALONE = 2
# Half a pass is spent on two passages at a time. Those are skimmed to the end whose early score is at most so many logits below
# the best score so far. It is enough when the best one's answerability is above the logit given; it is in vain when after so many
# passages it is below the one beside their number. Skimming alone, the right passage is first for 0.807 of the fair questions of
# the gold set's dev half and of tests/asked, a mean of three sets, after the work of 4.2 whole passes; when all ten are skimmed,
# for 0.810. So it was with a limit of 0.5; 1.5 takes a tenth more passes, and of 936 questions 0.750 are answered rightly instead
# of 0.745.
_AT_ONCE = 2
_LESS_PROMISING = 8.0
_ENOUGH = 1.5
_IN_VAIN = {6: -3.5, 8: -1.5}
_READ = 4  # of those skimmed to the end, the likeliest
_READ_OF_ARTICLE = 5  # likewise, of an article that was spoken of
# One this many logits behind the best is not read: on the gold set's dev half as many are answered rightly as without a limit.
_BEHIND = 7.0


@dataclass(frozen=True)
class Retrieval:
    """Passages with the trail that led to them.

    chunks: best first by `Reading.score`; after them those that were not read, with the lowest score among those read.
    readings: what the reader found in those that were read, by chunk id; offsets count from the chunk's start.
    timings_ms: milliseconds for embedding the question, each search, and reading.
    articles: those of the chunks, by id, as they were read: another process may take them out of the index meanwhile.
    """

    chunks: tuple[ScoredChunk, ...]
    readings: Mapping[str, Reading]
    timings_ms: dict[str, float]
    articles: dict[str, Article] = field(default_factory=dict)

    @property
    def best_answerable(self) -> float:
        """The reader's logit that the best passage answers; minus infinity where there is none."""
        return self.readings[self.chunks[0].chunk.chunk_id].answerable if self.readings else float("-inf")


class _Asked(NamedTuple):
    """What a chunk is asked, in its own words, and the text that it is read in; it ends with the chunk's."""

    chunk: Chunk
    question: str
    passage: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.question, self.passage


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


def _asked(question: str, chunks: Iterable[Chunk], articles: Mapping[str, Article]) -> list[_Asked]:
    """Each chunk under its article's title, which says what "the agreement" is; the title itself never answers."""
    found = []
    for chunk in chunks:
        article = articles[chunk.article_id]
        passage = search_text(article.title, chunk.text)
        worded = as_titled_in(passage, as_done_in(passage, as_named_in(passage, question)))
        found.append(_Asked(chunk, as_asked_of(worded, passage, article.published), passage))
    return found


def _in_order(chunks: Sequence[Chunk], readings: Mapping[str, Reading]) -> tuple[ScoredChunk, ...]:
    """Those read, in the reader's order; then the others as they are given, with the lowest score among those read."""
    order = ranked(((c, readings[c.chunk_id].score) for c in chunks if c.chunk_id in readings), origin="reader")
    lowest = order[-1].score if order else 0.0
    rest = [chunk for chunk in chunks if chunk.chunk_id not in readings]
    return (*order, *(ScoredChunk(chunk, lowest, rank, "fusion") for rank, chunk in enumerate(rest, start=len(order) + 1)))


def _by_chunk(asked: Sequence[_Asked], work: Callable[[Sequence[tuple[str, str]]], list[Found]]) -> dict[str, Found]:
    """What a network makes of the pairs, by chunk id."""
    return {each.chunk.chunk_id: found for each, found in zip(asked, work([each.pair for each in asked]), strict=True)}


class HybridSearch:
    """Two rankings of chunks, nearest vectors and BM25, fused by reciprocal rank."""

    def __init__(self, index: Index, embeddings: Embeddings, settings: Settings) -> None:
        self._index = index
        self._embeddings = embeddings
        self._settings = settings

    def search(self, question: str, search_filter: SearchFilter, watch: Stopwatch) -> list[Chunk]:
        """The `rerank_top_k` best fused chunks, ties by chunk id; half of them are followed by the best by BM25, a fifth, but two
        at most, and the last third, but three at most, are the nearest by vectors that the others leave."""
        vector = self._embeddings.embed_query(question)
        watch.lap("embed")
        dense = self._index.vectors.search(vector, self._settings.dense_top_k, search_filter)
        watch.lap("dense")
        lexical = self._index.lexical.search(without_question_words(question), self._settings.lexical_top_k, search_filter)
        watch.lap("lexical")
        fused = _ids(reciprocal_rank_fusion([_ids(dense), _ids(lexical)], k=self._settings.rrf_k))
        most = self._settings.rerank_top_k
        by_both = most - min(_BY_MEANING_ALONE, most // 3)
        quoting = self._quoting(question, search_filter)
        by_words = _ids(lexical)[: min(_BY_WORDS_ALONE, most // 5)]
        chosen = [*quoting, *fused[: by_both - len(by_words)], *by_words, *fused[:by_both], *_ids(dense), *fused]
        best = list(dict.fromkeys(chosen))[:most]
        # An index that is ahead of the catalog may name chunks that are gone; the catalog is the truth.
        return list(self._index.catalog.chunks(best).values())

    def _quoting(self, question: str, search_filter: SearchFilter) -> list[str]:
        """The chunks, by id, that have the words which the question quotes."""
        quoting = []
        for words in quotations(question):
            hits = _ids(self._index.lexical.search(words, self._settings.rerank_top_k, search_filter))
            found = self._index.catalog.chunks(hits)
            quoting += [hit for hit in hits if hit in found and holds_quotation(words, found[hit].text)]
        return quoting


class HybridRetriever:
    """The best chunks of both searches, read for the question and ranked by what was found."""

    def __init__(self, index: Index, embeddings: Embeddings, reader: Reader, settings: Settings) -> None:
        self._index = index
        self._embeddings = embeddings
        self._search = HybridSearch(index, embeddings, settings)
        self._reader = reader
        self._settings = settings

    def find(self, text: str, search_filter: SearchFilter = EVERYTHING) -> tuple[list[Chunk], dict[str, Article]]:
        """The `rerank_top_k` best fused chunks, unread, ties by chunk id, and their articles by id."""
        chunks = self._search.search(text, search_filter, Stopwatch())
        return self._with_articles(chunks)

    def retrieve(self, question: str, search_filter: SearchFilter = EVERYTHING, *, read_all: bool = False) -> Retrieval:
        """The `rerank_top_k` best fused chunks: those read, in the reader's order, then those not read, as they were fused.

        In the order of the fused search half a pass is spent on each, and the promising ones are skimmed, until one of them
        probably answers or none comes near; the likeliest are read. `read_all` reads them all, and so does a question that
        quotes. Ties go to the smaller chunk id. Empty where nothing passes.
        """
        read_all = read_all or bool(quotations(question))
        watch = Stopwatch()
        fused = self._search.search(question, search_filter, watch)
        chunks, articles = self._with_articles(fused)
        skims: dict[str, Skim] = {}
        asked_of: dict[str, _Asked] = {}
        best: Skim | None = None
        seen = 0
        while seen < len(chunks):
            following = chunks[seen:] if read_all else chunks[seen : seen + _AT_ONCE]
            seen += len(following)
            asked = _asked(question, following, articles)
            promising = asked if read_all else self._promising(asked, best)
            asked_of |= {each.chunk.chunk_id: each for each in promising}
            skims |= _by_chunk(promising, self._reader.skim)
            best = max(skims.values(), key=lambda skim: skim.score)
            in_vain = any(seen >= many and best.answerable < least for many, least in _IN_VAIN.items())
            if in_vain or best.answerable > _ENOUGH:
                break
        readings = self._read_likeliest(asked_of.values(), skims, most=None if read_all else _READ)
        watch.lap("read")
        return Retrieval(_in_order(chunks, readings), readings, watch.timings_ms, articles)

    def read_article(self, article_id: str, question: str, search_filter: SearchFilter = EVERYTHING) -> Retrieval:
        """All chunks of one article, or of a long one the `rerank_top_k` nearest by vectors: those read, in the reader's order,
        then those not read, nearest first.

        `question` begins with those asked before it.
        """
        watch = Stopwatch()
        catalog = self._index.catalog
        vector = self._embeddings.embed_query(question)
        watch.lap("embed")
        own = catalog.chunk_ids_of(article_id)
        dense = self._index.vectors.search(vector, self._settings.rerank_top_k, search_filter, own) if own else []
        watch.lap("dense")
        chunks, articles = self._with_articles(catalog.chunks(_ids(dense)).values())
        asked = _asked(question, chunks, articles)
        readings = self._read_likeliest(asked, _by_chunk(asked, self._reader.skim_follow_ups), most=_READ_OF_ARTICLE)
        watch.lap("read")
        return Retrieval(_in_order(chunks, readings), readings, watch.timings_ms, articles)

    def articles_with_words_of(self, text: str, top_k: int, search_filter: SearchFilter = EVERYTHING) -> list[str]:
        """The ids of the articles whose whole text has most of a text's words, by BM25, best first."""
        ids_by_hash = self._index.catalog.article_ids_by_hash()
        hits = self._index.whole_articles.search(text, top_k, search_filter)
        return [ids_by_hash[key] for key, _ in hits if key in ids_by_hash]

    def rank_articles(self, query: str) -> list[tuple[str, float]]:
        """Articles with fused scores, best first, ties by id.

        Three rankings are fused by reciprocal rank: articles by their nearest chunk, articles by BM25 over their whole
        text, and the best of those two as the reader orders them by the mean relevance of their two best passages. The reader
        weighs as much as both searches together.
        """
        index, k = self._index, self._settings.rrf_k
        dense = index.vectors.search(self._embeddings.embed_query(query), _ARTICLE_SEARCH_CHUNKS, EVERYTHING)
        lexical = index.lexical.search(query, _ARTICLE_SEARCH_CHUNKS, EVERYTHING)
        whole = self.articles_with_words_of(query, _ARTICLE_SEARCH_CHUNKS)
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
        scores = dict(zip((c.chunk_id for c in read), self._reader.score([(query, c.text) for c in read]).tolist(), strict=True))
        means = {
            article_id: sum(scores[c.chunk_id] for c in found) / len(found) for article_id, found in passages.items() if found
        }
        reranked = sorted(means, key=lambda article_id: (-means[article_id], article_id))
        return reciprocal_rank_fusion([reranked, whole, by_chunk[0]], k=_ARTICLES_RRF_K, weights=[2.0, 1.0, 1.0])

    def _promising(self, asked: Sequence[_Asked], best: Skim | None) -> list[_Asked]:
        """Those that may come near the best one read, or where none is, near the most promising of them."""
        early = self._reader.early_scores([each.pair for each in asked])
        least = (early.max() if best is None else best.score) - _LESS_PROMISING
        return [each for each, score in zip(asked, early, strict=True) if score >= least]

    def _read_likeliest(self, asked: Iterable[_Asked], skims: Mapping[str, Skim], *, most: int | None) -> dict[str, Reading]:
        """What is read in those that were skimmed best, ties by chunk id; with a `most` of None in all of them."""
        worth = sorted(asked, key=lambda each: (-skims[each.chunk.chunk_id].score, each.chunk.chunk_id))[:most]
        if most and worth:
            least = skims[worth[0].chunk.chunk_id].score - _BEHIND
            worth = [each for each in worth if skims[each.chunk.chunk_id].score >= least]
        readings = _by_chunk(worth, self._reader.read)
        titles = {each.chunk.chunk_id: len(each.passage) - len(each.chunk.text) for each in worth}
        return {
            chunk_id: replace(reading.after(titles[chunk_id]), skim=skims[chunk_id]) for chunk_id, reading in readings.items()
        }

    def _with_articles(self, chunks: Iterable[Chunk]) -> tuple[list[Chunk], dict[str, Article]]:
        """The chunks and their articles by id, without those whose article another process took out of the index meanwhile."""
        chunks = list(chunks)
        articles = self._index.catalog.articles_of(chunks)
        return [chunk for chunk in chunks if chunk.article_id in articles], articles
