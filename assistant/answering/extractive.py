"""Answers with the articles' own sentences, word for word. No language model."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from assistant.answering.abstention import long_date
from assistant.answering.confidence import Signals
from assistant.answering.leaning import points_back
from assistant.answering.measures import asked_for, cannot_answer
from assistant.answering.short_answer import expected_kind, holds_expected, short_answer, the_one_counted
from assistant.index.documents import search_text
from assistant.ingestion.sentences import sentence_spans
from assistant.language.dates import find_dates
from assistant.language.periods import find_periods
from assistant.language.terms import (
    Term,
    Vocabulary,
    focus_words,
    is_shouted,
    missing_ordinals,
    missing_terms,
    question_terms,
    topic_words,
)
from assistant.language.values import holds_quotation
from assistant.models.reading import Reading
from assistant.retrieval.news_dates import Months, months_asked, times_of_office
from assistant.retrieval.retriever import Retrieval
from assistant.retrieval.wording import quotations, without_expansions
from assistant.settings import Settings
from assistant.types import Article, Citation, ScoredChunk, Sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of an article that may answer: its span, the passage it was read in, how probably the answer begins in it if
    the passage holds one, whether it has an expression of the kind asked for, whether its article lacks an acronym or the year of
    the question, and whether its figures are none that were asked for."""

    article_id: str
    start: int
    end: int
    chunk: ScoredChunk
    reading: Reading
    mass: float
    fits_kind: bool
    lacks_topic: bool = False
    other_year: bool = False
    is_quoted: bool = False
    is_newest: bool = False
    is_misfit: bool = False

    @property
    def score(self) -> float:
        """In logits: the passage's, less what the sentence lacks of certainty within it."""
        lacking = (_LACKS_TOPIC if self.lacks_topic or self.is_misfit else 0.0) + (_OTHER_YEAR if self.other_year else 0.0)
        passage = self.chunk.score - lacking
        worth = (_KIND_BONUS if self.fits_kind else 0.0) + (_QUOTED if self.is_quoted else 0.0)
        return passage + math.log(max(self.mass, _LEAST_MASS)) + worth + (_NEWEST if self.is_newest else 0.0)

    def span(self) -> tuple[int, int] | None:
        """The words that answer, as characters of the article."""
        shift = self.chunk.chunk.start
        found = self.reading.best_span(self.start - shift, self.end - shift)
        return (found[0] + shift, found[1] + shift) if found else None


@dataclass(frozen=True)
class Extract:
    """The sentences chosen, in reading order, with the short answer and the signals for the confidence.

    `missing` is what the question speaks of and the article doesn't; `is_foreign` says that this is all that somebody is asked to
    have spoken of, that the article tells of no year that is asked about, or that the sentence tells who was in office in another
    year, or gives figures of another kind; `is_stray`, that a question taken for a follow-up
    names what it is about, and the article has none of it. `best` is None when there was nothing to read.
    """

    sentences: tuple[Sentence, ...]
    short_answer: str | None
    signals: Signals | None
    missing: tuple[Term, ...]
    best: Candidate | None
    is_foreign: bool = False
    is_stray: bool = False


# Set on the dev split of the gold set, in logits: what a date is worth to a question that asks when, and how near to the best
# sentence's score a second or third one must come, nearer where one date or number is asked for than where "what" or "why" is.
_KIND_BONUS = 1.0
# An article that never says COMCASA tells when another agreement was signed; a sentence of pounds counts no people.
_LACKS_TOPIC = 12.0
_MARGIN = 3.0
_OPEN_MARGIN = 4.0
_QUOTED = 12.0  # the sentence has the words that the question quotes
_OTHER_YEAR = 4.0  # told of another year than the question's
_NEWEST = 4.0  # asked for the latest, and nothing that the article tells happened later
_LEAST_MASS = 1e-4
_FEWEST_OWN = 2  # content words that a question must have to be about something else than those before it
# A passage whose cosine with the question is at least so high may be about what is asked; how much higher tells nothing.
_NEAR = 0.3
_FIRST = {"first", "1st"}  # told in many words: "began in", "inaugural", "goes back to"
_ACRONYM = re.compile(r"\b[A-Z]{3,}\b")
_AROUND_WORDS = " \t\n.,;:()[]“”\"'’"


