"""Units of time behind a number: "17 days", "30-month", "two decades"."""

from __future__ import annotations

import re
from fractions import Fraction

_YEAR = Fraction(1461, 4)
_DAYS = {
    "second": Fraction(1, 86_400),
    "sec": Fraction(1, 86_400),
    "minute": Fraction(1, 1440),
    "min": Fraction(1, 1440),
    "hour": Fraction(1, 24),
    "hr": Fraction(1, 24),
    "day": Fraction(1),
    "week": Fraction(7),
    "fortnight": Fraction(14),
    "month": _YEAR / 12,
    "year": _YEAR,
    "decade": 10 * _YEAR,
}
# Of a single second only "a 10-second delay": "two second places" are none.
_UNIT = re.compile(
    rf"(?:[ -](?P<unit>{'|'.join(_DAYS)})s|[ -](?!se)(?P<one>{'|'.join(_DAYS)})|-(?P<second>second))\b", re.IGNORECASE
)
# Numbers that hold their unit already, and count it: "a fortnight" is two weeks, "two decades" are twenty years.
_HELD = re.compile(r"(?:(?P<weeks>fortnight)|decades?|century)$", re.IGNORECASE)


def days_of_one(text: str, start: int, end: int) -> Fraction | None:
    """How many days one of what the number `text[start:end]` counts takes; None where it counts no time."""
    if held := _HELD.search(text, start, end):
        return _DAYS["week"] if held["weeks"] else _YEAR
    unit = _UNIT.match(text, end)
    return _DAYS[(unit["unit"] or unit["one"] or unit["second"]).lower()] if unit else None
