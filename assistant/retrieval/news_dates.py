"""News seldom writes its own date: "the two held a call on Thursday" answers a question about February 2025.

A reader that sees only the words finds no February there. So the question is put to a passage without the dates that the
passage bears out by its day of publication, or by a "last Monday" that counts from it. And a search that sees only the words
finds other Februaries: what was published at the time asked about comes sooner.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.ingestion.sentences import sentence_spans
from assistant.language.dates import WEEKDAY, CalendarDate, find_dates
from assistant.language.intervals import Interval, date_interval
from assistant.language.periods import find_periods
from assistant.language.years import YEAR

_WORD_BEFORE = re.compile(r"(?P<word>[A-Za-z]+) $")
_SAYS_WHEN = frozenset("in on of at during for from".split())
# "before 2018" asks for what the date is not.
_SAYS_ANOTHER = frozenset("before after since until till by between and or to than as not through".split())
_FEWEST_WORDS = 3
_SEASON = re.compile(rf"\b(?P<season>spring|summer|autumn|fall|winter)(?: of)? (?P<year>{YEAR})\b", re.IGNORECASE)
_MONTHS_OF = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "fall": (9, 10, 11), "winter": (1, 2, 12)}

_DAY_OF_THE_WEEK = re.compile(rf"{WEEKDAY}|yesterday|today|tomorrow", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n\s*\n")
_LEANS = re.compile(r"(?:He|She|They|His|Her|Their|The (?:latter|former)|(?:Mr|Mrs|Ms|Dr)\b)", re.IGNORECASE)
# "Who was minister in June 2017?" asks for whoever was it then; "who was killed in June 2017?" doesn't.
_ASKS_WHO = re.compile(
    r"(?:and |so )?(?:who|which|what (?:post|job|office|role))\b.*?"
    r"\b(?:is|was|were|ran|running|hold|held|holding|had|head(?:ed|ing)|led|leading|ser(?:ved|ving)"
    r"|in (?:charge|office|power))\b(?! \w+ed\b)",
    re.IGNORECASE,
)

Months = frozenset[tuple[int, int | None]]


def months_asked(question: str) -> Months:
    """The months that a question names, each with its year, and with None the years of which it names no month."""
    named = {(day.year, day.month) for _, _, days in find_dates(question) for day in days if day.year and not day.decade}
    seasons = {
        (int(found["year"]), month) for found in _SEASON.finditer(question) for month in _MONTHS_OF[found["season"].lower()]
    }
    narrowed = {year for year, month in named | seasons if month}
    return frozenset(named | seasons) - {(year, None) for year in narrowed}


def is_news_of(published: date, asked: Months) -> float:
    """How far an article may be news of the time asked about: 1 where it was published in one of the months, 0.5 in one of the
    years, else 0."""
    if (published.year, published.month) in asked:
        return 1.0
    return 0.5 if any(year == published.year for year, _ in asked) else 0.0


def times_of_office(question: str) -> list[Interval]:
    """The days, months or years at which a question asks who held an office, or what somebody was; none for other questions."""
    if not _ASKS_WHO.match(question):
        return []
    return [days for _, _, readings in find_dates(question) if len(readings) == 1 and (days := date_interval(readings))]


def without_dates(question: str) -> str:
    """The question without its dates and the words that lead to them, unless one says when it was not."""
    for start, end, dates in reversed(list(find_dates(question))):
        if any(day.year for day in dates):
            question = _without(question, start, end)
    return question


def told_of_then(text: str, published: date | None, times: Collection[Interval]) -> Iterator[tuple[int, int]]:
    """(start, end) of what tells who was in office at one of the times: the sentence with a span that has the time in it, and
    the one before it where it begins with a pronoun or a title."""
    sentences = sentence_spans(text)
    for _, end, days in find_periods(text, published):
        if any(days.covers(time) for time in times):
            at = next(number for number, sentence in enumerate(sentences) if end <= sentence[1])
            leans = (
                at > 0
                and _LEANS.match(text, sentences[at][0])
                and not _PARAGRAPH.search(text, sentences[at - 1][1], sentences[at][0])
            )
            yield sentences[at - 1 if leans else at][0], sentences[at][1]


def as_asked_of(question: str, text: str, published: date | None) -> str:
    """The question without the dates that the text doesn't write but bears out; as it is where there are none.

    Args:
        question: any question.
        text: the passage to be read.
        published: the day from which its "last Monday" counts; None leaves the question alone.
    """
    if published is None:
        return question
    asked = [(start, end, dates) for start, end, dates in find_dates(question) if any(day.year for day in dates)]
    borne_out = list(_dates_of(text, published)) if asked else []
    for start, end, dates in reversed(asked):
        if question[start:end].lower() not in text.lower() and any(d.says_no_more_than(o) for d in dates for o in borne_out):
            question = _without(question, start, end)
    return question


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited copy of a text, and where each character was.

    starts, ends: of character i, or of the end, the place in the text as it was; of what was added, the first character of what
        it stands behind and the one after that.
    """

    text: str
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def with_days_written_out(text: str, published: date | None) -> Edited | None:
    """The text with the calendar's days behind those of the week, `Tuesday (10 March 2026)`, for a reader that is asked when: "on
    Tuesday" tells it little. None where nothing is to be written out."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for start, end, readings in find_dates(text, published) if published else ():
        day = readings[0].exact()
        if day is None or not _DAY_OF_THE_WEEK.search(text[start:end]) or str(day.year) in text[start:end]:
            continue
        added = f" ({day.day} {day:%B %Y})"
        parts += [text[done:end], added]
        starts += [*range(done, end), *[start] * len(added)]
        ends += [*range(done, end), *[end] * len(added)]
        done = end
    if not parts:
        return None
    left = range(done, len(text) + 1)
    return Edited("".join([*parts, text[done:]]), np.array([*starts, *left]), np.array([*ends, *left]))


def parts_of(text: str, spans: Iterable[tuple[int, int]]) -> Edited:
    """The spans of the text alone, in their order, each once, a space between them."""
    parts: list[str] = []
    places: list[int] = []
    for start, end in sorted(set(spans)):
        parts.append(text[start:end])
        places += range(start, end + 1)  # the space stands for the character behind the span
    at = np.array(places, dtype=np.int64)
    return Edited(" ".join(parts), at, at)


def _dates_of(text: str, published: date) -> Iterator[CalendarDate]:
    yield CalendarDate(published.year, published.month, published.day)
    for _, _, readings in find_dates(text, published):
        yield from readings


def _without(question: str, start: int, end: int) -> str:
    """The question without a date and the word that leads to it; as it is where the date says when it was not."""
    before = _WORD_BEFORE.search(question[:start])
    word = before["word"].lower() if before else ""
    if word in _SAYS_ANOTHER:
        return question
    if before and word in _SAYS_WHEN:
        start = before.start()
    rest = re.sub(r"\s+([?,.])", r"\1", f"{question[:start].rstrip()} {question[end:].lstrip()}").strip(" ,")
    return rest if len(rest.split()) >= _FEWEST_WORDS else question