class ExtractiveAnswerer:
    """Chooses the sentences of the best passages that answer a question."""

    def __init__(self, vocabulary: Vocabulary, settings: Settings) -> None:
        self._vocabulary = vocabulary
        self._settings = settings

    def extract(
        self,
        question: str,
        retrieval: Retrieval,
        articles: Mapping[str, Article],
        *,
        newest_first: bool = False,
        follow_up: str | None = None,
    ) -> Extract:
        """At most `max_sentences` sentences; ties go to the earlier article id and offset.

        `newest_first` prefers, of the newest article's sentences, that of the latest day up to its publication. `follow_up` is
        the question as it was asked, where it is read as one that leans on those before it.
        """
        candidates = self._candidates(question, retrieval, articles)
        if not candidates:
            return Extract((), None, None, (), None)
        if newest_first:
            candidates = _newest_first(candidates, articles)
        best = candidates[0]
        article = articles[best.article_id]
        asked = without_expansions(question)
        missing = missing_terms(asked, _everything_about(article), self._vocabulary.stem)
        chunk_id = best.chunk.chunk.chunk_id
        signals = self._signals(asked, best, retrieval.passages[chunk_id], retrieval.cosines.get(chunk_id, _NEAR))
        chosen = self._choose(candidates, articles, _MARGIN if expected_kind(question) else _OPEN_MARGIN)
        return Extract(
            _quote(chosen, articles),
            _words(question, best, article),
            signals,
            tuple(missing),
            best,
            _is_foreign(asked, missing, article) or best.is_misfit or (best.other_year and bool(times_of_office(asked))),
            follow_up is not None and self._is_stray(follow_up, article),
        )

    def _is_stray(self, follow_up: str, article: Article) -> bool:
        """Whether it leans on nothing by its own words, two or more, and the article speaks of none of them."""
        own = question_terms(follow_up)
        if len(own) < _FEWEST_OWN or points_back(follow_up):
            return False
        return len(missing_terms(follow_up, _everything_about(article), self._vocabulary.stem)) == len(own)

    def _candidates(self, question: str, retrieval: Retrieval, articles: Mapping[str, Article]) -> list[Candidate]:
        found: dict[tuple[str, int, int], Candidate] = {}
        quoted, years = quotations(question), _years(question, None)
        read = [scored for scored in retrieval.chunks if scored.chunk.chunk_id in retrieval.readings]
        about = [articles[article_id] for article_id in sorted({c.chunk.article_id for c in read})]
        lacking = self._lacking_acronyms(question, about) | _of_other_times(months_asked(question), about)
        read.sort(key=lambda scored: (not _holds_any(quoted, scored.chunk.text), scored.chunk.article_id in lacking))
        for scored in read[: self._settings.evidence_top_k]:
            chunk, reading = scored.chunk, retrieval.readings[scored.chunk.chunk_id]
            lacks = chunk.article_id in lacking
            of_then = retrieval.sentences.get(chunk.chunk_id)
            for start, end in of_then or sentence_spans(chunk.text):
                place = chunk.article_id, chunk.start + start, chunk.start + end
                fits = holds_expected(question, chunk.text[start:end])
                told = _years(chunk.text[start:end], articles[chunk.article_id].published) if years and not of_then else set()
                other = bool(told) and years.isdisjoint(told)
                is_quoted = _holds_any(quoted, chunk.text[start:end])
                misfit = cannot_answer(question, chunk.text[start:end])
                candidate = Candidate(
                    *place, scored, reading, reading.mass(start, end), fits, lacks, other, is_quoted, is_misfit=misfit
                )
                # Chunks overlap: a sentence counts with the better of its passages.
                if place not in found or candidate.score > found[place].score:
                    found[place] = candidate
        return _best_first(found.values())

    def _lacking_acronyms(self, question: str, articles: Iterable[Article]) -> set[str]:
        """The articles, by id, that have neither an acronym of the question nor a name of its letters; none where all lack it."""
        unexpanded = without_expansions(question)
        written = set(_ACRONYM.findall(unexpanded))
        if not written or is_shouted(unexpanded):
            return set()
        asked, known = " ".join(sorted(written)), list(articles)
        lacking = {a.article_id for a in known if missing_terms(asked, _everything_about(a), self._vocabulary.stem)}
        return lacking if len(lacking) < len(known) else set()

    def _signals(self, question: str, best: Candidate, passage: str, cosine: float) -> Signals:
        absent = missing_terms(question, passage, self._vocabulary.stem)
        return Signals(
            answerable=best.reading.answerable,
            margin=best.reading.margin,
            entailed=best.reading.entailed,
            second=best.reading.second,
            nearness=min(cosine, _NEAR),
            missing_ordinal=float(any(written not in _FIRST for written in missing_ordinals(question, passage))),
            missing_focus=float(bool(focus_words(question) & {term.word for term in absent})),
            open_question=float(expected_kind(question) is None),
        )

    def _choose(self, candidates: list[Candidate], articles: Mapping[str, Article], margin: float) -> list[Candidate]:
        chosen: list[Candidate] = []
        seen: list[set[str]] = []
        for candidate in candidates:
            if len(chosen) == self._settings.max_sentences or candidate.score < candidates[0].score - margin:
                break
            words = set(articles[candidate.article_id].text[candidate.start : candidate.end].lower().split())
            if any(_same_words(words, other) for other in seen):
                continue  # the same sentence again, in a copy of the article
            chosen.append(candidate)
            seen.append(words)
        order = {article_id: rank for rank, article_id in enumerate(dict.fromkeys(c.article_id for c in chosen))}
        return sorted(chosen, key=lambda c: (order[c.article_id], c.start))


