"""Parts of a whole in words that no other numbers have: "one in eight", "half a percentage point", "down by a third"."""

from __future__ import annotations

import re
from fractions import Fraction

_AMONG = re.compile(r"(?P<plain>in|in every)|out of(?: every)?|of every")
_LARGEST_PLAIN = 20  # "one in 25" might be a street, "one in 2019" is a year
_POWERS_OF_TEN = frozenset(10**n for n in range(2, 8))
_OF_PLAY = re.compile(r" (?:\w+ )?(?:games|matches|tests|innings|starts|appearances|outings|meetings|elections)\b", re.IGNORECASE)
_OF_A_POINT = re.compile(r"(?: of)?(?: an?)?[ -](?:percentage[ -]point|per[ -]?cent)\b", re.IGNORECASE)
# A part stands by itself, without "of", where it measures a change or is compared: "fell by a third", "more than half".
BARE_PART = (
    r"(?P<bare>(?:(?:a|one)[- ])?(?P<bare_under>half|third|quarter|fifth|tenth))(?=[.,;:!?)]|$"
    r"| (?:in|since|on|from|to|over|this|last|compared|and|while|during|after|as|for|but|at|within|between)\b)"
)
_MEASURES = re.compile(
    r"\b(?:by|than|nearly|almost|about|around|roughly) "
    r"(?:(?:about|around|roughly|some|nearly|almost|over|more than|less than) )?$",
    re.IGNORECASE,
)


def is_measured(lead: str) -> bool:
    """Whether a part that follows these words is one of a whole."""
    return _MEASURES.search(lead) is not None


def end_of_point(text: str, end: int) -> int | None:
    """Where "of a percentage point" ends behind a part; None where it isn't there."""
    point = _OF_A_POINT.match(text, end)
    return point.end() if point else None


def part_of(count: Fraction, between: str, whole: Fraction, following: str) -> Fraction | None:
    """What "one in eight" is; None where two numbers with such words between them are no share: "five in six matches"."""
    among = _AMONG.fullmatch(between)
    if not among or count.denominator > 1 or whole.denominator > 1 or not 0 < count < whole:
        return None
    is_usual = whole in _POWERS_OF_TEN or whole <= (_LARGEST_PLAIN if count == 1 else 10)
    if among["plain"] and (not is_usual or _OF_PLAY.match(following)):
        return None
    return Fraction(count, whole)
