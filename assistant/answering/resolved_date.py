"""Dates understood as news dates: "on Monday" is a day of the calendar to whoever knows when the article was published."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from assistant.language.dates import CalendarDate, find_dates, to_lean_on
from assistant.language.intervals import Interval, date_interval
from assistant.language.values import find_values
from assistant.types import Answer, Article, Citation

_TO_COME = re.compile(r"\b(?:will|would|to be|due|next|plans?|planned|expected|scheduled)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d{2}\b")


def with_resolved_date(answer: Answer, article: Callable[[str], Article]) -> Answer:
    """The answer with the calendar's date after a short answer that leans on another: `Monday (29 August 2016)`.

    The words of the article stay as they are; the date is reckoned from the publication of the article that is quoted, and "of
    the same year" from what stands before the quote. `article` gives the article of an id.
    """
    short = answer.short_answer
    if not short or _YEAR.search(short):
        return answer
    citation = next((c for c in answer.citations if short in c.quote), None)
    if citation is None or citation.published is None:
        return answer
    start = citation.quote.index(short)
    for value in find_values(citation.quote, citation.published, _date_before(citation, article(citation.article_id))):
        if value.start >= start + len(short) or value.end <= start or not isinstance(value.meaning, tuple):
            continue
        when = _day(value.meaning, citation.published, citation.quote)
        if when is None:
            return answer
        written = str(when)
        added = written.removeprefix(short).strip() if written.startswith(short) else written
        return replace(answer, short_answer=f"{short} ({added})")
    return answer


def _date_before(citation: Citation, article: Article) -> CalendarDate | None:
    found = [to_lean_on(readings) for _, _, readings in find_dates(article.text[: citation.start], article.published)]
    return next((day for day in reversed(found) if day), None)


def _day(meaning: Sequence[CalendarDate], published: date, sentence: str) -> Interval | None:
    """What a date means. Of the readings of a bare weekday: the one before publication, or the one after it where the sentence
    speaks of what is to come."""
    days = [day for reading in meaning if (day := reading.exact()) is not None]
    if len(days) < 2:
        return date_interval(meaning)
    to_come = _TO_COME.search(sentence)
    fitting = [day for day in days if (day > published) == bool(to_come)] or days
    chosen = min(fitting) if to_come else max(fitting)
    return Interval(chosen, chosen)
