"""Articles that answer a question differently: no side is given alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answering.contradiction import Claim, claim_of, conflict
from assistant.answering.copies import independent
from assistant.answering.marking import with_markers
from assistant.answering.short_answer import expected_kind
from assistant.index.documents import search_text
from assistant.ingestion.sentences import sentence_spans
from assistant.language.lexicon import stem
from assistant.language.terms import missing_ordinals, missing_terms, question_terms
from assistant.language.values import ordinals
from assistant.models.reader import Scorer
from assistant.types import Answer, Article, Citation, ScoredChunk, Sentence

# A sentence answers the same question when it names whom that names, speaks of nearly as much of it, shares words with the
# chosen sentence, and fits the question nearly as well, in logits. Set on the dev half of tests/gold, where articles seldom
# disagree, and on the planted lies of tests/attacks.
_OF_THE_WORDS = 0.8
_SHARED = 0.5
_OF_THE_FIT = 3.0
# What holds now was otherwise before: that is no disagreement.
_CHANGES = re.compile(r"\b(?:latest|most recent|recently|newest|current|currently|now|today|still|last)\b", re.IGNORECASE)


_BEFORE = re.compile(r"\b(?:last|previous|preceding) (?:season|year|term|campaign|quarter|month|week)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that articles give, as the first of them writes it.

    count: how many articles give it, copies of one another counted once; citations: a sentence of each such article.
    """

    value: str
    count: int
    citations: tuple[Citation, ...]


def disagreements(
    question: str,
    chosen: Citation,
    evidence: Sequence[ScoredChunk],
    articles: Mapping[str, Article],
    scorer: Scorer,
    short: str | None = None,
    beside: Sequence[Citation] = (),
) -> tuple[Stated, ...]:
    """The values that the articles give for what is asked, when they give more than one; else nothing.

    Args:
        question: asks for a date, a number, a person or a place; any other question has no disagreements.
        chosen: the sentence that answers.
        evidence: passages, in which other articles' sentences are looked for.
        articles: those of the evidence.
        scorer: tells how well a sentence fits the question.
        short: the words of the chosen sentence that answer, where they are known.
        beside: other sentences that answer nearly as well. Their figures count, in whatever words they are given.

    Returns:
        Most articles first; ties go to the value of the older article, which is nearer to the event, but of numbers to that of
        the newer one, since a toll is revised; then to the one with the smaller id.
    """
    mine = claim_of(question, chosen, short)
    if mine is None or _CHANGES.search(question):
        return ()
    others = [
        claim
        for citation in (*(beside if mine.numbers else ()), *_other_sentences(question, chosen, evidence, articles))
        if (claim := claim_of(question, citation)) is not None and _count_the_same(claim, mine)
    ]
    groups = _sides([mine, *_fitting(question, mine, others, scorer)])
    if len(groups) < 2:
        return ()
    stated = []
    for group in groups:
        kept = independent([claim.citation.article_id for claim in group], articles)
        stated.append(Stated(group[0].written, len(kept), tuple(c.citation for c in group if c.citation.article_id in kept)))
    return tuple(sorted(stated, key=lambda one: (-one.count, *_age(one, newest_first=bool(mine.numbers)))))


def with_disagreement(answer: Answer, articles: Mapping[str, Article], scorer: Scorer) -> Answer:
    """The answer, or where other articles give another value, all of them: how many say which, each with its sentence."""
    if answer.abstained or not answer.citations or expected_kind(answer.searched_for) is None:
        return answer
    short = answer.short_answer
    chosen = next((c for c in answer.citations if short and short in c.quote), answer.citations[0])
    question = answer.searched_for
    others = [other for other in answer.citations if other.article_id != chosen.article_id]
    beside = [other for other in others if _may_rival(question, chosen, other.title, other.quote)]
    stated = disagreements(question, chosen, answer.evidence, articles, scorer, short, beside)
    if not stated:
        return answer
    known = {(c.article_id, c.start, c.end): c.marker for c in answer.citations}
    new: list[Citation] = []
    for citation in (citation for one in stated for citation in one.citations):
        place = citation.article_id, citation.start, citation.end
        if place not in known:
            known[place] = max(known.values()) + 1
            new.append(replace(citation, marker=known[place]))
    sentences = (*answer.sentences, *(Sentence(citation.quote, "supported", (citation,)) for citation in new))
    return replace(
        answer,
        text=with_markers(sentences),
        short_answer=" or ".join(one.value for one in stated),
        sentences=sentences,
        citations=(*answer.citations, *new),
        notice=" ".join(filter(None, (answer.notice, f"The articles differ: {in_words(stated)}."))),
    )


