"""What a sentence gives for an answer, and when two sentences cannot both be right about it.

In doubt they can: a year holds its days, a rounded number the exact one, and of two places whose countries are not known the one
may lie in the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from assistant.answering.short_answer import expected_kind, short_answer
from assistant.answering.word_classes import is_listed_verb, is_preposition
from assistant.language.dates import CalendarDate
from assistant.language.intervals import date_interval
from assistant.language.lexicon import FUNCTION_WORDS, stem
from assistant.language.names import countries
from assistant.language.quantities import Quantity
from assistant.language.values import find_values
from assistant.types import Citation

Readings = tuple[CalendarDate, ...]

# "By 2018" is no date that another one contradicts.
_OPEN_ENDED = re.compile(
    r"\b(?:by|before|after|until|till|since|from|between|than|as early as|as late as)(?: the (?:end|start|beginning|middle) of)?"
    r"(?: early| late| mid)?[ -]$",
    re.IGNORECASE,
)
# "The youngest is 33", "a man of 79": an age, or no more than a figure that nothing is counted by.
_AGE = re.compile(
    r"\b(?:aged|(?:youngest|oldest|eldest)\b[^,;]*|(?:man|woman|boy|girl|person) of|(?:he|she|who) (?:is|was|turned|turns)) $",
    re.IGNORECASE,
)
_NOUN_BEHIND = re.compile(r"[ -]([^\W\d_]+)")
_MOST_ROUNDED = Fraction(3, 100)
_MOST_BEYOND = Fraction(1, 2)  # of a bound


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence gives for an answer, as it writes it.

    dates, numbers: all that the sentence has of the kind asked for, the answer first.
    counted: the stem of the noun right behind a number, or "".
    words: of a person's name or a place, in lower case. lands: the countries that the place may be, or lie in.
    """

    citation: Citation
    written: str
    dates: tuple[Readings, ...] = ()
    numbers: tuple[Quantity, ...] = ()
    counted: str = ""
    words: frozenset[str] = frozenset()
    lands: frozenset[str] = frozenset()


def claim_of(question: str, citation: Citation, short: str | None = None) -> Claim | None:
    """What the quote gives for an answer; None where that is nothing, or nothing that can be contradicted.

    Args:
        question: asks for a date, a number, a person or a place.
        citation: the sentence.
        short: its words that answer, where they are known.
    """
    at = citation.quote.find(short) if short else -1
    span = (at, at + len(short)) if short and at >= 0 else short_answer(question, citation.quote)
    if span is None:
        return None
    start, end = span
    written = citation.quote[start:end]
    kind = expected_kind(question)
    if kind in {"person", "place"}:
        words = frozenset(word.lower() for word in re.findall(r"[^\W\d_]{2,}", written))
        lands = countries(written) if kind == "place" else frozenset()
        return Claim(citation, written, words=words, lands=lands) if words and (lands or kind == "person") else None
    values = find_values(citation.quote, citation.published)
    dates = [value.meaning for value in values if isinstance(value.meaning, tuple)]
    numbers = [value.meaning for value in values if isinstance(value.meaning, Quantity)]
    for value in values:
        if value.end <= start or value.start >= end:
            continue
        if isinstance(value.meaning, Quantity):
            if _AGE.search(citation.quote[: value.start]):
                return None
            return Claim(citation, written, numbers=(value.meaning, *numbers), counted=_counted(citation.quote, value.end))
        if isinstance(value.meaning, tuple) and date_interval(value.meaning) is not None:
            open_ended = _OPEN_ENDED.search(citation.quote[: value.start]) or any(_is_vague(date) for date in dates)
            return None if open_ended else Claim(citation, written, dates=(value.meaning, *dates))
    return None


def _counted(text: str, end: int) -> str:
    """In "three ships" the ships; nothing in "three have died", "at least 53, according to" and "three of them"."""
    following = _NOUN_BEHIND.match(text, end)
    word = following[1].lower() if following else ""
    return "" if word in FUNCTION_WORDS or is_preposition(word) or is_listed_verb(word) else stem(word)


def conflict(one: Claim, other: Claim) -> bool:
    """Whether not both can be true, for sure: never where one may only say more exactly what the other says, or where the other's
    sentence has the one's value too."""
    if one.dates and other.dates:
        return _are_apart(one.dates[0], other.dates[0]) and not (_has(one.dates, other) or _has(other.dates, one))
    if one.numbers and other.numbers:
        a, b = one.numbers[0], other.numbers[0]
        return a.unit == b.unit and not (_agree(a, b) or _counts(a, other) or _counts(b, one))
    texts = one.citation.quote.lower(), other.citation.quote.lower()
    named = any(word in texts[1] for word in one.words) or any(word in texts[0] for word in other.words)
    return bool(one.words and other.words) and one.lands.isdisjoint(other.lands) and not named


def _has(dates: Sequence[Readings], claim: Claim) -> bool:
    """Whether the claim's sentence has the first of the dates as well, or a day in it."""
    return any(mine.says_no_more_than(theirs) for mine in dates[0] for date in claim.dates for theirs in date)


def _counts(number: Quantity, claim: Claim) -> bool:
    return any(number.unit == other.unit and number.says_no_more_than(other) for other in claim.numbers)


def _is_vague(date: Readings) -> bool:
    """ "Two years later", give or take one."""
    return any(day.leans and day.day is None for day in date)


def _are_apart(one: Readings, other: Readings) -> bool:
    """Whether no day can be meant by both dates; a year that was only inferred may be the other's."""
    if any(day.inferred for day in (*one, *other)):
        one = tuple(replace(mine, year=theirs.year) for mine in one for theirs in other)
    first, second = date_interval(one), date_interval(other)
    return first is not None and second is not None and (first.before(second) or second.before(first))


def _agree(one: Quantity, other: Quantity) -> bool:
    return any(a.says_no_more_than(b) or _within(a, b) or _rounds(a, b) for a, b in ((one, other), (other, one)))


def _within(bound: Quantity, number: Quantity) -> bool:
    """Whether "more than 40" goes with 43; "at least 87 dead" is not what an article with 213 says."""
    beyond = bound.bound * (number.amount - bound.amount)
    return 0 < beyond <= _MOST_BEYOND * abs(bound.amount)


def _rounds(rounded: Quantity, number: Quantity) -> bool:
    """Whether "4.5 million" may be 4.53 million, rounded to the last of its figures."""
    if rounded.unit == "th" or not rounded.amount:
        return False
    step = Fraction(1)
    while rounded.amount % (10 * step) == 0:
        step *= 10
    while rounded.amount % step and step > Fraction(1, 10_000):
        step /= 10
    off = abs(rounded.amount - number.amount)
    return off <= step / 2 and off <= _MOST_ROUNDED * abs(rounded.amount)
