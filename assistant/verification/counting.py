"""What a number counts, and whether two numbers count the same: 1,510 jobs are no 40 people, and 17 days no 14 million pounds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language.dates import CalendarDate
from assistant.language.lexicon import same_meaning
from assistant.language.quantities import Quantity
from assistant.language.values import Value
from assistant.verification.analysis import Analysis

_IN_BETWEEN = re.compile(r"[,.;:()–—“”\"]")
_OF_THAT_YEAR = re.compile(r" (?:of )?(?:that|the same) year\b")  # the year of another date, whichever that is
_NEXT_WORDS = 2


def counted(analysis: Analysis, value: Value) -> list[str]:
    """The stems of the words of meaning among the next two, up to a comma or the like: of "40 wounded people", "wound" and
    "person"."""
    following = [token for token in analysis.tokens if token.start >= value.end][:_NEXT_WORDS]
    near = [token for token in following if not _IN_BETWEEN.search(analysis.text[value.end : token.start])]
    return [token.stem for token in near if token.content]


def may_stand_for(claim: Analysis, claimed: Value, analysis: Analysis, found: Value, *, is_sentence: bool) -> bool:
    """Whether the value found says otherwise than the claimed one, and not of something else.

    Numbers must count the same, or one of them says nothing of what it counts and stands in the very sentence that the claim is
    compared with. Dates must differ in a part that both give.
    """
    one, other = claimed.meaning, found.meaning
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        if one.unit not in (None, "th") or (one.days and other.days):
            return not _is_beyond(one, other)
        return not _is_beyond(one, other) and _count_alike(counted(claim, claimed), counted(analysis, found), is_sentence)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return not is_of_that_year(analysis.text, found.end) and dates_differ(one, other)
    return True


def _is_beyond(bounded: Quantity, other: Quantity) -> bool:
    """Whether "more than 100" is true of it, however far beyond it lies."""
    same_unit = bounded.unit == other.unit and bounded.days == other.days
    return same_unit and bounded.bound * (other.amount - bounded.amount) > 0


def _count_alike(some: list[str], others: list[str], is_sentence: bool) -> bool:
    if some and others:
        return any(same_meaning(one, other) for one in some for other in others)
    return is_sentence or not (some or others)


def is_of_that_year(text: str, end: int) -> bool:
    """Whether the date that ends there is one "of the same year"."""
    return bool(_OF_THAT_YEAR.match(text, end))


def dates_differ(some: Sequence[CalendarDate], others: Sequence[CalendarDate]) -> bool:
    """Whether each of some days differs from each of others in a part that both give."""
    return all(_differ(one, other) for one in some for other in others)


def _differ(one: CalendarDate, other: CalendarDate) -> bool:
    parts = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return any(mine is not None and theirs is not None and mine != theirs for mine, theirs in parts)
