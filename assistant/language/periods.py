"""Spans of time that a text tells of: "from January 2017 until the end of 2018", "appointed in 2014 and resigned in 2017"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from assistant.language.dates import find_dates
from assistant.language.intervals import Interval, date_interval
from assistant.language.number_words import SMALL

_PART = r"(?:(?:the )?(?:end|start|beginning|middle|close) of |early |late |mid-)?"
_TO = re.compile(rf"(?: until| till| to| through|,? and (?:\w+ ){{0,3}}until|\s?[-–—])\s?{_PART}", re.IGNORECASE)
_AND = re.compile(rf" and {_PART}", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween $", re.IGNORECASE)
_SINCE = re.compile(rf"\bsince (?:the )?{_PART}$", re.IGNORECASE)
_BEGAN = re.compile(
    r"\b(?:appointed|became|began|came|confirmed|elected|entered|joined|named|opened|started|succeeded|sworn in|took)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\b(?:ceased|closed|died|dismissed|ended|fired|left|ousted|quit|removed|replaced|resigned|retired|sacked|stepped down"
    r"|stood down|(?:stayed|remained|served)(?: \w+){0,3} until)\b",
    re.IGNORECASE,
)
_FOR_YEARS = re.compile(
    rf"\bfor (?:(?:more|less) than |over |nearly |about )?(?P<years>\d{{1,2}}|{'|'.join(SMALL)}) years,? (?:from|since) $",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"[.!?;]['\"”’)]*\s")
_LONGEST_LEAD = 80  # characters before a date in which the words stand that lead to it


def find_periods(text: str, published: date | None = None) -> Iterator[tuple[int, int, Interval]]:
    """(start, end, days) of each span in the text, with the days that are surely in it.

    Of "from 2006 to 2014" these are all from the end of 2006 to the start of 2014. "Since May 2019" lasts to the day of
    publication, if that is known; "for seven years, from 2006" so long.
    """
    certain = [entry for entry in find_dates(text, published) if len(entry[2]) == 1]
    dates = [(start, end, days) for start, end, readings in certain if (days := date_interval(readings))]
    sentences = [0, *(found.end() for found in _SENTENCE_ENDS.finditer(text))]
    for start, end, days in dates:
        lead = _lead(text, start)
        if published and days.last <= published and _SINCE.search(lead):
            yield start, end, Interval(days.last, published)
        elif lasted := _FOR_YEARS.search(lead):
            years = int(lasted["years"]) if lasted["years"].isdigit() else SMALL[lasted["years"].lower()]
            yield start, end, Interval(days.last, days.first.replace(year=days.first.year + years, day=1))
    for (start, end, days), (next_start, next_end, next_days) in pairwise(dates):
        if days.last < next_days.first and _is_one(text, start, end, next_start, sentences):
            yield start, next_end, Interval(days.last, next_days.first)


def _lead(text: str, start: int) -> str:
    return text[max(0, start - _LONGEST_LEAD) : start]


def _is_one(text: str, start: int, end: int, next_start: int, sentences: Sequence[int]) -> bool:
    """Whether two dates are the ends of one span; `sentences` holds where each sentence begins."""
    between = text[end:next_start]
    if _TO.fullmatch(between) or (_AND.fullmatch(between) and _BETWEEN.search(_lead(text, start))):
        return True
    if _SENTENCE_ENDS.search(between):
        return False
    before = text[sentences[bisect_right(sentences, start) - 1] : start]
    return bool(_BEGAN.search(before) and _ENDED.search(between))