def in_words(stated: Sequence[Stated]) -> str:
    """`2 articles say 2016; 1 says 2018`."""
    parts = []
    for number, one in enumerate(stated):
        articles = (" article" if one.count == 1 else " articles") if number == 0 else ""
        parts.append(f"{one.count}{articles} {'says' if one.count == 1 else 'say'} {one.value}")
    return "; ".join(parts)


def _sides(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The claims by what they say, the first claim's side first. What goes with several sides, such as a year with two of its
    days, is on none."""
    sides: list[list[Claim]] = []
    for claim in claims:
        if all(conflict(side[0], claim) for side in sides):
            sides.append([claim])
    for claim in claims:
        fitting = [side for side in sides if not conflict(side[0], claim)]
        if len(fitting) == 1 and all(claim.citation.article_id != other.citation.article_id for other in fitting[0]):
            fitting[0].append(claim)
    return sides


def _other_sentences(
    question: str, chosen: Citation, evidence: Sequence[ScoredChunk], articles: Mapping[str, Article]
) -> Iterator[Citation]:
    """Sentences of other articles that speak of what the chosen one speaks of, each once, in the order of the evidence."""
    terms = question_terms(question)
    spoken = len(terms) - len(missing_terms(question, search_text(chosen.title, chosen.quote), stem))
    seen: set[tuple[str, int]] = set()
    for scored in evidence:
        article = articles[scored.chunk.article_id]
        if article.article_id == chosen.article_id:
            continue
        for start, end in sentence_spans(scored.chunk.text):
            place = article.article_id, scored.chunk.start + start
            text = scored.chunk.text[start:end]
            titled = search_text(article.title, text)
            if place in seen or not _may_rival(question, chosen, article.title, text):
                continue
            seen.add(place)
            missing = missing_terms(question, titled, stem)
            enough = len(terms) - len(missing) >= min(spoken, _OF_THE_WORDS * len(terms))
            if enough and _shares_words(chosen.quote, text):
                where = scored.chunk.start + start, scored.chunk.start + end
                yield Citation(0, article.article_id, article.title, article.source, article.published, text, *where, 1.0)


def _may_rival(question: str, chosen: Citation, title: str, text: str) -> bool:
    """Whether a sentence speaks of whom the question names, and not of another round or of the year before."""
    titled = search_text(title, text)
    if missing_ordinals(question, titled) or _of_another(chosen.quote, text) or _of_before(chosen.quote, text):
        return False
    return not any(term.is_name for term in missing_terms(question, titled, stem))


def _count_the_same(one: Claim, other: Claim) -> bool:
    """Unless what they count is known to differ."""
    return not (one.counted and other.counted) or one.counted == other.counted


def _of_before(chosen: str, text: str) -> bool:
    """Whether the text, and not the chosen sentence, tells of the season or the year before: both may be right."""
    return bool(_BEFORE.search(text)) and not _BEFORE.search(chosen)


def _shares_words(one: str, other: str) -> bool:
    """Whether the sentence with fewer words to it shares half of them, values aside."""
    first, second = ({stem(t.word) for t in question_terms(text) if not re.search(r"\d", t.word)} for text in (one, other))
    return len(first & second) >= _SHARED * min(len(first), len(second))


def _of_another(one: str, other: str) -> bool:
    """Whether one sentence speaks of the fourth and the other of the fifth."""
    first, second = (set(ordinals(text).values()) for text in (one, other))
    return bool(first and second and first.isdisjoint(second))


def _fitting(question: str, mine: Claim, others: Sequence[Claim], scorer: Scorer) -> list[Claim]:
    """Of each other article the sentence that fits the question best, where it fits about as well as the chosen one."""
    if not others:
        return []
    titled = [search_text(claim.citation.title, claim.citation.quote) for claim in (mine, *others)]
    bar, *fits = (float(logit) for logit in scorer.score([(question, text) for text in titled]))
    best: dict[str, tuple[float, Claim]] = {}
    for fit, claim in zip(fits, others, strict=True):
        article_id = claim.citation.article_id
        if fit >= bar - _OF_THE_FIT and fit > best.get(article_id, (float("-inf"), claim))[0]:
            best[article_id] = fit, claim
    return [claim for _, claim in best.values()]


def _age(stated: Stated, *, newest_first: bool) -> tuple[int, str]:
    """Undated articles come last."""
    days = [(c.published.toordinal() if c.published else None, c.article_id) for c in stated.citations]
    dated = [(-day if newest_first else day, article_id) for day, article_id in days if day is not None]
    return min(dated or [(date.max.toordinal(), article_id) for _, article_id in days])
