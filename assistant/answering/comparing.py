"""Questions that compare things: each is asked about by itself, and dates and numbers are compared here, never by a model."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.answering.decomposition import Comparison, Relation, decompose
from assistant.answering.marking import with_markers
from assistant.language.intervals import Interval, date_interval, elapsed
from assistant.language.lexicon import FUNCTION_WORDS
from assistant.language.quantities import Quantity
from assistant.language.values import Value, find_values
from assistant.types import Answer, Citation, ScoredChunk, Sentence

_ORDINAL = re.compile(
    r"\b(?P<which>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)) (?P<noun>[\w+-]+)",
    re.IGNORECASE,
)
_NAMING_WORD = re.compile(r"[\w+-]{3,}")
AskPart = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a part's answer contributes: sentences, the first of which holds the value that counts, the thing that they are about
    where it is compared, and that value."""

    answer: Answer
    sentences: tuple[Sentence, ...]
    thing: str = ""
    written: str = ""
    when: Interval | None = None
    amount: Quantity | None = None


def compare(question: str, ask_part: AskPart) -> Answer | None:
    """Answers a question that compares things from the answers to its parts.

    `ask_part` answers a plain question. None where the question is of another kind, or where a part has no answer that can be
    compared: then the question is best asked as a whole.
    """
    parts = decompose(question)
    if parts is None:
        return None
    for asked in parts.ask:  # like is compared with like: all parts are asked in the same way
        facts = _facts(parts, asked, ask_part)
        if not facts:
            continue
        if parts.relation == "changed":
            if facts[0].sentences != facts[1].sentences:
                return combined(question, facts, None)
        elif concluded := _conclusion(parts, facts):
            return combined(question, *concluded)
    return None


def names_neither(question: str, answer: Answer) -> bool:
    """Whether a question asks which of some things is more, or came first, and the answer's sentences speak of none of them."""
    parts = decompose(question)
    if parts is None or parts.relation not in {"first", "last", "more", "less"}:
        return False
    told = " ".join(sentence.text for sentence in answer.sentences).lower()
    naming = {word for thing in parts.things for word in _NAMING_WORD.findall(thing.lower())} - FUNCTION_WORDS
    return not any(word in told for word in naming)


def _facts(parts: Comparison, asked: Sequence[str], ask_part: AskPart) -> list[Fact]:
    """The fact about each thing; none where one lacks it."""
    facts = []
    for thing, question in zip(parts.things, asked, strict=True):
        fact = fact_of(ask_part(question), thing, parts.relation)
        if fact is None:
            return []
        facts.append(fact)
    return facts


def fact_of(answer: Answer, thing: str, relation: Relation) -> Fact | None:
    """The fact of an answer: its short answer where that can be compared, with the sentence that holds it."""
    if answer.abstained or not answer.sentences:
        return None
    if relation == "changed":
        return Fact(answer, answer.sentences[:2], thing)
    short = answer.short_answer
    sentence = next((s for s in answer.sentences if short and short in s.text and s.citations), None)
    if short is None or sentence is None or _other_in_its_row(thing, sentence.text):
        return None
    at = sentence.text.index(short)
    for value in find_values(sentence.text, sentence.citations[0].published):
        if value.end <= at or value.start >= at + len(short):
            continue
        if relation in {"more", "less", "moved"}:
            if isinstance(value.meaning, Quantity):
                return Fact(answer, (sentence,), thing, short, amount=value.meaning)
        elif (when := _when(value)) is not None:
            return Fact(answer, (sentence,), thing, short, when=when)
    return None


def _other_in_its_row(thing: str, sentence: str) -> bool:
    """Whether the thing is the first or the fifth of its kind, and the sentence doesn't speak of that one."""
    found = _ORDINAL.search(thing)
    if found is None:
        return False
    noun = re.escape(found["noun"])
    return not re.search(rf"\b{found['which']} (?:\S+ ){{0,2}}{noun}", sentence, re.IGNORECASE)


def _when(value: Value) -> Interval | None:
    return date_interval(value.meaning) if isinstance(value.meaning, tuple) else None


