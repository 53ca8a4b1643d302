"""The values of a text: what can be right or wrong in a sentence without its wording being so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from assistant.language.dates import CalendarDate, find_dates
from assistant.language.names import Name, find_names
from assistant.language.quantities import Quantity, find_numbers

Kind = Literal["date", "number", "money", "name", "quotation"]

_QUOTATION = re.compile(r"[\"“”]([^\"“”]{3,}?)[\"“”]|(?<![\w])[‘']([^'’‘\n]{3,}?)[’'](?!\w)")


@dataclass(frozen=True, slots=True)
class Value:
    """A value and where it stands: `text[start:end]`.

    meaning: the readings of a date (several where its words allow several), a quantity, a name, or the words of a quotation.
    """

    kind: Kind
    start: int
    end: int
    meaning: tuple[CalendarDate, ...] | Quantity | Name | str


def find_values(text: str, published: date | None = None, before: CalendarDate | None = None) -> tuple[Value, ...]:
    """The values of a text, in order of their beginning. A number that is part of a date is no value of its own.

    Args:
        text: any text.
        published: the day from which "last Monday" is meant; None leaves such words open.
        before: the date named last before the text, from which "the following year" is meant.
    """
    dates = [Value("date", start, end, meaning) for start, end, meaning in find_dates(text, published, before)]
    taken = [(value.start, value.end) for value in dates]
    numbers = [
        Value("money" if quantity.unit not in (None, "%", "th") else "number", start, end, quantity)
        for start, end, quantity in find_numbers(text)
        if not _overlaps(start, end, taken)
    ]
    taken += [(value.start, value.end) for value in numbers]
    names = [Value("name", start, end, name) for start, end, name in find_names(_hidden(text, taken))]
    return tuple(sorted([*dates, *numbers, *names, *_quotations(text)], key=lambda value: (value.start, value.end)))


@lru_cache(maxsize=4096)
def ordinals(text: str) -> Mapping[str, Fraction]:
    """The ordinals of a text as it writes them, in lower case, with what they count to: "5th" and "fifth" are both 5. Days of
    dates are none."""
    taken = [(start, end) for start, end, _ in find_dates(text)]
    numbers = find_numbers(text)
    return {text[s:e].lower(): found.amount for s, e, found in numbers if found.unit == "th" and not _overlaps(s, e, taken)}


def says_no_more_than(claimed: Value, other: Value) -> bool:
    """Whether `other`, a date or quantity, makes `claimed` true; a name or a quotation is compared with a whole text instead."""
    one, two = claimed.meaning, other.meaning
    if isinstance(one, Quantity) and isinstance(two, Quantity):
        return one.says_no_more_than(two)
    if isinstance(one, tuple) and isinstance(two, tuple):
        return any(mine.says_no_more_than(theirs) for mine in one for theirs in two)
    return False


def holds_quotation(words: str, text: str) -> bool:
    """Whether the quoted words stand in the text one by one; quote marks, the case of the first letter and a final stop aside.

    Only whole words are found: "legal" doesn't stand in "illegal".
    """
    quoted = _levelled(words).rstrip(".,!?")
    first, rest = re.escape(quoted[:1]), re.escape(quoted[1:])
    before, after = (r"\b" if edge.isalnum() else "" for edge in (quoted[:1], quoted[-1:]))
    return re.search(f"{before}(?i:{first}){rest}{after}", _levelled(text)) is not None


def _quotations(text: str) -> Iterator[Value]:
    for match in _QUOTATION.finditer(text):
        group = 1 if match[1] is not None else 2
        yield Value("quotation", match.start(group), match.end(group), match[group])


def _levelled(text: str) -> str:
    return re.sub(r"[“”\"]", '"', re.sub(r"[‘’']", "'", " ".join(text.split())))


def _hidden(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with the spans' letters made digits, which begin no name."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = "0" * (end - start)
    return "".join(characters)


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)
