"""What the reader chose to search in: dates and outlets, from the page to the engine and back into words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.errors import QuestionError
from assistant.types import SearchFilter
from assistant.web.wording import long_date

NEWEST_FIRST = "Newest first"


def search_filter(
    after: str | None, before: str | None, sources: Sequence[str] | None, newest_first: bool = False
) -> SearchFilter:
    """The filter that the fields of the page, or of the API, stand for; empty fields filter nothing.

    Raises:
        QuestionError: a date isn't written YYYY-MM-DD, or the first day comes after the last.
    """
    chosen = SearchFilter(_day(after), _day(before), tuple(sources or ()), bool(newest_first))
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


def _day(text: str | None) -> date | None:
    text = (text or "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise QuestionError(f"{text!r} is not a day; write it as YYYY-MM-DD.") from error