def _conclusion(parts: Comparison, facts: list[Fact]) -> tuple[list[Fact], str] | None:
    """The facts in the order in which they are to be told, and what follows from their values, in a few words; None where they
    leave it open."""
    one, other = facts[:2]
    if one.amount and other.amount:
        if one.amount.unit != other.amount.unit or one.amount.amount == other.amount.amount:
            return None
        if parts.relation == "moved":
            return facts, f"from {one.written} to {other.written}"
        larger = one.amount.amount > other.amount.amount
        fact = one if larger == (parts.relation == "more") else other
        return facts, f"{_name(fact.thing)} ({fact.written})"
    if parts.relation == "between":
        short = elapsed(one.when, other.when, parts.unit) if one.when and other.when else None
        return (facts, short) if short else None
    order = _in_order(facts)
    return (order if parts.relation == "order" else facts, _in_words(parts.relation, order, one)) if order else None


def _in_order(facts: list[Fact]) -> list[Fact]:
    """The facts from the earliest to the latest; none where their dates leave that open."""
    dated = sorted(((fact.when, fact) for fact in facts if fact.when), key=lambda entry: entry[0].first)
    certain = all(one.before(other) for (one, _), (other, _) in pairwise(dated))
    return [fact for _, fact in dated] if certain and len(dated) == len(facts) else []


def _in_words(relation: Relation, order: list[Fact], asked_first: Fact) -> str:
    if relation == "order":
        return "; ".join(f"{_name(fact.thing)} ({_day(fact)})" for fact in order)
    if relation in {"first", "last"}:
        fact = order[0] if relation == "first" else order[-1]
        return f"{_name(fact.thing)} ({_day(fact)})"
    earlier = order[0] is asked_first
    one, other = (order[0], order[1]) if earlier else (order[1], order[0])
    words = {
        "before or after": ("Before", "After"),
        "before": ("Yes", "No, after"),
        "after": ("No, before", "Yes"),
    }[relation]
    return f"{words[not earlier]} ({_day(one)} and {_day(other)})"


def _day(fact: Fact) -> str:
    """The date as written; "last Thursday" as the calendar has it."""
    return fact.written if re.search(r"\d{4}", fact.written) else str(fact.when)


def _name(thing: str) -> str:
    return re.sub(r"^the ", "", thing, flags=re.IGNORECASE)


def combined(question: str, facts: Sequence[Fact], short: str | None) -> Answer:
    """One answer of the sentences of all, with markers of its own; as sure as the least sure of them."""
    answers = [fact.answer for fact in facts]
    sentences: list[Sentence] = []
    numbers: dict[tuple[str, int, int], int] = {}

    def numbered(citation: Citation) -> Citation:
        place = citation.article_id, citation.start, citation.end
        return replace(citation, marker=numbers.setdefault(place, len(numbers) + 1))

    for sentence in (sentence for fact in facts for sentence in fact.sentences):
        renumbered = replace(sentence, citations=tuple(numbered(citation) for citation in sentence.citations))
        if renumbered not in sentences:
            sentences.append(renumbered)
    citations = {citation.marker: citation for sentence in sentences for citation in sentence.citations}
    evidence: dict[str, ScoredChunk] = {}
    for scored in (scored for answer in answers for scored in answer.evidence):
        evidence.setdefault(scored.chunk.chunk_id, scored)
    least_sure = min(answers, key=lambda answer: answer.confidence)
    return replace(
        answers[0],
        question=question,
        text=with_markers(sentences),
        short_answer=short,
        sentences=tuple(sentences),
        citations=tuple(citations[marker] for marker in sorted(citations)),
        evidence=tuple(replace(scored, rank=rank) for rank, scored in enumerate(evidence.values(), start=1)),
        confidence=least_sure.confidence,
        searched_for=" ".join(answer.searched_for for answer in answers),
        signals=least_sure.signals,
        timings_ms=_added([answer.timings_ms for answer in answers]),
    )


def _added(timings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: sum(each.get(name, 0.0) for each in timings) for name in sorted({name for each in timings for name in each})}
