"""Finds the passages that answer a question: vectors and BM25 gather them, late interaction orders them, a reader reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.language.intervals import Interval
from assistant.models.reader import Reader
from assistant.models.reading import Reading, Skim
from assistant.retrieval.asked import Asked, ask_of, ask_parts_of
from assistant.retrieval.news_dates import (
    times_of_office,
    told_of_then,
    without_dates,
)
from assistant.retrieval.search import EVERYTHING, HybridSearch
from assistant.retrieval.stopwatch import Stopwatch
from assistant.retrieval.wording import quotations, without_latest
from assistant.types import Article, Chunk, ScoredChunk, SearchFilter

# A passage so far behind the first one isn't looked at. Of 795 fair questions of the gold set's dev half and of
# tests/asked/development.jsonl the right passage is among those looked at for 0.980 so, 3.7 of them; among ten for 0.994. One of
# the first one's article may be farther behind: with it 0.887 of development are answered, without 0.881.
_FAR_BEHIND = 0.04
_FAR_IN_ONE_ARTICLE = 0.055
# Half a pass is spent on two passages at a time. Those are skimmed to the end whose early score is at most so many logits below
# the best score so far. It is enough when the best one's answerability is above the logit given; it is in vain when after so many
# passages it is below the one beside their number. Of those skimmed to the end the likeliest are read, but none that is so many
# logits behind the best. With these limits the sentence that ranks first holds the answer for 0.830 of 795 fair questions of the
# gold set's dev half and of development.jsonl, after 4.4 passages skimmed and 3.0 read; for 0.834 where all ten are read; and for
# 0.821 with limits of 1.5, four and 7, after 3.9 and 2.0.
_AT_ONCE = 2
_LESS_PROMISING = 8.0
_ENOUGH = 3.0
_IN_VAIN = {6: -3.5, 8: -1.5}
_READ = 6
_BEHIND = 13.0
# Asked who was in office at some time, so probably must the answer begin in a sentence that tells of that time, in a passage of
# such answerability.
_TELLS = 0.05
_MAY_TELL = -2.0
_READ_OF_ARTICLE = 5  # likewise, of an article that was spoken of


@dataclass(frozen=True)
class Retrieval:
    """Passages with the trail that led to them.

    chunks: best first by `Reading.score`; after them those that were not read, with the lowest score among those read.
    readings: what the reader found in those that were read, by chunk id; offsets count from the chunk's start.
    timings_ms: milliseconds for embedding the question, each search, late interaction, and reading.
    articles: those of the chunks, by id, as they were read: another process may take them out of the index meanwhile.
    cosines: of the question with each chunk, by chunk id, as the vectors have them.
    sentences: of the chunks that are in it, by chunk id, the parts that alone may answer; of others any sentence may.
    passages: the texts in which the chunks were read, by chunk id.
    """

    chunks: tuple[ScoredChunk, ...]
    readings: Mapping[str, Reading]
    timings_ms: dict[str, float]
    articles: dict[str, Article] = field(default_factory=dict)
    cosines: Mapping[str, float] = field(default_factory=dict)
    sentences: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    passages: Mapping[str, str] = field(default_factory=dict)

    @property
    def best_answerable(self) -> float:
        """The reader's logit that the best passage answers; minus infinity where there is none."""
        return self.readings[self.chunks[0].chunk.chunk_id].answerable if self.readings else float("-inf")


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


def _in_order(chunks: Sequence[Chunk], readings: Mapping[str, Reading]) -> tuple[ScoredChunk, ...]:
    """Those read, in the reader's order; then the others as they are given, with the lowest score among those read."""
    order = ranked(((c, readings[c.chunk_id].score) for c in chunks if c.chunk_id in readings), origin="reader")
    lowest = order[-1].score if order else 0.0
    rest = [chunk for chunk in chunks if chunk.chunk_id not in readings]
    return (*order, *(ScoredChunk(chunk, lowest, rank, "search") for rank, chunk in enumerate(rest, start=len(order) + 1)))


def _skimmed(asked: Sequence[Asked], skim: Callable[[Sequence[tuple[str, str]]], list[Skim]]) -> dict[str, Skim]:
    """What the small network makes of each, by chunk id."""
    return {each.chunk.chunk_id: found for each, found in zip(asked, skim([each.pair for each in asked]), strict=True)}


