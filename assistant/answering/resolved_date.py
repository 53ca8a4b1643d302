"""Dates understood as news dates: "on Monday" is a day of the calendar to whoever knows when the article was published."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from assistant.answering.short_answer import expected_kind
from assistant.language.dates import CalendarDate, find_dates, to_lean_on
from assistant.language.intervals import Interval, date_interval
from assistant.language.values import find_values
from assistant.types import Answer, Article, Citation

# The word nearest before a date tells whether it is of what is to come: "said on Monday that it will", "will meet on Monday".
_TENSE = re.compile(
    r"\b(?:(?P<to_come>(?:will|would|to be|due(?! to\b)|plans? to|planned to|expected|scheduled|set to)"
    r"(?: (?:not|also|then|be|have|been|\w+ly))*(?: (?:\w{2,}ed|held|met|made|taken|begun))?)"
    r"|was|were|is|are|said|did|had|has|have|met|held|made|took|began|told|came|\w{2,}ed)\b",
    re.IGNORECASE,
)
_MOSTLY = 1.5  # so much longer than its date is a short answer at most that is a date
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d{2}\b")


def with_resolved_date(answer: Answer, article: Callable[[str], Article]) -> Answer:
    """The answer with the calendar's date behind that of a short answer that leans on another: `Monday (29 August 2016)`;
    where it is asked when, or the short answer is a date and little else.

    The words of the article stay as they are; the date is reckoned from the publication of the article that is quoted, and "of
    the same year" from what stands before the quote. `article` gives the article of an id.
    """
    short = answer.short_answer
    if not short or _YEAR.search(short):
        return answer
    whole = re.compile(rf"(?<!\w){re.escape(short)}(?!\w)")  # "15" isn't in "2015"
    citation = next((c for c in answer.citations if whole.search(c.quote)), None)
    found = whole.search(citation.quote) if citation else None
    if citation is None or found is None or citation.published is None:
        return answer
    start = found.start()
    for value in find_values(citation.quote, citation.published, _date_before(citation, article(citation.article_id))):
        if value.start >= start + len(short) or value.end <= start or not isinstance(value.meaning, tuple):
            continue
        when = _day(value.meaning, citation.published, _is_to_come(citation.quote, value.start, value.end))
        if when is None:
            return answer
        behind = min(value.end - start, len(short))
        before, rest = short[:behind], short[behind:]
        # "The habit ends today": where more than a date is told, a date in brackets would explain what wasn't asked.
        if expected_kind(answer.searched_for) != "date" and len(short) > _MOSTLY * (value.end - value.start):
            return answer
        written = str(when)
        added = written.removeprefix(before).strip() if written.startswith(before) else written
        return replace(answer, short_answer=f"{before} ({added}){rest}")
    return answer


def _date_before(citation: Citation, article: Article) -> CalendarDate | None:
    found = [to_lean_on(readings) for _, _, readings in find_dates(article.text[: citation.start], article.published)]
    return next((day for day in reversed(found) if day), None)


def _is_to_come(sentence: str, start: int, end: int) -> bool:
    """Whether the sentence speaks of a date in it as of one to come: so says the last word of tense before it, or where there is
    none, the first behind it."""
    before = list(_TENSE.finditer(sentence[:start]))
    nearest = before[-1] if before else _TENSE.search(sentence, end)
    return nearest is not None and nearest["to_come"] is not None


def _day(meaning: Sequence[CalendarDate], published: date, to_come: bool) -> Interval | None:
    """What a date means. Of the readings of a bare weekday: the one before publication, or the one after it where what is to come
    is spoken of. A month whose year follows from the publication is then of the next year, where it has passed."""
    if to_come and all(reading.inferred and reading.year for reading in meaning):
        meaning = [_not_before(reading, published) for reading in meaning]
    days = [day for reading in meaning if (day := reading.exact()) is not None]
    if len(days) < 2:
        return date_interval(meaning)
    fitting = [day for day in days if (day > published) == to_come] or days
    chosen = min(fitting) if to_come else max(fitting)
    return Interval(chosen, chosen)


def _not_before(reading: CalendarDate, published: date) -> CalendarDate:
    span = date_interval([reading])
    return replace(reading, year=(reading.year or 0) + 1) if span and span.last < published else reading