def _newest_first(candidates: list[Candidate], articles: Mapping[str, Article]) -> list[Candidate]:
    """The candidates in their new order, where of those that may answer the ones of the latest day come first."""
    answering = [c for c in candidates if c.score >= candidates[0].score - _NEWEST]
    days = [_last_day(articles[c.article_id].text[c.start : c.end], articles[c.article_id].published) for c in answering]
    latest = max((day for day in days if day), default=None)
    newest = [replace(c, is_newest=day is not None and day == latest) for c, day in zip(answering, days, strict=True)]
    return _best_first([*newest, *candidates[len(answering) :]])


def _best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, c.article_id, c.start))


def _last_day(text: str, published: date | None) -> date | None:
    """The latest day named in a text that isn't after the publication."""
    days = [day for _, _, readings in find_dates(text, published) for reading in readings if (day := reading.exact())]
    return max((day for day in days if published is None or day <= published), default=None)


def _holds_any(quoted: Iterable[str], text: str) -> bool:
    return any(holds_quotation(words, text) for words in quoted)


def _years(text: str, published: date | None) -> frozenset[int]:
    """The years that a text names, or means by its relative dates."""
    return frozenset(year for year, _ in _told(text, published))


@lru_cache(maxsize=4096)
def _told(text: str, published: date | None) -> Months:
    """The months that a text names or means, and their years, with None. A whole article takes milliseconds, and comes again."""
    days = [day for _, _, readings in find_dates(text, published) for day in readings if day.year and not day.decade]
    named = frozenset((day.year, month) for day in days if day.year for month in (day.month, None))
    return named.union(*(days.months() for _, _, days in find_periods(text, published)))


def _is_foreign(question: str, missing: list[Term], article: Article) -> bool:
    absent = {term.word for term in missing}
    topic, years = topic_words(question), _years(question, None)
    return bool((topic and topic <= absent) or (years and years.isdisjoint({year for year, _ in _told_by(article)})))


def _of_other_times(asked: Months, articles: Collection[Article]) -> set[str]:
    """The articles, by id, that tell of none of the months, or years, asked about; none where all are such."""
    lacking = {article.article_id for article in articles if asked and asked.isdisjoint(_told_by(article))}
    return lacking if len(lacking) < len(articles) else set()


def _told_by(article: Article) -> Months:
    """What its text tells of, and its publication."""
    day = article.published
    return _told(article.text, day) | ({(day.year, day.month), (day.year, None)} if day else set())


def _everything_about(article: Article) -> str:
    """Title, text and the day of publication, which the text seldom repeats."""
    day = f"\n{long_date(article.published)}" if article.published else ""
    return search_text(article.title, article.text) + day


def _words(question: str, best: Candidate, article: Article) -> str | None:
    """The words that answer; where they are pounds and people are counted, the sentence's own figure for that, if it has one."""
    span = best.span()
    sentence = article.text[best.start : best.end]
    if span and cannot_answer(question, sentence, span[0] - best.start, span[1] - best.start):
        other = short_answer(question, sentence)
        span = (best.start + other[0], best.start + other[1]) if other and not cannot_answer(question, sentence, *other) else None
    if span and asked_for(question) == "count":
        shift = best.start
        one = the_one_counted(question, sentence, (span[0] - shift, span[1] - shift))
        span = (one[0] + shift, one[1] + shift)
    return (article.text[slice(*span)].strip(_AROUND_WORDS) or None) if span else None


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
