"""The words that say that the articles don't answer."""

from __future__ import annotations

import re
from datetime import date

from assistant.language.terms import Term, focus_words
from assistant.types import Article, SearchFilter

# P-8I, Tier-1 and 2+2 are named whole, and a figure alone is no name.
_WHOLE = re.compile(r"\w+(?:[-+./]\w+)*")
_ONE_FIGURE = re.compile(r"\d")


def abstention_reason(missing: tuple[Term, ...], question: str, nearest: Article | None) -> str:
    """Why no answer is given, as a clause without a full stop."""
    if nearest is None:
        return "no article passes the filter"
    # Names, or the things that are counted; an article says most other words in its own way ("airliner" for "plane").
    names = [term.word for term in missing if term.is_name] or [t.word for t in missing if t.word in focus_words(question)]
    words = list(dict.fromkeys(_as_written(name, question) for name in names))
    if words := [f"“{word}”" for word in words if not _ONE_FIGURE.fullmatch(word)][:3]:
        return f"the nearest article doesn't mention {_join(words)}"
    return "no sentence answers it clearly enough"


def abstention_text(reason: str, nearest: Article | None, dates: tuple[date, date] | None, search_filter: SearchFilter) -> str:
    """What the reader is told: that the articles don't say, why, what they cover, and the nearest article."""
    hint = " Widen the dates or the outlets." if search_filter.narrows else ""
    if nearest is None:
        return f"The articles don't say: {reason}.{hint}"
    asked = "The articles that pass the filter" if search_filter.narrows else "The articles"
    parts = [f"{asked} don't say: {reason}."]
    if dates and not search_filter.narrows:
        first, last = dates
        span = f"of {long_date(first)}" if first == last else f"from {long_date(first)} to {long_date(last)}"
        parts.append(f"They are {span}.")
    published = f", {long_date(nearest.published)}" if nearest.published else ""
    parts.append(f"Nearest article: “{nearest.title}”{published}.")
    return " ".join(parts) + hint


def long_date(day: date) -> str:
    """`7 February 2025`."""
    return f"{day.day} {day:%B %Y}"


def _as_written(word: str, question: str) -> str:
    """The word as the question has it; what holds a figure, whole."""
    for whole in _WHOLE.findall(question):
        parts = re.split(r"\W", whole.lower())
        if re.search(r"\d", whole) and (word in parts or f"{word}s" in parts):
            return str(whole)
    at = question.lower().find(word)
    return question[at : at + len(word)] if at >= 0 else word


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
