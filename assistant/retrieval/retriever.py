"""Finds the passages that answer a question: vectors and BM25 gather them, late interaction orders them, a reader reads them."""

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
# Rankings are fused that are good already: first places count for more than where candidates are gathered. nDCG@10 over the
# articles of 120 questions is 0.935 with these weights (0.914 without late interaction).
_ARTICLES_RRF_K = 10
_ARTICLES_WEIGHTS = (2.0, 1.0, 1.0, 0.5)
# What the cosine of the whole passage, and its BM25 as a share of the best one's, add to its similarity by late interaction, a
# mean of cosines. Of 783 fair questions of the gold set's dev half and of tests/asked/development.jsonl the right passage is
# first for 0.764 so, among ten for 0.963. Where both searches were fused by reciprocal rank instead it was first for 0.655, among
# ten for 0.934.
_COSINE_WEIGHT = 0.1
_BM25_WEIGHT = 0.02
# A passage so far behind the first one isn't looked at. Of those 783 questions the right article is first for 0.911 so, after 3.7
# half passes, and for 0.912 after 6.2 where all ten are looked at.
_FAR_BEHIND = 0.05
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
    timings_ms: milliseconds for embedding the question, each search, late interaction, and reading.
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


def _best_first(scores: Mapping[str, float]) -> list[str]:
    """Ids by their score, ties by id."""
    return sorted(scores, key=lambda one: (-scores[one], one))


def _by_mean(passages: Mapping[str, Sequence[Chunk]], scores: Mapping[str, float]) -> list[str]:
    """Articles by the mean score of their passages, best first, ties by id."""
    return _best_first({one: sum(scores[c.chunk_id] for c in found) / len(found) for one, found in passages.items()})


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
    return (*order, *(ScoredChunk(chunk, lowest, rank, "search") for rank, chunk in enumerate(rest, start=len(order) + 1)))


def _by_chunk(asked: Sequence[_Asked], work: Callable[[Sequence[tuple[str, str]]], list[Found]]) -> dict[str, Found]:
    """What a network makes of the pairs, by chunk id."""
    return {each.chunk.chunk_id: found for each, found in zip(asked, work([each.pair for each in asked]), strict=True)}


class HybridSearch:
    """Gathers what is nearest by vectors and best by BM25, and orders it by late interaction."""

    def __init__(self, index: Index, embeddings: Embeddings, settings: Settings) -> None:
        self._index = index
        self._embeddings = embeddings
        self._settings = settings

    def search(self, question: str, search_filter: SearchFilter, watch: Stopwatch) -> list[ScoredChunk]:
        """The `rerank_top_k` best chunks, ties by chunk id; those that have the words which the question quotes come first."""
        vector = self._embeddings.embed_query(question)
        watch.lap("embed")
        cosines = dict(self._index.vectors.search(vector, self._settings.dense_top_k, search_filter))
        watch.lap("dense")
        words = without_question_words(question)
        by_words = dict(self._index.lexical.search(words, self._settings.lexical_top_k, search_filter))
        quoting = self._quoting(question, search_filter)
        watch.lap("lexical")
        scores = self.scores(question, cosines, dict.fromkeys(quoting, 0.0) | by_words)
        watch.lap("late")
        best = list(dict.fromkeys([*quoting, *_best_first(scores)]))[: self._settings.rerank_top_k]
        # An index that is ahead of the catalog may name chunks that are gone; the catalog is the truth.
        chunks = self._index.catalog.chunks(best).values()
        return [ScoredChunk(chunk, scores[chunk.chunk_id], rank, "search") for rank, chunk in enumerate(chunks, start=1)]

    def scores(self, question: str, cosines: Mapping[str, float], by_words: Mapping[str, float]) -> dict[str, float]:
        """What chunks are ordered by. One that a search didn't find is as near as the last that it found, and so is one whose
        tokens another process hasn't encoded yet."""
        found = sorted(cosines.keys() | by_words.keys())
        similarities = self._index.token_vectors.similarities(question, found)
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
        """The `rerank_top_k` best chunks found, unread, ties by chunk id, and their articles by id."""
        return self._with_articles(found.chunk for found in self._search.search(text, search_filter, Stopwatch()))

    def retrieve(self, question: str, search_filter: SearchFilter = EVERYTHING, *, read_all: bool = False) -> Retrieval:
        """The `rerank_top_k` best chunks found: those read, in the reader's order, then those not read, as they were found.

        In the order of the search half a pass is spent on each that isn't far behind, and the promising ones are skimmed, until
        one of them probably answers or none comes near; the likeliest are read. `read_all` reads them all, and so does a question
        that quotes. Ties go to the smaller chunk id. Empty where nothing passes.
        """
        read_all = read_all or bool(quotations(question))
        watch = Stopwatch()
        found = self._search.search(question, search_filter, watch)
        chunks, articles = self._with_articles(each.chunk for each in found)
        scores = {each.chunk.chunk_id: each.score for each in found}
        least = max(scores.values(), default=0.0) - _FAR_BEHIND
        worth = [chunk for chunk in chunks if read_all or scores[chunk.chunk_id] >= least]
        skims: dict[str, Skim] = {}
        asked_of: dict[str, _Asked] = {}
        best: Skim | None = None
        seen = 0
        while seen < len(worth):
            following = worth[seen:] if read_all else worth[seen : seen + _AT_ONCE]
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

        Four rankings are fused by reciprocal rank: articles by their nearest chunk, by the mean late interaction of their two
        best passages, and by BM25 over their whole text; and the best of those as the reader orders them by the mean relevance
        of the same two passages, which weighs most.
        """
        index, k = self._index, self._settings.rrf_k
        cosines = dict(index.vectors.search(self._embeddings.embed_query(query), _ARTICLE_SEARCH_CHUNKS, EVERYTHING))
        by_words = dict(index.lexical.search(query, _ARTICLE_SEARCH_CHUNKS, EVERYTHING))
        whole = self.articles_with_words_of(query, _ARTICLE_SEARCH_CHUNKS)
        scores = self._search.scores(query, cosines, by_words)
        chunks = index.catalog.chunks(_best_first(scores))
        passages: dict[str, list[Chunk]] = {}
        for chunk in chunks.values():
            passages.setdefault(chunk.article_id, []).append(chunk)
        passages = {article_id: found[:_PASSAGES_PER_ARTICLE] for article_id, found in passages.items()}
        nearest, worded = ([chunks[i].article_id for i in _best_first(found) if i in chunks] for found in (cosines, by_words))
        late = _by_mean(passages, scores)
        candidates = [article_id for article_id, _ in reciprocal_rank_fusion([nearest, worded, whole, late], k=k)]
        read = {article_id: passages[article_id] for article_id in candidates[:_RERANKED_ARTICLES] if article_id in passages}
        pairs = {chunk.chunk_id: (query, chunk.text) for found in read.values() for chunk in found}
        relevance = dict(zip(pairs, self._reader.score(list(pairs.values())).tolist(), strict=True))
        rankings = [_by_mean(read, relevance), late, whole, nearest]
        return reciprocal_rank_fusion(rankings, k=_ARTICLES_RRF_K, weights=_ARTICLES_WEIGHTS)

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
