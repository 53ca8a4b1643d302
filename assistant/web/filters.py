"""What the reader chose to search in: dates and outlets, from the page to the engine and back into words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from assistant.errors import QuestionError
from assistant.types import SearchFilter
from assistant.web.wording import long_date

NEWEST_FIRST = "Newest first"

# Python takes whatever stands between the day and the time, a digit too many as well.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")


def search_filter(
    after: str | None, before: str | None, sources: Sequence[str] | None, newest_first: bool = False
) -> SearchFilter:
    """The filter that the fields of the page, or of the API, stand for; empty fields filter nothing.

    Raises:
        QuestionError: a date isn't written YYYY-MM-DD, the first day comes after the last, or a program sent a value of another
            type.
    """
    if not isinstance(newest_first, bool | None):
        raise QuestionError(f"'newest_first' is {newest_first!r}; give true or false.")
    chosen = SearchFilter(_day(after), _day(before), _outlets(sources), bool(newest_first))
    if chosen.published_after and chosen.published_before and chosen.published_after > chosen.published_before:
        raise QuestionError(f"The first day {after} comes after the last day {before}; swap them.")
    return chosen


def filter_in_words(chosen: SearchFilter) -> list[str]:
    """One phrase for each thing chosen, such as `from 1 January 2020`."""
    phrases = []
    if chosen.published_after:
        phrases.append(f"from {long_date(chosen.published_after)}")
    if chosen.published_before:
        phrases.append(f"to {long_date(chosen.published_before)}")
    phrases += chosen.sources
    return [*phrases, NEWEST_FIRST.lower()] if chosen.newest_first else phrases


def _day(value: object) -> date | None:
    text = value.strip() if isinstance(value, str) else value
    if text is None or text == "":
        return None
    with suppress(ValueError):
        if isinstance(text, str) and _DAY.fullmatch(text):
            return datetime.fromisoformat(text).date()
    raise QuestionError(f"{text!r} is not a day; write it as YYYY-MM-DD.")


def _outlets(value: object) -> tuple[str, ...]:
    names = [] if value is None or value == "" else value
    # A single name is a sequence too: of its letters.
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise QuestionError(f'The outlets are {value!r}; give a list of their names, such as ["ANI"].')
    return tuple(names)