class HybridRetriever:
    """The best chunks of both searches, read for the question and ranked by what was found."""

    def __init__(self, search: HybridSearch, reader: Reader) -> None:
        """`search` has the index that is read."""
        self._search = search
        self._reader = reader
        self._stem = search.index.whole_articles.stem

    def find(self, text: str, search_filter: SearchFilter = EVERYTHING) -> tuple[list[Chunk], dict[str, Article]]:
        """The `rerank_top_k` best chunks found, unread, ties by chunk id, and their articles by id."""
        return self._with_articles(found.chunk for found in self._search.search(text, search_filter, Stopwatch()).chunks)

    def retrieve(
        self, question: str, search_filter: SearchFilter = EVERYTHING, *, read_all: bool = False, when: bool = False
    ) -> Retrieval:
        """The `rerank_top_k` best chunks found: those read, in the reader's order, then those not read, as they were found.

        In the order of the search half a pass is spent on each that isn't far behind, and the promising ones are skimmed, until
        one of them probably answers or none comes near; the likeliest are read. `read_all` reads them all, and so does a question
        that quotes. `when` says that a date is asked for: days of the week are then read with the calendar's. Ties go to the
        smaller chunk id. Empty where nothing passes.
        """
        read_all = read_all or bool(quotations(question))
        watch = Stopwatch()
        found = self._search.search(without_latest(question) or question, search_filter, watch)
        chunks, articles = self._with_articles(each.chunk for each in found.chunks)
        scores = {each.chunk.chunk_id: each.score for each in found.chunks}
        most = max(scores.values(), default=0.0)
        far = {
            chunk.chunk_id: _FAR_IN_ONE_ARTICLE if chunk.article_id == chunks[0].article_id else _FAR_BEHIND for chunk in chunks
        }
        worth = [chunk for chunk in chunks if read_all or scores[chunk.chunk_id] >= most - far[chunk.chunk_id]]
        skims: dict[str, Skim] = {}
        asked_of: dict[str, Asked] = {}
        best: Skim | None = None
        seen = 0
        while seen < len(worth):
            following = worth[seen:] if read_all else worth[seen : seen + _AT_ONCE]
            seen += len(following)
            asked = ask_of(question, following, articles, self._stem, when=when)
            promising = asked if read_all else self._promising(asked, best)
            asked_of |= {each.chunk.chunk_id: each for each in promising}
            skims |= _skimmed(promising, self._reader.skim)
            best = max(skims.values(), key=lambda skim: skim.score)
            in_vain = any(seen >= many and best.answerable < least for many, least in _IN_VAIN.items())
            if in_vain or best.answerable > _ENOUGH:
                break
        readings = self._read_likeliest(asked_of.values(), skims, most=None if read_all else _READ)
        passages = {chunk_id: each.passage for chunk_id, each in asked_of.items()}
        retrieval = Retrieval(_in_order(chunks, readings), readings, watch.timings_ms, articles, found.cosines, passages=passages)
        if times := times_of_office(question):
            retrieval = self._with_office_holders(question, times, retrieval, chunks)
        watch.lap("read")
        return retrieval

    def read_article(self, article_id: str, question: str, search_filter: SearchFilter = EVERYTHING) -> Retrieval:
        """All chunks of one article, or of a long one the `rerank_top_k` nearest by vectors: those read, in the reader's order,
        then those not read, nearest first.

        `question` begins with those asked before it.
        """
        watch = Stopwatch()
        catalog = self._search.index.catalog
        vector = self._search.embeddings.embed_query(question)
        watch.lap("embed")
        own = catalog.chunk_ids_of(article_id)
        nearest = self._search.index.vectors.search(vector, self._search.settings.rerank_top_k, search_filter, own) if own else []
        watch.lap("dense")
        chunks, articles = self._with_articles(catalog.chunks([chunk_id for chunk_id, _ in nearest]).values())
        asked = ask_of(question, chunks, articles, self._stem)
        readings = self._read_likeliest(asked, _skimmed(asked, self._reader.skim_follow_ups), most=_READ_OF_ARTICLE)
        watch.lap("read")
        passages = {each.chunk.chunk_id: each.passage for each in asked}
        return Retrieval(_in_order(chunks, readings), readings, watch.timings_ms, articles, dict(nearest), passages=passages)

    def _with_office_holders(
        self, question: str, times: Sequence[Interval], retrieval: Retrieval, chunks: Sequence[Chunk]
    ) -> Retrieval:
        """What tells who was in office at one of the times, asked without them, in place of all that was read, if it answers:
        "James Mattis was secretary from January 2017 until December 2018" doesn't say June 2017."""
        articles = retrieval.articles
        told = {c.chunk_id: tuple(told_of_then(c.text, articles[c.article_id].published, times)) for c in chunks}
        asked = ask_parts_of(without_dates(question), chunks, told, articles, self._stem)
        readings = self._read_likeliest(asked, _skimmed(asked, self._reader.skim), most=None)
        telling = {key: [span for span in told[key] if reading.mass(*span) > _TELLS] for key, reading in readings.items()}
        readings = {key: reading for key, reading in readings.items() if telling[key]}
        if not any(reading.answerable > _MAY_TELL for reading in readings.values()):
            return retrieval
        passages = {**retrieval.passages, **{each.chunk.chunk_id: each.passage for each in asked}}
        return replace(retrieval, chunks=_in_order(chunks, readings), readings=readings, sentences=telling, passages=passages)

    def _promising(self, asked: Sequence[Asked], best: Skim | None) -> list[Asked]:
        """Those that may come near the best one read, or where none is, near the most promising of them."""
        early = self._reader.early_scores([each.pair for each in asked])
        least = (early.max() if best is None else best.score) - _LESS_PROMISING
        return [each for each, score in zip(asked, early, strict=True) if score >= least]

    def _read_likeliest(self, asked: Iterable[Asked], skims: Mapping[str, Skim], *, most: int | None) -> dict[str, Reading]:
        """What is read in those that were skimmed best, ties by chunk id; with a `most` of None in all of them."""
        worth = sorted(asked, key=lambda each: (-skims[each.chunk.chunk_id].score, each.chunk.chunk_id))[:most]
        if most and worth:
            least = skims[worth[0].chunk.chunk_id].score - _BEHIND
            worth = [each for each in worth if skims[each.chunk.chunk_id].score >= least]
        readings = self._reader.read([each.pair for each in worth])
        return {
            each.chunk.chunk_id: each.of_chunk(reading.beside(skims[each.chunk.chunk_id]))
            for each, reading in zip(worth, readings, strict=True)
        }

    def _with_articles(self, chunks: Iterable[Chunk]) -> tuple[list[Chunk], dict[str, Article]]:
        """The chunks and their articles by id, without those whose article another process took out of the index meanwhile."""
        chunks = list(chunks)
        articles = self._search.index.catalog.articles_of(chunks)
        return [chunk for chunk in chunks if chunk.article_id in articles], articles
