"""A question's answer in the articles' own sentences, or why there is none. No language model."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from assistant.answering.abstention import abstention_reason, abstention_text
from assistant.answering.confidence import confidence
from assistant.answering.conversation import in_full
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.marking import with_markers
from assistant.answering.short_answer import expected_kind
from assistant.index.build import Index
from assistant.models.reader import Reader
from assistant.models.words import common_words
from assistant.retrieval.retriever import HybridRetriever, Retrieval, of_the_newest
from assistant.retrieval.stopwatch import Stopwatch
from assistant.retrieval.wording import CorpusWording, without_latest
from assistant.settings import Settings
from assistant.types import Answer, SearchFilter
from assistant.verification.citations import verify_citations

# By so many logits must another reading of a follow-up find more: on the gold set 0 to 3 answer the same questions right, and
# the likeliest reading is the one that a reader would have typed.
_CLEARLY = 1.0
# In one article, which is on the subject, a near miss is found more easily. Of 325 last questions of conversations 226 are right
# with 0.85, 225 with 0.8.
_ENOUGH_FROM_ONE = 0.85
_FOUND = 1.0  # from this logit on, the reader finds an answer and no other reading is tried
_IN_FULL = 8.0  # it often finds what answers the question before


class Quoter:
    """Finds, reads, chooses and checks."""

    def __init__(self, index: Index, retriever: HybridRetriever, reader: Reader, settings: Settings) -> None:
        self._catalog = index.catalog
        self._retriever = retriever
        self._wording = CorpusWording(index.catalog.texts, common_words(), index.whole_articles.stem, index.catalog.revision)
        self._answerer = ExtractiveAnswerer(index.whole_articles, settings)
        self._reader = reader
        self._settings = settings

    def restate(self, question: str) -> str:
        """The question in the articles' own words."""
        return self._wording.restate(question)

    def answer(
        self, question: str, readings: Sequence[str], searched: SearchFilter, abstain_below: float | None = None
    ) -> Answer:
        """To the reading of the question that finds most; `abstain_below` None takes the setting."""
        watch = Stopwatch()
        stands_alone = [reading == question for reading in readings]
        readings = [self.restate(reading) for reading in readings]
        if any(without_latest(reading) for reading in readings):
            searched = dataclasses.replace(searched, newest_first=True)
        read_as, retrieval = self._retrieve_best(readings, searched)
        watch.lap("retrieve")
        is_completed = all(not alone for alone, reading in zip(stands_alone, readings, strict=True) if reading == read_as)
        searched_for = without_latest(read_as) or read_as
        follow_up = question if is_completed else None
        return self._answered(question, searched_for, retrieval, searched, abstain_below, watch, follow_up=follow_up)

    def answer_from(self, article_id: str, before: Sequence[str], question: str, searched: SearchFilter) -> Answer:
        """To a follow-up, read behind the questions asked before it, from one article alone, where it passes the filter. What the
        follow-up names must be in the article, not what those before it named."""
        watch = Stopwatch()
        restated = self.restate(question)
        retrieval = self._retriever.read_article(article_id, self.restate(in_full(before, question)), searched)
        watch.lap("retrieve")
        enough = max(self._settings.abstain_below, _ENOUGH_FROM_ONE)
        answer = self._answered(question, restated, retrieval, searched, enough, watch, follow_up=question, is_the_topic=True)
        article = self._catalog.article(article_id)
        return dataclasses.replace(answer, searched_for=f"{restated} (in “{article.title}”)") if article else answer

    def _answered(
        self,
        question: str,
        searched_for: str,
        retrieval: Retrieval,
        searched: SearchFilter,
        abstain_below: float | None,
        watch: Stopwatch,
        *,
        follow_up: str | None,
        is_the_topic: bool = False,
    ) -> Answer:
        enough = self._settings.abstain_below if abstain_below is None else abstain_below
        articles = retrieval.articles
        if searched.newest_first:
            retrieval = of_the_newest(retrieval, articles)
        extract = self._answerer.extract(
            searched_for,
            retrieval,
            articles,
            newest_first=searched.newest_first,
            follow_up=follow_up,
        )
        shown, removed = verify_citations(extract.sentences, articles, reader=self._reader)
        watch.lap("answer")
        # Where an article has nothing of what somebody is asked to have spoken of, or no year asked about, not even a sure reader
        # is believed, unless it was spoken of before; and whatever was spoken of, "Who won the world cup?" is not about that.
        related = (is_the_topic or not extract.is_foreign) and not extract.is_stray
        sure = confidence(extract.signals) if extract.signals and related else 0.0
        signals = dataclasses.asdict(extract.signals) if extract.signals else {}
        timings = retrieval.timings_ms | {"answer": watch.timings_ms["answer"], "total": sum(watch.timings_ms.values())}
        if not shown or sure < enough:
            nearest = self._catalog.article(extract.best.article_id) if extract.best else None
            reason = abstention_reason(extract.missing, searched_for, nearest)
            text = abstention_text(reason, nearest, self._catalog.date_range(), searched)
            shown, short = (), None
        else:
            reason, short = None, extract.short_answer
            text = with_markers(shown)
        return Answer(
            question=question,
            text=text,
            short_answer=short,
            sentences=shown,
            citations=tuple(citation for sentence in shown for citation in sentence.citations),
            evidence=retrieval.chunks,
            abstained=reason is not None,
            reason=reason,
            confidence=sure,
            searched_for=searched_for,
            signals=signals,
            removed=removed,
            timings_ms=timings,
        )

    def _retrieve_best(self, readings: Sequence[str], search_filter: SearchFilter) -> tuple[str, Retrieval]:
        """Of the ways to read a question, the likeliest, unless nothing answers it surely and the best passage of another scores
        clearly higher.

        The last of several, both questions in full, finds what answers the one before: it has to score higher still.
        """

        def retrieved(reading: str) -> Retrieval:
            when = expected_kind(reading) == "date"
            return self._retriever.retrieve(reading, search_filter, read_all=search_filter.newest_first, when=when)

        likeliest = retrieved(readings[0])
        if likeliest.best_answerable > _FOUND:
            return readings[0], likeliest
        others = [(reading, retrieved(reading)) for reading in readings[1:]]
        found = [(readings[0], likeliest), *others]
        scores = [retrieval.chunks[0].score if retrieval.chunks else float("-inf") for _, retrieval in found]
        scores[0] += _CLEARLY
        if len(scores) > 1:
            scores[-1] -= _IN_FULL
        return found[scores.index(max(scores))]
