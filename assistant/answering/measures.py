"""What a question asks to be told in: money, time, a share or a number of things; and figures that cannot be that."""

from __future__ import annotations

import re
from typing import Literal

from assistant.language.quantities import Quantity
from assistant.language.values import find_values

Measure = Literal["money", "time", "share", "count"]

_TIME = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)"
_MONEY = r"(?:dollars?|euros?|pounds?|rupees?|yen|crores?|money|cash)"
_PAYING = (
    r"(?:costs?|worth|pay|pays|paid|paying|spend|spent|spending|receive[ds]?|receiving|earn(?:ed|s)?|raise[ds]?|owe[ds]?|fined"
    r"|charge[ds]?|sell|sold|stolen|steal|invest(?:ed)?|donate[ds]?|borrow(?:ed)?)"
)
_ASKS_FOR: tuple[tuple[Measure, re.Pattern[str]], ...] = (
    ("time", re.compile(rf"\bhow (?:long|old|many (?:\w+ )?{_TIME})\b(?! ago\b)", re.IGNORECASE)),
    (
        "money",
        re.compile(
            rf"\bhow (?:much|many) {_MONEY}\b"
            rf"|\bhow much (?:does|do|did|will|would|has|have|had|is|was|were|are)\b[^?]*\b{_PAYING}\b",
            re.IGNORECASE,
        ),
    ),
    ("share", re.compile(r"\b(?:what|which) (?:percentage|share|proportion)\b|\bhow many per ?cent\b", re.IGNORECASE)),
    ("count", re.compile(r"\bhow many\b(?! times\b)", re.IGNORECASE)),
)
_UNCOUNTED = re.compile(
    r"\b(?:dozens|scores|hundreds|thousands|millions|billions|several|few|many|most|all|none|no|nobody|another|an?|single)\b",
    re.IGNORECASE,
)
_CANNOT_BE: dict[Measure, frozenset[Measure]] = {
    "time": frozenset({"money", "share"}),
    "money": frozenset({"time", "share"}),
    "share": frozenset({"money", "time"}),
    "count": frozenset({"money", "time"}),
}


def asked_for(question: str) -> Measure | None:
    """What the figure asked for measures, as far as the question tells; of several the one asked for first."""
    found = [(match.start(), measure) for measure, asks in _ASKS_FOR if (match := asks.search(question))]
    return min(found, key=lambda entry: entry[0])[1] if found else None


def cannot_answer(question: str, text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether that part of a text has figures, and none that could be what is asked for: "1.8 million pounds" is no number of
    people."""
    asked = asked_for(question)
    end = len(text) if end is None else end
    if asked is None or (asked == "count" and _UNCOUNTED.search(text, start, end)):
        return False
    values = [value for value in find_values(text) if value.start < end and value.end > start]
    figures = [value.meaning for value in values if isinstance(value.meaning, Quantity) and value.meaning.unit != "th"]
    return bool(figures) and all(_measure(figure) in _CANNOT_BE[asked] for figure in figures)


def _measure(figure: Quantity) -> Measure:
    if figure.days is not None:
        return "time"
    if figure.unit is None:
        return "count"
    return "share" if figure.unit == "%" else "money"
