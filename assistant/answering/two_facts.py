"""Questions that need two facts: each is asked by itself, and dates and numbers are compared here, never by a model."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.answering.decomposition import Relation, TwoFacts, decompose
from assistant.answering.marking import with_markers
from assistant.language.intervals import Interval, date_interval, elapsed
from assistant.language.quantities import Quantity
from assistant.language.values import Value, find_values
from assistant.types import Answer, Citation, Sentence

_ORDINAL = re.compile(
    r"\b(?P<which>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:st|nd|rd|th)) (?P<noun>[\w+-]+)",
    re.IGNORECASE,
)
AskPart = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a part's answer contributes: sentences, the first of which holds the value that counts, and that value."""

    answer: Answer
    sentences: tuple[Sentence, ...]
    written: str = ""
    when: Interval | None = None
    amount: Quantity | None = None


def compare(question: str, ask_part: AskPart) -> Answer | None:
    """Answers a question that needs two facts from the answers to its parts.

    `ask_part` answers a plain question. None where the question is of another kind, or where a part has no answer that can be
    compared: then the question is best asked as a whole.
    """
    parts = decompose(question)
    if parts is None:
        return None
    for ask_one, ask_other in parts.ask:  # like is compared with like: both parts are asked in the same way
        one = _fact(ask_part(ask_one), parts.one, parts.relation)
        other = _fact(ask_part(ask_other), parts.other, parts.relation) if one else None
        if one is None or other is None:
            continue
        short = _conclusion(parts, one, other)
        if short is not None or (parts.relation == "changed" and one.sentences != other.sentences):
            return combined(question, one, other, short)
    return None


def _fact(answer: Answer, thing: str, relation: Relation) -> Fact | None:
    """The fact of an answer: its short answer where that can be compared, with the sentence that holds it."""
    if answer.abstained or not answer.sentences:
        return None
    if relation == "changed":
        return Fact(answer, answer.sentences[:2])
    short = answer.short_answer
    sentence = next((s for s in answer.sentences if short and short in s.text and s.citations), None)
    if short is None or sentence is None or _other_in_its_row(thing, sentence.text):
        return None
    at = sentence.text.index(short)
    for value in find_values(sentence.text, sentence.citations[0].published):
        if value.end <= at or value.start >= at + len(short):
            continue
        if relation in {"more", "less"}:
            if isinstance(value.meaning, Quantity):
                return Fact(answer, (sentence,), short, amount=value.meaning)
        elif (when := _when(value)) is not None:
            return Fact(answer, (sentence,), short, when=when)
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


def _conclusion(parts: TwoFacts, one: Fact, other: Fact) -> str | None:
    """What follows from the two values, in a few words; None where they leave it open."""
    if one.amount and other.amount:
        if one.amount.unit != other.amount.unit or one.amount.amount == other.amount.amount:
            return None
        larger = one.amount.amount > other.amount.amount
        name, fact = (parts.one, one) if larger == (parts.relation == "more") else (parts.other, other)
        return f"{_name(name)} ({fact.written})"
    if one.when is None or other.when is None:
        return None
    if parts.relation == "between":
        return elapsed(one.when, other.when, parts.unit)
    earlier = one.when.before(other.when)
    return _order(parts, one, other, earlier) if earlier or other.when.before(one.when) else None


def _order(parts: TwoFacts, one: Fact, other: Fact, earlier: bool) -> str:
    if parts.relation in {"first", "last"}:
        name, fact = (parts.one, one) if earlier == (parts.relation == "first") else (parts.other, other)
        return f"{_name(name)} ({_day(fact)})"
    words = {
        "before or after": ("Before", "After"),
        "before": ("Yes", "No, after"),
        "after": ("No, before", "Yes"),
    }[parts.relation]
    return f"{words[not earlier]} ({_day(one)} and {_day(other)})"


def _day(fact: Fact) -> str:
    """The date as written; "last Thursday" as the calendar has it."""
    return fact.written if re.search(r"\d{4}", fact.written) else str(fact.when)


def _name(thing: str) -> str:
    return re.sub(r"^the ", "", thing, flags=re.IGNORECASE)


def combined(question: str, one: Fact, other: Fact, short: str | None) -> Answer:
    """One answer of the sentences of both, with markers of its own; as sure as the less sure of them."""
    first, second = one.answer, other.answer
    sentences: list[Sentence] = []
    numbers: dict[tuple[str, int, int], int] = {}

    def numbered(citation: Citation) -> Citation:
        place = citation.article_id, citation.start, citation.end
        return replace(citation, marker=numbers.setdefault(place, len(numbers) + 1))

    for sentence in (*one.sentences, *other.sentences):
        renumbered = replace(sentence, citations=tuple(numbered(citation) for citation in sentence.citations))
        if renumbered not in sentences:
            sentences.append(renumbered)
    citations = {citation.marker: citation for sentence in sentences for citation in sentence.citations}
    seen: dict[str, None] = dict.fromkeys(scored.chunk.chunk_id for scored in first.evidence)
    evidence = [*first.evidence, *(scored for scored in second.evidence if scored.chunk.chunk_id not in seen)]
    names = {*first.timings_ms, *second.timings_ms}
    return replace(
        first,
        question=question,
        text=with_markers(sentences),
        short_answer=short,
        sentences=tuple(sentences),
        citations=tuple(citations[marker] for marker in sorted(citations)),
        evidence=tuple(replace(scored, rank=rank) for rank, scored in enumerate(evidence, start=1)),
        confidence=min(first.confidence, second.confidence),
        searched_for=f"{first.searched_for} {second.searched_for}",
        signals=min((first, second), key=lambda answer: answer.confidence).signals,
        timings_ms={n: first.timings_ms.get(n, 0.0) + second.timings_ms.get(n, 0.0) for n in sorted(names)},
    )
